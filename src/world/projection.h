// A projection's own progress: how far it has read, and a rebuild beside it.
//
// What has come from the event log is kept: entries {event, stream, version, ...} in the order in
// which they were read. A rebuild reads it from zero into rows of its own and takes their
// place, and the place of their progress, when it is level.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/hash.h"
#include "base/keyed_map.h"
#include "base/shared.h"
#include "base/time.h"
#include "base/value.h"
#include "program/read_model.h"

namespace sagalab::world {

// Which entries are in the rows.
struct Progress {
    KeyedMap<std::int64_t, Value> checkpoint;  // by stream: the newest version read or passed over
    std::vector<Value> missed;                 // those passed over, by name, sorted

    [[nodiscard]] bool is_due(const Value& entry) const;
    [[nodiscard]] bool is_next(const Value& entry) const;  // of its stream
    void mark(const Value& entry);                         // it is in the rows
    void pass(const Value& entry);                         // it is not, though later ones may be
    [[nodiscard]] Hash128 hash128(Hash128 start = {}) const;
};

// A rebuild under way: volatile; a crash begins it again from zero.
struct Rebuild {
    program::Rows rows;
    Progress progress;
    std::uint64_t position = 0;  // entries read
    Nanos due = 0;               // its next step; timers for other times are not its own
};

struct Projection {
    Cow<std::vector<Value>> log;           // entries, where it may be rebuilt
    KeyedMap<std::int64_t, Value> logged;  // by stream: the newest version in the log
    Progress progress;                     // of the live view
    std::optional<Rebuild> rebuild;
    Hash128 order;            // of the log
    bool replayable = false;  // somebody will rebuild it: nobody else needs the log

    [[nodiscard]] Hash128 hash128(Hash128 start = {}) const;
    // Keeps the entry, once; false where it is there already.
    bool remember(const Value& entry);
    // An entry that was set aside has been read after all: it is the last one.
    void read_late(const Value& entry);
};

// "o-1/3": the stream and the version of an entry.
Value entry_name(const Value& entry);

}  // namespace sagalab::world
