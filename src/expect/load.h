// The calls of repeated workload in figures: what `load.pay` shows.
//
// A call counts when its client has its answer, or has given up: `count`, and `succeeded`,
// `rejected`, `failed`, `unknown` by outcome. `p50`, `p95`, `p99` and `max` are durations, from
// the first attempt to the end, whatever the outcome: the percentile p of n calls is the one of
// rank ceil(p / 100 * n) by length (nearest rank); null where there was no call. `perSecond` is
// count over the virtual time from the first send to the last end, in calls per second, rounded
// down; what is all one instant counts as a nanosecond, and no calls are 0.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "base/value.h"
#include "program/code.h"

namespace sagalab::expect {

class Load {
public:
    void ended(Nanos begun, Nanos at, program::Outcome outcome);
    // {count, succeeded, ..., perSecond}
    [[nodiscard]] Value figures() const;

private:
    std::vector<Nanos> lengths_;
    std::array<std::int64_t, 4> outcomes_{};
    Nanos first_ = never;
    Nanos last_ = 0;
};

}  // namespace sagalab::expect
