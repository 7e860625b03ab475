// A stream of events: its log, its snapshot, and what it comes to.
//
// The stream is the truth; the row in store.<Aggregate> is its fold, `version` included. Everything
// here but the row is durable; the row is rebuilt after a crash from the newest snapshot of the
// right revision and the tail behind it. Versions count from 1; version 0 is "no stream".
// Expected versions follow the rule of EventStoreDB's append (a number, no stream, any), with its
// idempotence by event id.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/hash.h"
#include "base/shared.h"
#include "base/value.h"
#include "program/program.h"

namespace sagalab::program {

struct StoredEvent {
    Hash128 id;  // leaves the delivery attempt out: the same append again has the same id
    OperationId event;
    std::uint32_t revision = 1;
    Nanos time = 0;
    Value data;

    friend bool operator==(const StoredEvent&, const StoredEvent&) = default;
};

struct Snapshot {
    std::int64_t version = 0;  // 0: there is none
    std::uint32_t revision = 1;
    Value state;  // `version` in it means nothing

    friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

struct Stream {
    Cow<std::vector<StoredEvent>> log;
    Snapshot snapshot;

    [[nodiscard]] std::span<const StoredEvent> events() const {
        return log ? std::span<const StoredEvent>(*log) : std::span<const StoredEvent>();
    }
    [[nodiscard]] std::int64_t version() const {
        return static_cast<std::int64_t>(events().size());
    }
    friend bool operator==(const Stream& a, const Stream& b) {
        return std::ranges::equal(a.events(), b.events()) && a.snapshot == b.snapshot;
    }
    [[nodiscard]] Hash128 hash128(Hash128 start = {}) const;
};

// The state after an event, or an error value. `position` is the event's version.
Value apply_event(const Program& program, const Aggregate& aggregate, const Value& key,
                  std::int64_t position, const StoredEvent& event, const Value& state);

// The fold of a stream: from the snapshot where its revision fits, else from the beginning; the
// row for the store, `version` included, or an error value. `replayed` counts the events applied.
Value fold_stream(const Program& program, const Aggregate& aggregate, const Value& key,
                  const Stream& stream, std::size_t* replayed = nullptr);

// How many of its events a snapshot stands for; 0 where there is none that fits.
std::size_t folded_by_snapshot(const Aggregate& aggregate, const Stream& stream);

// The stream as the scenario's `streams` and `snapshots` say.
Stream seeded_stream(const Aggregate& aggregate, const SeededStream& seeded);

// The event as its newest revision, upcast step by step; where one fails its data is an error.
StoredEvent upcast_event(const Program& program, const Aggregate& aggregate, StoredEvent event);

// Row and state: the row is the state and its version.
Value row_of(const Value& state, std::int64_t version);

}  // namespace sagalab::program
