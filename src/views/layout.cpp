#include "views/layout.h"

#include <algorithm>

#include "base/text.h"

namespace sagalab::views {
namespace {

constexpr std::string_view ellipsis = "...";

// The longest beginning of `text` that is at most `width` columns wide.
std::string_view beginning(std::string_view text, std::size_t width) {
    std::size_t taken = 0;
    std::size_t used = 0;
    while (taken < text.size()) {
        std::size_t next = taken + 1;
        while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xc0U) == 0x80U) {
            ++next;
        }
        used += display_width(text.substr(taken, next - taken));
        if (used > width) break;
        taken = next;
    }
    return text.substr(0, taken);
}

// The space to break a line at, so that its beginning fits: where a payload begins, if all of it
// goes on the next line, else the last one.
std::size_t break_of(std::string_view text, std::size_t width) {
    std::string_view first = beginning(text, width);
    for (std::string_view opening : {" {", " ["}) {
        std::size_t at = text.find(opening);
        if (at == 0 || at > first.size()) continue;
        if (display_width(text.substr(at + 1)) + 2 <= width) return at;
    }
    std::size_t last = text.rfind(' ', first.size());
    return last == 0 ? std::string_view::npos : last;
}

bool harmless(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:=,+@%").find(c) != std::string_view::npos;
}

}  // namespace

std::string cut(std::string_view text, std::size_t width) {
    if (text.size() <= width || display_width(text) <= width) return std::string(text);
    std::size_t room = width > ellipsis.size() ? width - ellipsis.size() : 0;
    return std::string(beginning(text, room)) + std::string(ellipsis);
}

std::vector<std::string> fold(std::string_view text, std::size_t width) {
    std::size_t all = display_width(text);
    if (all <= width || all > 2 * width) return {cut(text, width)};
    std::size_t at = break_of(text, width);
    if (at == std::string_view::npos) return {cut(text, width)};
    std::string rest = "  " + std::string(text.substr(at + 1));
    return {std::string(text.substr(0, at)), cut(rest, width)};
}

std::string pad_right(std::string_view text, std::size_t width) {
    std::string out(text);
    std::size_t used = display_width(text);
    if (used < width) out.append(width - used, ' ');
    return out;
}

std::string pad_left(std::string_view text, std::size_t width) {
    std::size_t used = display_width(text);
    std::string out(used < width ? width - used : 0, ' ');
    return out.append(text);
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    std::string line;
    while (!text.empty()) {
        std::size_t space = text.find(' ');
        std::string_view word = text.substr(0, space);
        text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
        if (word.empty()) continue;
        if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
            lines.push_back(std::move(line));
            line.clear();
        }
        if (!line.empty()) line += ' ';
        line += word;
    }
    if (!line.empty()) lines.push_back(std::move(line));
    return lines;
}

std::string shell_quote(std::string_view word) {
    if (!word.empty() && std::all_of(word.begin(), word.end(), harmless)) return std::string(word);
    std::string out = "'";
    for (char c : word) {
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return out + "'";
}

std::string counted(std::size_t count, std::string_view noun) {
    std::string out = std::to_string(count) + " " + std::string(noun);
    if (count != 1) out += 's';
    return out;
}

std::string seconds(std::uint64_t milliseconds) {
    std::string decimals = std::to_string(milliseconds % 1000);
    return std::to_string(milliseconds / 1000) + "." + std::string(3 - decimals.size(), '0') +
           decimals;
}

std::vector<std::string> Table::lines(std::string_view gap) const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], display_width(row[i]));
        }
    }
    std::vector<std::string> out;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            bool last = i + 1 == row.size();
            if (i > 0) line += gap;
            line += last ? row[i] : pad_right(row[i], widths[i]);
        }
        out.push_back(std::move(line));
    }
    return out;
}

}  // namespace sagalab::views
