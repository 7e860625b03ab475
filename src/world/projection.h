// A projection's own progress: how far it has read, and a rebuild beside it.
//
// What has come from the event log is kept as it came: the log, as far as this service knows it. A
// rebuild reads it from zero into rows of its own and takes their place when it is level.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/hash.h"
#include "base/keyed_map.h"
#include "base/shared.h"
#include "base/value.h"
#include "program/eval.h"

namespace sagalab::world {

// A rebuild under way: volatile; a crash begins it again from zero.
struct Rebuild {
    program::Rows rows;
    std::uint64_t position = 0;    // entries read
    std::vector<Value> set_aside;  // streams whose events are set aside, sorted
};

struct Projection {
    Cow<std::vector<Value>> log;           // entries as they came: {event, stream, version, ...}
    KeyedMap<std::int64_t, Value> logged;  // by stream: the newest version in the log
    KeyedMap<std::int64_t, Value> checkpoint;  // by stream: how far the live view is
    std::vector<Value> missed;  // entries that were set aside though later ones were not, sorted
    std::optional<Rebuild> rebuild;

    [[nodiscard]] Hash128 hash128(Hash128 start = {}) const;
    // Keeps the entry, once.
    void remember(const Value& entry);
};

// "o-1/3": the stream and the version of an entry.
Value entry_name(const Value& entry);

// What the entry makes of the rows, or an error. `row` is null where the row is deleted or where
// the event means nothing to the projection; then `key` is null too.
struct ProjectedRow {
    Value key;
    Value row;
    Value error;
};
ProjectedRow project(const program::Program& program, const program::Projection& projection,
                     const Value& entry, const program::Rows& rows);

}  // namespace sagalab::world
