#include "base/time.h"

#include <array>
#include <charconv>

namespace sagalab {
namespace {

struct Unit {
    std::string_view name;
    Nanos length;
};

// Longest names first, so that "ms" is not read as "m".
constexpr std::array<Unit, 6> units{{{"ns", 1},
                                     {"us", microsecond},
                                     {"ms", millisecond},
                                     {"h", hour},
                                     {"m", minute},
                                     {"s", second}}};

std::optional<Unit> take_unit(std::string_view& rest) {
    for (const Unit& unit : units) {
        if (!rest.starts_with(unit.name)) continue;
        rest.remove_prefix(unit.name.size());
        return unit;
    }
    return std::nullopt;
}

// The digits after a decimal point, as a share of `unit`; digits below a nanosecond are cut.
Nanos take_fraction(std::string_view digits, Nanos unit) {
    Nanos share = 0;
    Nanos scale = unit;
    for (char digit : digits) {
        scale /= 10;
        share += scale * (digit - '0');
    }
    return share;
}

std::string_view take_digits(std::string_view& rest) {
    std::size_t count = 0;
    while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9') ++count;
    std::string_view digits = rest.substr(0, count);
    rest.remove_prefix(count);
    return digits;
}

// One number-and-unit pair.
std::optional<Nanos> take_pair(std::string_view& rest, bool fractions) {
    std::string_view digits = take_digits(rest);
    std::string_view decimals;
    if (fractions && rest.starts_with('.')) {
        rest.remove_prefix(1);
        decimals = take_digits(rest);
    }
    if (digits.empty() && decimals.empty()) return std::nullopt;
    Nanos count = 0;
    if (!digits.empty()) {
        auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
        if (error != std::errc{}) return std::nullopt;
    }
    std::optional<Unit> unit = take_unit(rest);
    if (!unit) return std::nullopt;
    Nanos part = 0;
    if (__builtin_mul_overflow(count, unit->length, &part)) return std::nullopt;
    if (__builtin_add_overflow(part, take_fraction(decimals, unit->length), &part)) {
        return std::nullopt;
    }
    return part;
}

void append_decimals(std::string& text, Nanos part, Nanos whole) {
    if (part == 0) return;
    text += '.';
    for (Nanos scale = whole / 10; part > 0; scale /= 10) {
        text += static_cast<char>('0' + part / scale);
        part %= scale;
    }
}

}  // namespace

std::optional<Nanos> parse_duration(std::string_view text, bool fractions) {
    bool negative = fractions && text.starts_with('-');
    if (negative) text.remove_prefix(1);
    if (text.empty()) return std::nullopt;
    Nanos total = 0;
    while (!text.empty()) {
        std::optional<Nanos> part = take_pair(text, fractions);
        if (!part || __builtin_add_overflow(total, *part, &total)) return std::nullopt;
    }
    return negative ? -total : total;
}

std::string format_time(Nanos time) {
    if (time == never) return "never";
    if (time < 0)
        return "-" + format_time(time == std::numeric_limits<Nanos>::min() ? never - 1 : -time);
    if (time == 0) return "0ms";
    std::string text;
    auto whole_units = [&](Nanos length, std::string_view name) {
        if (time < length) return;
        text += std::to_string(time / length);
        text += name;
        time %= length;
    };
    if (time >= minute) {
        whole_units(hour, "h");
        whole_units(minute, "m");
        if (time == 0) return text;
    }
    Nanos unit = time >= second ? second : time >= microsecond * 10 ? millisecond : microsecond;
    text += std::to_string(time / unit);
    append_decimals(text, time % unit, unit);
    text += unit == second ? "s" : unit == millisecond ? "ms" : "us";
    return text;
}

std::string format_cel_duration(Nanos time) {
    std::string text;
    std::uint64_t size = static_cast<std::uint64_t>(time);
    if (time < 0) {
        text += '-';
        size = 0 - size;
    }
    text += std::to_string(size / second);
    append_decimals(text, static_cast<Nanos>(size % second), second);
    return text + "s";
}

}  // namespace sagalab
