// Places inside JSON strings: which bytes of the file a part of the decoded text was written as.
#include <algorithm>

#include "language/json.h"

namespace sagalab::language {
namespace {

void append_utf8(std::string& out, unsigned point) {
    auto byte = [&](unsigned bits) { out += static_cast<char>(bits); };
    if (point < 0x80) {
        byte(point);
    } else if (point < 0x800) {
        byte(0xc0U | point >> 6U);
        byte(0x80U | (point & 0x3fU));
    } else if (point < 0x10000) {
        byte(0xe0U | point >> 12U);
        byte(0x80U | (point >> 6U & 0x3fU));
        byte(0x80U | (point & 0x3fU));
    } else {
        byte(0xf0U | point >> 18U);
        byte(0x80U | (point >> 12U & 0x3fU));
        byte(0x80U | (point >> 6U & 0x3fU));
        byte(0x80U | (point & 0x3fU));
    }
}

// Four hexadecimal digits, 0 where there are fewer.
unsigned hex4(std::string_view text) {
    unsigned value = 0;
    for (char c : text.substr(0, 4)) {
        value *= 16;
        if (c >= '0' && c <= '9') value += static_cast<unsigned>(c - '0');
        if (c >= 'a' && c <= 'f') value += static_cast<unsigned>(c - 'a') + 10;
        if (c >= 'A' && c <= 'F') value += static_cast<unsigned>(c - 'A') + 10;
    }
    return value;
}

// Takes one character as it was written from the front of `raw`.
void take_character(std::string_view& raw, std::string& out) {
    if (raw[0] != '\\' || raw.size() < 2) {
        out += raw[0];
        raw.remove_prefix(1);
        return;
    }
    char escape = raw[1];
    raw.remove_prefix(2);
    if (escape != 'u') {
        static constexpr std::string_view written = "bfnrt";
        static constexpr std::string_view meant = "\b\f\n\r\t";
        std::size_t known = written.find(escape);
        out += known == std::string_view::npos ? escape : meant[known];
        return;
    }
    unsigned point = hex4(raw);
    raw.remove_prefix(std::min<std::size_t>(4, raw.size()));
    if (point >= 0xd800 && point < 0xdc00 && raw.starts_with("\\u")) {
        unsigned low = hex4(raw.substr(2));
        point = 0x10000 + ((point - 0xd800) << 10U) + (low - 0xdc00);
        raw.remove_prefix(std::min<std::size_t>(6, raw.size()));
    }
    append_utf8(out, point);
}

}  // namespace

Place place_in_string(const Sources& sources, const Node& string, std::size_t begin,
                      std::size_t end) {
    const Place& place = string.place;
    if (place.file >= sources.size()) return place;
    std::string_view token = sources.text(place.file);
    token = token.substr(std::min<std::size_t>(place.begin, token.size()),
                         place.end - std::min(place.begin, place.end));
    if (token.size() < 2 || token.front() != '"' || token.back() != '"') return place;
    std::string_view raw = token.substr(1, token.size() - 2);
    std::string decoded;
    Place part{place.file, place.end - 1, place.end - 1};
    bool has_begun = false;
    bool has_ended = false;
    while (!raw.empty()) {
        auto here = static_cast<std::uint32_t>(place.end - 1 - raw.size());
        if (!has_ended && has_begun && decoded.size() >= end) {
            part.end = here;
            has_ended = true;
        }
        std::size_t before = decoded.size();
        take_character(raw, decoded);
        if (!has_begun && (before >= begin || decoded.size() > begin)) {
            part.begin = here;
            has_begun = true;
        }
    }
    // A param's value stands where it is used; it was not written there.
    if (decoded != string.text) return place;
    if (part.end <= part.begin) part.end = std::max(part.begin + 1, part.end);
    return part;
}

}  // namespace sagalab::language
