// Times that are drawn: how long a message is on its way, how long a handler takes, when the next
// client comes.
//
// Every draw is made of the seed and of the name of what it is for, on integers (base/fixed.h), and
// rounded down to whole nanoseconds. What is drawn without an upper bound is capped at `drawn_max`.
#pragma once

#include "base/hash.h"
#include "base/time.h"
#include "program/messaging.h"

namespace sagalab::world {

inline constexpr Nanos drawn_max = 1000 * hour;

// constant: that time; uniform: both bounds included; exponential: with this mean; lognormal: with
// this median and this 99th percentile, which must not be the smaller one.
Nanos draw_latency(const program::Latency& latency, std::uint64_t seed, const Hash128& name);

// What half of all draws are below.
Nanos median_of(const program::Latency& latency);

// The gap before the next of Poisson arrivals: exponential, so many a second in millionths, at
// least 1.
Nanos draw_interarrival(std::uint64_t per_second_millionths, std::uint64_t seed,
                        const Hash128& name);

}  // namespace sagalab::world
