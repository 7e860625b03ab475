// Handlers after loading: a flat list of instructions, one table for the whole program.
//
// A handler starts at its entry and runs until an ending. Slot 0 of its frame holds `msg`; every
// other name that `as`, `let`, `for` or `onError` binds has a slot of its own. An instruction names
// what it works on by number; its texts are expressions.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "base/value.h"

namespace sagalab::program {

// The four outcomes of a call, one word each everywhere.
enum class Outcome : std::uint8_t { succeeded, rejected, failed, unknown };
const char* outcome_name(Outcome outcome);

enum class Op : std::uint8_t {
    insert,       // table, key, data (the row)                     AlreadyExists
    update,       // table, key, data (what to set), slot (`row`, if it is read)   NotFound
    upsert,       // table, key, data, slot (`row`, if it is read)
    erase,        // table, key
    publish,      // operation, data, time (after)
    send,         // operation, data, time (after)
    call,         // call, data, slot (`as`)
    append,       // call (in Program::appends), key (the stream)     WrongExpectedVersion
    reply,        // data (may be missing), key (status, of a route)
    reject,       // key (the code), data
    fail,         // key (the code)
    stop,         // key (why)
    jump,         // target
    jump_unless,  // key (the condition), target
    for_begin,    // key (the list), slot (the variable); slots slot+1, slot+2: list and position;
                  // target when done
    for_next,     // the same slots, target of the body
    let,          // key (the value), slot
    wait,         // time
    log,          // key (the text)
    assert_that,  // key (the condition), data (the message)
    choose,       // data (a list), slot
    parallel,     // call (in Program::parallels)
    await_event,  // operation, key (the condition), time (the timeout), slot (`as`); while the
                  // condition is looked at, slot+1 holds `event`
    step_begin,   // step of the saga that this handler is: logs "started"
    step_end,     // step of the saga: logs its outcome
    note_reply,   // slot (a settled call), key (the name: the workload's `as`), call (in
                  // Program::loads; absent: no `load` counts it)
    operate,      // call (in Program::operators), data: an operator's command is sent
    count_next,   // slot (a counter), time (its bound), target: one more, and again
    end,          // of a handler, a branch, an undo
};

struct Instruction {
    Op op = Op::end;
    std::uint32_t slot = Index<void>::absent;  // where the result goes, or the loop's variable
    TableId table;
    OperationId operation;
    std::uint32_t call = Index<void>::absent;  // position in Program::calls, appends, ...
    std::uint32_t step = Index<void>::absent;  // position in Saga::steps
    ExpressionId key;
    ExpressionId data;
    Nanos time = 0;
    InstructionId target;
    CatchId on_error;
    std::uint64_t identity = 0;  // structural: of its handler's name and its place there
    std::uint16_t ordinal = 1;   // #2 is the second step of this verb and name in its handler
    SourceId source;
};

// What a call says beside whom it calls. Times in nanoseconds.
struct Call {
    OperationId operation;
    Nanos timeout = second;
    PolicyId retry;                // in Program::retries
    PolicyId breaker;              // in Program::breakers
    ExpressionId idempotency_key;  // absent: none, or the saga's own
    ExpressionId fallback;
    bool via_bus = false;
    bool settled = false;  // bind {outcome, code, body} instead of the body, never an error
    std::uint32_t gateway = Index<void>::absent;  // a request to it: no operation before it runs
    ExpressionId request;                         // "GET /orders/o-1"
    ExpressionId token;                           // absent: none
};

enum class ParallelMode : std::uint8_t { all, any, settle };

struct Branch {
    Value name;
    InstructionId entry;
    std::uint32_t slot = 0;  // where its value goes, whatever the step binds
};

// Branches side by side, by name. Each runs on a copy of the frame.
struct Parallel {
    ParallelMode mode = ParallelMode::all;
    std::vector<Branch> branches;
};

// One arm of `onError`: the first that fits decides. Most specific first.
struct CatchArm {
    enum class Match : std::uint8_t { code, outcome, any };
    Match match = Match::any;
    Value code;
    Outcome outcome = Outcome::failed;
    InstructionId target;
};

struct Catch {
    std::vector<CatchArm> arms;
    std::uint32_t error_slot = Index<void>::absent;  // bound to {outcome, code, message}
};

// Attempts, and the pauses between them. `on` says what is tried again: empty means unknown and
// failed.
struct Retry {
    std::string name;
    std::uint32_t max_attempts = 3;  // all tries; 0 is "forever"
    Nanos delay = 50 * millisecond;
    std::int64_t backoff_millionths = 2'000'000;
    Nanos max_delay = minute;
    bool jitter = false;
    Nanos max_elapsed = never;
    struct On {
        Outcome outcome;
        Value code;  // null: every code
    };
    std::vector<On> on;
    bool unasked = false;  // the language's own, where a scenario says nothing
};

struct Breaker {
    std::string name;
    std::uint32_t failures = 5;
    Nanos within = never;
    Nanos open = second;
    std::uint32_t probes = 1;
};

}  // namespace sagalab::program
