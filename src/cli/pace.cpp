#include "cli/pace.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace sagalab::cli {
namespace {

constexpr std::size_t decimals_max = 9;

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Nanos> integer(std::string_view digits) {
    Nanos number = 0;
    const char* end = digits.data() + digits.size();
    auto [rest, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc() || rest != end) return std::nullopt;
    return number;
}

}  // namespace

std::optional<Nanos> parse_pace(std::string_view text) {
    if (text.ends_with('x')) text.remove_suffix(1);
    std::size_t point = text.find('.');
    std::string_view whole = text.substr(0, point);
    std::string_view decimals =
        point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
    bool bare_point = point != std::string_view::npos && decimals.empty();
    if (whole.empty() || bare_point || decimals.size() > decimals_max) return std::nullopt;
    if (!all_digits(whole) || !all_digits(decimals)) return std::nullopt;
    std::string digits(whole);
    digits += decimals;
    digits.append(decimals_max - decimals.size(), '0');
    auto pace = integer(digits);
    if (!pace || *pace == 0) return std::nullopt;
    return pace;
}

}  // namespace sagalab::cli
