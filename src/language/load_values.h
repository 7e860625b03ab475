// Plain values of a tree whose structure has been checked: what is missing takes the default.
//
// Times are nanoseconds, percentages and factors millionths. A value of the wrong kind has been
// reported before and counts as missing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "language/json.h"

namespace sagalab::language {

const Node* string_at(const Node& object, std::string_view key);
const Node* array_at(const Node& object, std::string_view key);
const Node* object_at(const Node& object, std::string_view key);
bool is_true(const Node& object, std::string_view key);

Nanos time_at(const Node& object, std::string_view key, Nanos fallback);
std::uint64_t count_at(const Node& object, std::string_view key, std::uint64_t fallback);
// The same in 32 bits: a larger count is the largest that is not `absent` (base/ids.h).
std::uint32_t small_count_at(const Node& object, std::string_view key, std::uint32_t fallback);
std::int64_t factor_at(const Node& object, std::string_view key, std::int64_t fallback);
std::int64_t percent_at(const Node& object, std::string_view key, std::int64_t fallback);
std::uint64_t size_at(const Node& object, std::string_view key, std::uint64_t fallback);
// `about`: a string or an array of them.
std::vector<std::string> about_of(const Node& object);

}  // namespace sagalab::language
