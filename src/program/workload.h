// The workload after loading: who does what, when, and how often. Times are virtual nanoseconds.
#pragma once

#include <cstdint>
#include <string>

#include "base/ids.h"
#include "base/time.h"

namespace sagalab::program {

// One item. Its client is a service of its own kind, or the service whose job it is; each firing
// runs `handler` there once.
struct WorkItem {
    std::string name;  // `as`, else what it sends; unique: "CreateOrder", "CreateOrder#2", "r1"
    ServiceId client;
    bool job = false;
    HandlerId handler;
    Nanos at = 0;
    Nanos every = 0;
    Nanos until = never;                               // none fires then or later
    std::uint64_t times = 1;                           // firings in all, at most
    std::uint64_t per_second_millionths = 0;           // Poisson arrivals instead of `every`
    std::uint32_t counter_slot = Index<void>::absent;  // `i`; of sequential clients `client`
    SourceId source;
};

// What an operator asks for.
struct Operator {
    enum class Verb : std::uint8_t { resume, compensate, rebuild, redrive };
    Verb verb = Verb::redrive;
    OperationId operation;  // the command
    SagaId saga;
    std::uint32_t projection = Index<void>::absent;  // in Program::projections
    OperationId type;                                // redrive: absent: of every type
};

}  // namespace sagalab::program
