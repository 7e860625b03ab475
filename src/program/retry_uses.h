// Who tries again, by which policy, and how long one try may last: found in the code of handlers.
#pragma once

#include <cstdint>
#include <vector>

#include "program/program.h"

namespace sagalab::program {

// An instruction that sends something, and where in its handler it stands.
struct SendSite {
    HandlerId handler;
    InstructionId instruction;
    std::uint32_t step = Index<void>::absent;  // of a saga: the step that it belongs to
    bool undo = false;                         // in what undoes that step
};

// Every call, send and publish, in the order of the code.
std::vector<SendSite> send_sites(const Program& program);

struct RetryUse {
    enum class Kind : std::uint8_t {
        call,  // one call
        undo,  // what undoes a step of a saga
        step   // a step of a saga that must succeed, or a pivot whose outcome is unknown
    };
    Kind kind = Kind::call;
    PolicyId retry;         // in Program::retries
    HandlerId handler;      // who tries
    Nanos timeout = 0;      // of one try at the most; `never` where nothing bounds it
    OperationId operation;  // of a call; absent for a request to a gateway
    std::uint32_t step = Index<void>::absent;  // of the saga
    SourceId source;
};

// Calls in the order of the code, then undos and steps by saga.
std::vector<RetryUse> retry_uses(const Program& program);

}  // namespace sagalab::program
