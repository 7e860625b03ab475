// The small texts of a scenario file as numbers: durations, percentages, factors, rates, sizes.
//
// One place for the structure check, the loader and the command line. Each takes text (or a node
// that must be a string) and gives nothing where it is not of that form; signs and blanks are never
// part of it. Millionths keep fractions exact without floating point; digits beyond the sixth are
// refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "language/json.h"

namespace sagalab::language {

// "1m30s": nanoseconds, 0 or more.
std::optional<Nanos> duration_of(std::string_view text);
std::optional<Nanos> duration_of(const Node& node);

// "2%" -> 20'000; from "0%" to "100%".
std::optional<std::int64_t> millionths_of_percentage(std::string_view text);
std::optional<std::int64_t> millionths_of_percentage(const Node& node);

// "1.5" -> 1'500'000; 0 to a billion. A node may also be an integer.
std::optional<std::int64_t> factor_millionths(std::string_view text);
std::optional<std::int64_t> factor_millionths(const Node& node);

// "200/s" -> 200'000'000; units s, m, h (a rate per minute or hour is rounded down to millionths).
// More than 0, at most a billion a second.
std::optional<std::int64_t> rate_millionths_per_second(std::string_view text);
std::optional<std::int64_t> rate_millionths_per_second(const Node& node);

// "4G" -> 4'000'000'000; K, M, G, T are powers of 1000, Ki, Mi, Gi, Ti of 1024; no unit: bytes.
// More than 0. A node may also be an integer.
std::optional<std::uint64_t> size_bytes(std::string_view text);
std::optional<std::uint64_t> size_bytes(const Node& node);

}  // namespace sagalab::language
