// The workload after loading: who does what, when, and how often. Times are virtual nanoseconds.
#pragma once

#include <cstdint>
#include <string>

#include "base/ids.h"
#include "base/time.h"

namespace sagalab::program {

// One item. Its client is a service of its own kind; each firing runs `handler` there once.
struct WorkItem {
    std::string name;  // `as`, else what it sends; unique: "CreateOrder", "CreateOrder#2", "r1"
    ServiceId client;
    HandlerId handler;
    Nanos at = 0;
    Nanos every = 0;
    std::uint64_t times = 1;                           // firings in all
    std::uint64_t per_second_millionths = 0;           // Poisson arrivals instead of `every`
    std::uint32_t counter_slot = Index<void>::absent;  // `i`
    SourceId source;
};

}  // namespace sagalab::program
