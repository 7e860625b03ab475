// Retries within retries: how often a handler may run for one message from outside, and which
// timeouts end before the retries behind them do.
#pragma once

#include <cstdint>
#include <vector>

#include "program/retry_uses.h"

namespace sagalab::program {

// Something that may be done more than once.
struct Repeat {
    enum class Kind : std::uint8_t {
        deliveries,  // of `operation` to the handler `handler` by the bus
        tries,       // of `operation` by `handler`
        undos,       // of `step` of the saga of `handler`
        steps        // of a step that must succeed
    };
    Kind kind = Kind::tries;
    std::uint64_t count = 1;  // at the most; 0: there is no bound
    HandlerId handler;
    OperationId operation;
    std::uint32_t step = Index<void>::absent;
};

// The way to a handler on which it is repeated most.
struct Nesting {
    HandlerId handler;
    std::vector<Repeat> repeats;  // the outermost first; at least two
    std::uint64_t product = 1;    // 0: there is no bound
};

// Of every handler that retries within retries reach. A saga begins anew: of the same id there is
// one instance, however often it is started.
std::vector<Nesting> nested_retries(const Program& program);

// A caller that may have gone while its callee still tries.
struct ShortTimeout {
    HandlerId caller;       // absent: the timeout is that of the route itself
    OperationId operation;  // what is called
    Nanos timeout = 0;
    RetryUse within;     // what is tried there
    Nanos most_end = 0;  // when its last try ends at the latest; `never`: there is no last one
    SourceId source;     // of the call
};

// Policies that nobody asked for are passed over.
std::vector<ShortTimeout> short_timeouts(const Program& program);

}  // namespace sagalab::program
