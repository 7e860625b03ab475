// A handler that waits is data: where it stands, what it holds, what it waits for.
//
// Most handlers have one fiber. A saga that undoes its steps side by side has one for each undo.
// Every fiber has slots of its own, copied when it starts.
#pragma once

#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "base/ids.h"
#include "base/owned.h"
#include "base/shared.h"
#include "base/value.h"
#include "program/eval.h"
#include "world/message.h"
#include "world/stream.h"

namespace sagalab::world {

using Slots = std::vector<Value>;

// What a fiber waits for; each kind ends with one message or one timer.
enum class WaitKind : std::uint8_t {
    none,
    reply,     // a call is out; its timer is the timeout
    pause,     // a `wait` step
    retry,     // before the next attempt of a call
    step,      // before the next attempt of a saga's step
    undo,      // before the next attempt of an undo
    deadline,  // of a saga or a route; belongs to no fiber
    parallel,  // its branches; each of them ends it, no timer does
    event,     // an `await`; its timer is the timeout
    work,      // `takes`: before the first step
    stall,     // a fault holds it at a point
};

struct Fiber {
    InstructionId pc;
    Slots slots;
    Hash128 wait;  // zero: it does not wait
    WaitKind waits_for = WaitKind::none;
    std::uint32_t attempts = 0;    // of the call at pc, so far
    std::uint32_t generation = 0;  // of the breaker that let the call through; 0: none did
    std::uint32_t keys = 0;        // idempotency keys given out since the step or undo began
    Nanos begun = 0;               // of its first attempt
    Nanos since = 0;               // it waits
    std::uint32_t undo = Index<void>::absent;    // in SagaProgress::undos
    std::uint32_t parent = Index<void>::absent;  // of a branch: the fiber that waits for it
    std::uint32_t branch = 0;                    // in Parallel::branches
    std::uint32_t branches = 0;                  // of its own that still run
    Value result;                                // of its last call
    Nanos resume_at = never;                     // of a pause that a crash has cut
    bool ended = false;

    friend bool operator==(const Fiber&, const Fiber&) = default;
};

enum class SagaMode : std::uint8_t { forward, undoing, after_end };

// How many events each `append` has appended so far: part of their ids. Each counts by itself, so
// that an id does not depend on what was done beside it or before it.
class Appends {
public:
    std::uint32_t next(InstructionId append);
    void clear() { counts_.clear(); }
    [[nodiscard]] Hash128 hash128(Hash128 start) const;

    friend bool operator==(const Appends&, const Appends&) = default;

private:
    struct Count {
        InstructionId append;
        std::uint32_t events = 0;
        friend bool operator==(const Count&, const Count&) = default;
    };
    std::vector<Count> counts_;  // sorted
};

// So many attempts of a step or undo are in the log; the latest takes the place of one before it.
inline constexpr std::uint32_t attempts_kept = 16;

// A step that was begun, and what is left to do about it.
struct Undo {
    std::uint32_t step = 0;  // in Saga::steps
    trace::SagaNote note = trace::SagaNote::started;
    Slots slots;  // what its undo may read
    std::uint32_t attempts = 0;
    Nanos begun = 0;  // the first attempt to undo it
    Appends appends;  // since it, or its undo, began
    bool due = false;
    bool done = false;

    friend bool operator==(const Undo&, const Undo&) = default;
};

// Whom to tell how a saga ended.
struct Caller {
    Hash128 call;
    ServiceId service;
    OperationId operation;
    Correlation correlation;
    bool by_bus = false;
    friend bool operator==(const Caller&, const Caller&) = default;
};

inline Caller caller_of(const Message& call) {
    return {call.id, call.from, call.operation, call.correlation, call.by_bus};
}

// Parent of a branch whose outcome nobody waits for any more.
inline constexpr std::uint32_t unobserved = Index<void>::absent - 1;

// The saga log and what follows from it: durable.
struct SagaProgress {
    SagaId saga;
    Value key;
    std::uint32_t epoch = 1;
    SagaMode mode = SagaMode::forward;
    std::vector<Undo> undos;                      // every step begun, in order
    std::uint32_t current = Index<void>::absent;  // the undos entry of the step that runs
    InstructionId step_begin;                     // where that step begins
    InstructionId caught;           // of its `onError`, once its error is in the log; or absent
    std::uint32_t keys_caught = 0;  // idempotency keys given out until then
    Appends appends_caught;         // and events appended
    std::uint32_t step_attempts = 0;
    bool pivot_passed = false;
    bool deadline_passed = false;  // while the pivot was under way: it is known first
    Slots frame;                   // as the last forward step left it, for what runs at the end
    Outcome outcome = Outcome::succeeded;  // of the first error
    Value code;
    std::vector<Caller> callers;
    Hash128 deadline;  // the wait, zero if there is none
    Nanos deadline_due = never;
    bool suspended = false;                           // its replica is down
    std::uint32_t parked_step = Index<void>::absent;  // of undos: the step that ended it

    friend bool operator==(const SagaProgress&, const SagaProgress&) = default;
};

// A message that leaves, and the step that sent it.
struct Send {
    Message message;
    InstructionId instruction;
    std::uint32_t records = 0;  // how many records of the reaction stand before it

    friend bool operator==(const Send&, const Send&) = default;
};

// What is written but not committed.
struct HeldRow {
    TableId table;
    Value key;
    Value before;  // null: no row
    Value after;
    InstructionId instruction;  // the step that wrote it
    friend bool operator==(const HeldRow&, const HeldRow&) = default;
};

struct HeldStream {
    std::uint32_t aggregate = 0;  // its number inside the service
    Value key;
    Stream before;
    std::int64_t version = 0;  // of a stream that was put aside: where it was changed
    friend bool operator==(const HeldStream&, const HeldStream&) = default;
};

struct Held {
    std::vector<HeldRow> rows;
    std::vector<HeldStream> streams;  // `before` is what they become
    std::vector<Send> sends;
    friend bool operator==(const Held&, const Held&) = default;
};

// A handler that ends passes these, one after the other.
enum class EndStage : std::uint8_t { begin, commit, send, mark, acknowledge, answer };

struct Ending {
    Outcome outcome = Outcome::succeeded;
    Value code;
    Value body;
    EndStage stage = EndStage::begin;  // the next one
    friend bool operator==(const Ending&, const Ending&) = default;
};

// A handler between its first step and its end.
struct Running {
    Hash128 id;  // of the delivery that began it
    HandlerId handler;
    Message message;                           // without payload, which stands in slot 0
    std::uint32_t link = Index<void>::absent;  // where to acknowledge; absent: nothing to
    bool lasting = false;                      // it has had an effect that stays
    bool answered = false;                   // it has ended; branches that nobody waits for run on
    std::uint32_t replica = 0;               // which runs it, from 0
    Appends appends;                         // outside of a saga's steps
    std::vector<program::StreamRead> reads;  // of handlers that append at what they read
    std::vector<Value> partial;              // names of branches that a route has lost
    Hash128 deadline;                        // of a route: the wait, zero if there is none
    Value forced;                            // a rejection injected after the effects; null: none
    Hash128 known_as;                        // in the inbox; zero: nothing remembers it
    std::vector<Fiber> fibers;
    Owned<SagaProgress> saga;
    Owned<Ending> ending;  // its steps are done
    Owned<Held> held;      // by a stall, with something uncommitted

    friend bool operator==(const Running&, const Running&) = default;
    [[nodiscard]] Hash128 hash128(Hash128 start = {}) const;
};

// Which handler, and which of its fibers, a reply or a timer goes to.
struct Wait {
    Hash128 handler;
    std::uint32_t fiber = 0;
    Nanos due = never;

    friend bool operator==(const Wait&, const Wait&) = default;
    [[nodiscard]] Hash128 hash128(Hash128 start = {}) const {
        return start.with(handler).with(std::uint64_t{fiber}).with(std::uint64_t(due));
    }
};

// How a saga ended, for those who ask again.
struct SagaEnd {
    Outcome outcome = Outcome::succeeded;
    Value code;
    Value body;

    friend bool operator==(const SagaEnd&, const SagaEnd&) = default;
    [[nodiscard]] Hash128 hash128(Hash128 start = {}) const {
        return body.hash128(code.hash128(start.with(std::uint64_t(outcome))));
    }
};

}  // namespace sagalab::world
