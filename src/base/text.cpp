#include "base/text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sagalab {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Length of the well-formed sequence at the start of `text`, or 0.
std::size_t sequence_length(std::string_view text) {
    auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    unsigned first = byte(0);
    if (first < 0x80) return 1;
    auto tail = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
    if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        if (!tail(1) || !tail(2)) return 0;
        if (first == 0xe0 && byte(1) < 0xa0) return 0;
        if (first == 0xed && byte(1) > 0x9f) return 0;
        return 3;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        if (!tail(1) || !tail(2) || !tail(3)) return 0;
        if (first == 0xf0 && byte(1) < 0x90) return 0;
        if (first == 0xf4 && byte(1) > 0x8f) return 0;
        return 4;
    }
    return 0;
}

std::uint32_t code_point(std::string_view sequence) {
    auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
    switch (sequence.size()) {
        case 1: return byte(0);
        case 2: return (byte(0) & 0x1fU) << 6U | (byte(1) & 0x3fU);
        case 3: return (byte(0) & 0xfU) << 12U | (byte(1) & 0x3fU) << 6U | (byte(2) & 0x3fU);
        default:
            return (byte(0) & 7U) << 18U | (byte(1) & 0x3fU) << 12U | (byte(2) & 0x3fU) << 6U |
                   (byte(3) & 0x3fU);
    }
}

struct Range {
    std::uint32_t first, last;
};
constexpr std::array<Range, 6> zero_width{{{0x300, 0x36f},
                                           {0x200b, 0x200f},
                                           {0x20d0, 0x20ff},
                                           {0xfe00, 0xfe0f},
                                           {0xfe20, 0xfe2f},
                                           {0xfeff, 0xfeff}}};
constexpr std::array<Range, 10> double_width{{{0x1100, 0x115f},
                                              {0x2e80, 0x303e},
                                              {0x3041, 0x33ff},
                                              {0x3400, 0x9fff},
                                              {0xa000, 0xa4cf},
                                              {0xac00, 0xd7a3},
                                              {0xf900, 0xfaff},
                                              {0xff00, 0xff60},
                                              {0x1f300, 0x1faff},
                                              {0x20000, 0x3fffd}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, std::uint32_t point) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](Range range) { return point >= range.first && point <= range.last; });
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> cost(a.size() + 1,
                                               std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t differs = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            std::size_t best =
                std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + differs});
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1])) {
                best = std::min(best, cost[i - 2][j - 2] + 1);
            }
            cost[i][j] = best;
        }
    }
    return cost[a.size()][b.size()];
}

std::optional<std::string> nearest(std::string_view name, std::span<const std::string> candidates) {
    constexpr std::size_t longest = 200;  // longer text is no slip of a name
    if (name.size() > longest) return std::nullopt;
    std::optional<std::string> best;
    std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
    for (const std::string& candidate : candidates) {
        if (candidate.size() > longest) continue;
        std::size_t distance = edit_distance(name, candidate);
        bool nearer = distance < best_distance;
        bool tie = best && distance == best_distance && candidate < *best;
        if (!nearer && !tie) continue;
        best = candidate;
        best_distance = distance;
    }
    return best;
}

std::size_t find_invalid_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        std::size_t length = sequence_length(text.substr(i));
        if (length == 0) return i;
        i += length;
    }
    return std::string_view::npos;
}

std::size_t count_code_points(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    }));
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t length = std::max<std::size_t>(1, sequence_length(text.substr(i)));
        std::uint32_t point = code_point(text.substr(i, length));
        i += length;
        if (within(zero_width, point)) continue;
        width += within(double_width, point) ? 2 : 1;
    }
    return width;
}

bool is_identifier(std::string_view text) {
    auto letter = [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; };
    auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || digit(text[0])) return false;
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return letter(c) || digit(c) || c == '_'; });
}

std::string printable(std::string_view text) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t length = sequence_length(text.substr(i));
        auto byte = static_cast<unsigned char>(text[i]);
        bool c1_control = length == 2 && code_point(text.substr(i, 2)) < 0xa0;
        if (length == 0 || byte < 0x20 || byte == 0x7f || c1_control) {
            out += "\\x";
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
            i += 1;
            continue;
        }
        out += text.substr(i, length);
        i += length;
    }
    return out;
}

}  // namespace sagalab
