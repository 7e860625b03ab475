#include "world/latency.h"

#include <algorithm>

#include "base/fixed.h"
#include "base/random.h"

namespace sagalab::world {
namespace {

using program::Latency;

constexpr Fixed z_99 = 2557846537760;  // the 99th percentile of the standard normal distribution
constexpr Fixed log_2_64 = 48775896626304;  // of 2^64

Nanos times(Nanos length, Fixed factor) {
    Wide product = Wide{length} * factor / fixed_one;
    return static_cast<Nanos>(std::clamp<Wide>(product, 0, drawn_max));
}

// -ln of a probability between 0 and 1.
Fixed exponential(std::uint64_t bits) {
    return log_2_64 - fixed_log(std::max<std::uint64_t>(bits, 1));
}

// The natural logarithm of high / low, both at least 1.
Fixed log_ratio(Nanos high, Nanos low) {
    return fixed_log(static_cast<std::uint64_t>(std::max<Nanos>(high, 1))) -
           fixed_log(static_cast<std::uint64_t>(std::max<Nanos>(low, 1)));
}

}  // namespace

Nanos draw_latency(const Latency& latency, std::uint64_t seed, const Hash128& name) {
    if (latency.kind == Latency::Kind::constant) return latency.low;
    std::uint64_t bits = draw(seed, Purpose::latency, name);
    switch (latency.kind) {
        case Latency::Kind::uniform: {
            auto width = static_cast<std::uint64_t>(latency.high - latency.low) + 1;
            return latency.low + static_cast<Nanos>(scale(bits, width));
        }
        case Latency::Kind::exponential: return times(latency.low, exponential(bits));
        default: break;
    }
    Fixed sigma = fixed_divide(log_ratio(latency.high, latency.low), z_99);
    return std::min(times_exp(latency.low, fixed_multiply(sigma, fixed_probit(bits))), drawn_max);
}

Nanos median_of(const Latency& latency) {
    constexpr Fixed log_2 = log_2_64 / 64;
    switch (latency.kind) {
        case Latency::Kind::uniform: return latency.low + (latency.high - latency.low) / 2;
        case Latency::Kind::exponential: return times(latency.low, log_2);
        case Latency::Kind::lognormal: return std::min(latency.low, drawn_max);
        default: return latency.low;
    }
}

Nanos draw_interarrival(std::uint64_t per_second_millionths, std::uint64_t seed,
                        const Hash128& name) {
    // One rounding only: a mean in whole nanoseconds would be far off for the greatest rates.
    constexpr Wide mean_of_a_millionth = Wide{second} * 1'000'000;
    Wide gap = exponential(draw(seed, Purpose::arrival, name)) * mean_of_a_millionth /
               std::max<Wide>(per_second_millionths, 1) / fixed_one;
    return static_cast<Nanos>(std::min<Wide>(gap, drawn_max));
}

}  // namespace sagalab::world
