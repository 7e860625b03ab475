// Chance: every draw is a hash of (seed, purpose, name of what it is for).
//
// No stream of numbers is kept, so a draw depends neither on how threads interleave nor on what
// else was drawn. This is the only source of chance; results are integers and ratios, never
// floating point.
#pragma once

#include <cstdint>

#include "base/hash.h"

namespace sagalab {

// What a draw is for; draws for different purposes never correlate.
enum class Purpose : std::uint8_t { latency, jitter, fault, choice, arrival, takes, schedule };

// 64 uniform bits for `purpose` of the thing that `name` identifies.
constexpr std::uint64_t draw(std::uint64_t seed, Purpose purpose, const Hash128& name) {
    return name.with(mix64(seed + 0x5851f42d4c957f2dULL)).with(std::uint64_t(purpose) + 1).high;
}

// `bits` brought to 0 .. bound - 1 (bound at least 1), by multiplication (Lemire, TOMACS 2019).
constexpr std::uint64_t scale(std::uint64_t bits, std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<UnsignedWide>(bits) * bound) >> 64U);
}

}  // namespace sagalab
