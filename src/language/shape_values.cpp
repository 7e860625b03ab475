#include "language/shape_values.h"

#include <array>
#include <charconv>
#include <limits>

namespace sagalab::language {
namespace {

constexpr std::int64_t million = 1'000'000;
constexpr std::int64_t billion = 1'000'000'000;
constexpr std::size_t decimals_most = 6;

bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    if (!all_digits(text)) return std::nullopt;
    if (text.size() > 1 && text[0] == '0') return std::nullopt;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    return number;
}

// "12.5" in millionths, up to a billion.
std::optional<std::int64_t> decimal_millionths(std::string_view text) {
    std::size_t point = text.find('.');
    std::optional<std::int64_t> whole = whole_number(text.substr(0, point));
    if (!whole || *whole > billion) return std::nullopt;
    std::int64_t millionths = *whole * million;
    if (point == std::string_view::npos) return millionths;
    std::string_view decimals = text.substr(point + 1);
    if (!all_digits(decimals) || decimals.size() > decimals_most) return std::nullopt;
    std::int64_t scale = million;
    for (char digit : decimals) {
        scale /= 10;
        millionths += scale * (digit - '0');
    }
    if (millionths > billion * million) return std::nullopt;
    return millionths;
}

template <typename Number>
using TextReader = std::optional<Number> (*)(std::string_view);

template <typename Number>
std::optional<Number> of_string(const Node& node, TextReader<Number> reader) {
    if (!node.is(Node::Kind::string)) return std::nullopt;
    return reader(node.text);
}

struct SizeUnit {
    std::string_view name;
    std::uint64_t bytes;
};

// Longer names first, so that "Ki" is not read as a "K" and a rest.
constexpr std::array<SizeUnit, 8> size_units{{{"Ki", 1ULL << 10U},
                                              {"Mi", 1ULL << 20U},
                                              {"Gi", 1ULL << 30U},
                                              {"Ti", 1ULL << 40U},
                                              {"K", 1'000ULL},
                                              {"M", 1'000'000ULL},
                                              {"G", 1'000'000'000ULL},
                                              {"T", 1'000'000'000'000ULL}}};

}  // namespace

std::optional<Nanos> duration_of(std::string_view text) { return parse_duration(text); }

std::optional<Nanos> duration_of(const Node& node) { return of_string<Nanos>(node, duration_of); }

std::optional<std::int64_t> millionths_of_percentage(std::string_view text) {
    if (!text.ends_with('%')) return std::nullopt;
    text.remove_suffix(1);
    // A percent is 10,000 millionths; so only four decimals are exact.
    std::size_t point = text.find('.');
    if (point != std::string_view::npos && text.size() - point > 5) return std::nullopt;
    std::optional<std::int64_t> percent = decimal_millionths(text);
    if (!percent || *percent > 100 * million) return std::nullopt;
    return *percent / 100;
}

std::optional<std::int64_t> millionths_of_percentage(const Node& node) {
    return of_string<std::int64_t>(node, millionths_of_percentage);
}

std::optional<std::int64_t> factor_millionths(std::string_view text) {
    return decimal_millionths(text);
}

std::optional<std::int64_t> factor_millionths(const Node& node) {
    if (!node.is(Node::Kind::integer)) return of_string<std::int64_t>(node, factor_millionths);
    if (node.integer < 0 || node.integer > billion) return std::nullopt;
    return node.integer * million;
}

std::optional<std::int64_t> rate_millionths_per_second(std::string_view text) {
    if (text.size() < 3 || text[text.size() - 2] != '/') return std::nullopt;
    std::int64_t seconds = 0;
    switch (text.back()) {
        case 's': seconds = 1; break;
        case 'm': seconds = 60; break;
        case 'h': seconds = 3600; break;
        default: return std::nullopt;
    }
    std::optional<std::int64_t> rate = decimal_millionths(text.substr(0, text.size() - 2));
    if (!rate || *rate / seconds == 0) return std::nullopt;
    return *rate / seconds;
}

std::optional<std::int64_t> rate_millionths_per_second(const Node& node) {
    return of_string<std::int64_t>(node, rate_millionths_per_second);
}

std::optional<std::uint64_t> size_bytes(std::string_view text) {
    std::uint64_t unit_bytes = 1;
    for (const SizeUnit& unit : size_units) {
        if (!text.ends_with(unit.name)) continue;
        unit_bytes = unit.bytes;
        text.remove_suffix(unit.name.size());
        break;
    }
    std::optional<std::int64_t> count = whole_number(text);
    std::uint64_t bytes = 0;
    if (!count || *count == 0) return std::nullopt;
    if (__builtin_mul_overflow(static_cast<std::uint64_t>(*count), unit_bytes, &bytes)) {
        return std::nullopt;
    }
    return bytes;
}

std::optional<std::uint64_t> size_bytes(const Node& node) {
    if (!node.is(Node::Kind::integer)) return of_string<std::uint64_t>(node, size_bytes);
    if (node.integer <= 0) return std::nullopt;
    return static_cast<std::uint64_t>(node.integer);
}

}  // namespace sagalab::language
