// The trace: one sequence of small records, in canonical order, that every output is a view of.
//
// A record says what happened, when (virtual time), where (a service) and because of what: `cause`
// is the id of the message or timer whose handling it belongs to, `message` the message that it
// is about. The trace carries only what the world did; verdicts stand beside it.
#pragma once

#include <cstdint>

#include "base/hash.h"
#include "base/ids.h"
#include "base/time.h"
#include "base/value.h"
#include "program/code.h"

namespace sagalab::trace {

enum class MessageKind : std::uint8_t { event, send, call, reply };

enum class RecordKind : std::uint8_t {
    sent,          // a message leaves `service` for `peer`; `time` is when it will be there
    unheard,       // an event that nobody subscribes to; `peer` is absent
    delivered,     // a message is taken up by `service`, from `peer`
    ended,         // the handler ends: `outcome`, `code`; for a reply's sake `value` is its body
    returned,      // the reply to a call of `service` is taken up: `outcome`, `code`, `value`
    late,          // a reply that nobody waits for any more
    timed_out,     // a call of `service` to `operation` at `peer` waited long enough: now unknown
    resumed,       // a `wait` is over
    retrying,      // the call will be tried again at `time`; `attempt` was the last one
    row_changed,   // `table`, `key`: `before` and `value` (null: no row)
    rolled_back,   // what the handler wrote is undone; row_changed records follow
    logged,        // a `log` step: `value` is its text
    saga_logged,   // a record of a saga's log: `key` the instance, `step`, `note` which record
    saga_state,    // the instance `key` is now in the state named by `note`
    fault,         // `fault` struck `message`
    redelivering,  // the delivery failed and is tried again at `time`
    dead_letter,   // the bus gives up on the message; `code` says why
    assertion,     // a false `assert`: `value` is its message
    appended,      // an event to the stream `key` of `table`: `value`, at `version`
    projected,     // a projection (`table`) has read the entry `key`; `value` says of which type
    rebuilding,    // a projection is read again from zero
    rebuilt,       // it is level: its rows take the place of the live view
    scheduled,     // a message is kept and leaves at `time`
    chosen,        // an open choice: `value`
    passed,        // a point: `step` is its place in Program::points
    deduplicated,  // the inbox knows the message: it is not handled again
    breaker,      // the circuit breaker `value` (its policy) is now `code`: open, half-open, closed
    fenced,       // what an older epoch of a saga wants is refused
    paused,       // the replica `attempt` stands still until `time`
    moves_again,  // the replica `attempt` stands still no more
    cut,          // nothing passes between `service` and `peer`
    healed,       // it does again
    lost,         // the message does not arrive: a drop, or a partition
    crashed,      // the replica `attempt` is down until `time` (`never`: for good)
    restarted,    // the replica `attempt` is up again
    replied,      // the client's item `key` has its answer: `outcome`, `code`, `value`; `time` is
                  // when the call began
};

enum class SagaNote : std::uint8_t {
    none,
    started,
    succeeded,
    rejected,
    failed,
    unknown,
    undo_started,
    undo_finished,
    undo_failed,
    running,
    compensating,
    completed,
    compensated,
    parked,
    deadline,
    resumed  // by another run of the orchestrator: `attempt` is its epoch
};
const char* saga_note_name(SagaNote note);  // "undo started", "compensated", ...

struct Record {
    RecordKind kind = RecordKind::sent;
    MessageKind message_kind = MessageKind::event;
    program::Outcome outcome = program::Outcome::succeeded;
    SagaNote note = SagaNote::none;
    std::uint32_t attempt = 1;
    std::int64_t version = 0;  // of a stream
    Nanos at = 0;
    Nanos time = 0;
    ServiceId service;
    ServiceId peer;
    OperationId operation;
    TableId table;
    SagaId saga;
    std::uint32_t step = Index<void>::absent;  // in Saga::steps
    FaultId fault;
    bool more = false;          // row_changed: the next one is of the same commit
    InstructionId instruction;  // the step that did it
    Hash128 message;
    Hash128 cause;
    Value correlation;
    Value key;
    Value before;
    Value value;  // payload, row, text
    Value code;
};

// Takes the records of a run, one by one, in order. Called by one thread at a time.
class Sink {
public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    virtual ~Sink() = default;
    virtual void take(const Record& record) = 0;
};

}  // namespace sagalab::trace
