// A read model's rows: what an entry of an event log makes of them.
#pragma once

#include "program/eval.h"
#include "program/stream.h"

namespace sagalab::program {

// An event as projections read it: {event (its type), stream, version, revision, time, data}.
Value log_entry(const Program& program, const Value& key, std::int64_t version,
                const StoredEvent& event);

// What the entry makes of the rows, or an error. `row` is null where the row is deleted or where
// the event means nothing to the projection; then `key` is null too.
struct ProjectedRow {
    Value key;
    Value row;
    Value error;
};
ProjectedRow project(const Program& program, const Projection& projection, const Value& entry,
                     const Rows& rows);

// Writes it to rows that nobody else looks at.
void apply_projected(ProjectedRow&& made, Rows& rows);

}  // namespace sagalab::program
