// Event sourcing and CQRS after loading: aggregates, how old events are read, and projections.
//
// Expressions of an aggregate are evaluated with slots of their own: 0 is `event`, 1 is `state`.
// Those of a projection: 0 is `event`, 1 is `row`. `meta` says stream, version, revision, type,
// time.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "base/value.h"
#include "program/messaging.h"

namespace sagalab::program {

// What an event merges into the state.
struct Apply {
    OperationId event;
    ExpressionId set;
    std::uint32_t revision = 1;  // the newest of its schema: what `append` writes
};

// How an event of an older revision is read: renamed, then removed, then set.
struct Upcast {
    OperationId event;
    std::uint32_t from = 1;
    std::uint32_t to = 2;
    std::vector<std::pair<Value, Value>> rename;  // old name, new name
    std::vector<Value> remove;
    ExpressionId set;  // absent: nothing
};

struct SeededEvent {
    OperationId event;
    std::uint32_t revision = 1;
    Value data;
};

struct SeededStream {
    Value key;
    std::vector<SeededEvent> events;
};

// A snapshot that is there at the start; one of another revision than the aggregate's is not used.
struct SeededSnapshot {
    Value key;
    std::int64_t version = 0;
    std::uint32_t revision = 1;
    Value state;
};

struct Aggregate {
    TableId table;            // store.<name>: the fold of each stream, `version` included
    std::uint32_t local = 0;  // its number inside the service
    Value initial;            // a map: the state at version 0, `version` included
    std::vector<Apply> apply;
    std::uint32_t snapshot_every = 0;  // 0: never
    std::uint32_t snapshot_revision = 1;
    std::vector<Upcast> upcasts;
    std::vector<SeededStream> streams;       // by key
    std::vector<SeededSnapshot> snapshots;   // by key
    std::vector<std::uint32_t> projections;  // those that are fed from it, in Program::projections

    [[nodiscard]] const Apply* find(OperationId event) const {
        for (const Apply& row : apply) {
            if (row.event == event) return &row;
        }
        return nullptr;
    }
};

// One event of an `append`.
struct AppendedEvent {
    OperationId event;
    ExpressionId data;
};

// An `append` step: all of it or nothing.
struct Append {
    std::uint32_t aggregate = 0;  // in Program::aggregates
    std::vector<AppendedEvent> events;
    ExpressionId expected;  // a number, "none" or "any"; absent: the version last read, or any
};

enum class Checkpoint : std::uint8_t { atomic, after, before };

struct Projected {
    OperationId event;
    ExpressionId set;  // absent: the row is deleted
    bool reads_row = false;
};

// A read model. Entries of the log come as messages of the operation `feed`, in order, `lag` after
// they were appended; `feed`'s topic says how often one is tried and what is set aside.
struct Projection {
    TableId table;
    std::uint32_t local = 0;  // its number inside the service
    TableId source;           // the aggregate
    OperationId feed;
    ExpressionId key;  // over `event` and `meta`
    std::vector<Projected> on;
    Checkpoint checkpoint = Checkpoint::atomic;
    Nanos lag = millisecond;
    DeadLetterMode dead_letter = DeadLetterMode::message;

    [[nodiscard]] const Projected* find(OperationId event) const {
        for (const Projected& row : on) {
            if (row.event == event) return &row;
        }
        return nullptr;
    }
};

}  // namespace sagalab::program
