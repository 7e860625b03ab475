// Virtual time: integer nanoseconds since the start of a run, and how durations are written.
//
// Durations in scenario files are a sequence of integer-and-unit pairs ("250us", "1m30s") with the
// units h, m, s, ms, us and ns, as CEL's duration() takes them, but without fractions. Values are
// signed 64-bit; anything that would overflow is refused.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace sagalab {

using Nanos = std::int64_t;

inline constexpr Nanos never = std::numeric_limits<Nanos>::max();
// Of what happens when an adversary wants it to, and by itself never.
inline constexpr Nanos at_will = never - 1;
inline constexpr Nanos microsecond = 1'000;
inline constexpr Nanos millisecond = 1'000'000;
inline constexpr Nanos second = 1'000'000'000;
inline constexpr Nanos minute = 60 * second;
inline constexpr Nanos hour = 60 * minute;

// "1m30s" -> 90 s. Nothing for text that is no duration, is negative or does not fit.
// Fractions ("1.5s") are accepted only with `fractions`, as CEL's duration() does; a leading
// minus likewise.
std::optional<Nanos> parse_duration(std::string_view text, bool fractions = false);

// The shortest exact form in the units of scenario files: 15ms, 1m30s, 2.5ms, 0ms.
std::string format_time(Nanos time);

// The text CEL gives a duration: seconds with at most nine decimals and an s: 90s, 0.015s.
std::string format_cel_duration(Nanos time);

// a + b, held at `never` and at the lowest value instead of wrapping round.
constexpr Nanos add_saturating(Nanos a, Nanos b) {
    Nanos sum = 0;
    if (!__builtin_add_overflow(a, b, &sum)) return sum;
    return b > 0 ? never : std::numeric_limits<Nanos>::min();
}

}  // namespace sagalab
