#include "fuzz/json_mutator.h"

#include <array>
#include <utility>

#include "base/hash.h"

namespace sagalab::fuzz {
namespace {

// What a value may become that a file does not hold yet: edges of numbers, times and expressions.
constexpr std::array<std::string_view, 24> words{
    "0",        "1",          "-1",        "3",       "1000000", "9223372036854775807",
    "1.5",      "true",       "null",      "[]",      "{}",      "\"\"",
    "\"0s\"",   "\"1ns\"",    "\"5ms\"",   "\"1h\"",  "\"50%\"", "\"100/s\"",
    "\"${i}\"", "\"msg.id\"", "\"1 + 1\"", "\"now\"", "\"row\"", "\"${msg.id}\""};

constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view signs = "{}[],:\"";

// Past the string that begins at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
    }
    return at < text.size() ? at + 1 : text.size();
}

std::size_t skip_word(std::string_view text, std::size_t at) {
    while (at < text.size() && signs.find(text[at]) == std::string_view::npos &&
           blanks.find(text[at]) == std::string_view::npos) {
        ++at;
    }
    return at;
}

// What stands under a key, and where in a text that is being taken apart.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    std::vector<Part> scan() {
        for (std::size_t at = 0; at < text_.size();) at = step(at);
        return std::move(parts_);
    }

private:
    std::size_t step(std::size_t at) {
        const char c = text_[at];
        if (c == '{' || c == '[') {
            add(at, text_.size());
            open_.push_back(parts_.size() - 1);
            return at + 1;
        }
        if (c == '}' || c == ']') {
            if (!open_.empty()) {
                parts_[open_.back()].end = at + 1;
                open_.pop_back();
            }
            return at + 1;
        }
        const std::size_t end = c == '"' ? skip_string(text_, at) : skip_word(text_, at);
        if (end == at) return at + 1;
        add(at, end);
        if (c == '"' && is_key(end)) {
            parts_.back().is_key = true;
            key_ = text_.substr(at, end - at);
        }
        return end;
    }

    [[nodiscard]] bool is_key(std::size_t end) const {
        const std::size_t next = text_.find_first_not_of(blanks, end);
        return next != std::string_view::npos && text_[next] == ':';
    }

    void add(std::size_t begin, std::size_t end) {
        Part part{begin, end, std::exchange(key_, {}), {}, false};
        if (!open_.empty()) {
            const Part& around = parts_[open_.back()];
            const bool item = text_[around.begin] == '[';
            if (item) part.key = around.key;
            part.parent = item ? around.parent : around.key;
        }
        parts_.push_back(part);
    }

    std::string_view text_;
    std::string_view key_;  // of the value that comes next
    std::vector<Part> parts_;
    std::vector<std::size_t> open_;  // positions in `parts_`
};

std::string replaced(std::string_view text, std::size_t begin, std::size_t end,
                     std::string_view with) {
    std::string out(text.substr(0, begin));
    out += with;
    out += text.substr(end);
    return out;
}

std::size_t last_before(std::string_view text, std::size_t at) {
    return at == 0 ? std::string_view::npos : text.find_last_not_of(blanks, at - 1);
}

// The value together with its key.
Part member_of(std::string_view text, Part part) {
    const std::size_t colon = last_before(text, part.begin);
    if (colon == std::string_view::npos || text[colon] != ':' || part.key.empty()) return part;
    part.begin = static_cast<std::size_t>(part.key.data() - text.data());
    return part;
}

// Without the member or item, and the comma that parted it from its neighbour.
std::string without(std::string_view text, const Part& part) {
    Part whole = member_of(text, part);
    const std::size_t after = text.find_first_not_of(blanks, whole.end);
    const std::size_t before = last_before(text, whole.begin);
    if (after != std::string_view::npos && text[after] == ',') {
        whole.end = after + 1;
    } else if (before != std::string_view::npos && text[before] == ',') {
        whole.begin = before;
    }
    return replaced(text, whole.begin, whole.end, "");
}

class Choice {
public:
    explicit Choice(std::uint64_t seed) : state_(seed) {}
    std::size_t below(std::size_t count) {
        state_ = mix64(state_ + 0x9e3779b97f4a7c15ULL);
        return count == 0 ? 0 : static_cast<std::size_t>(state_ % count);
    }

    // Of the parts that fit one, or any where none does.
    template <class Fits>
    const Part& among(const std::vector<Part>& parts, Fits fits) {
        const std::size_t start = below(parts.size());
        for (std::size_t n = 0; n < parts.size(); ++n) {
            const Part& part = parts[(start + n) % parts.size()];
            if (fits(part)) return part;
        }
        return parts[start];
    }

private:
    std::uint64_t state_;
};

}  // namespace

std::vector<Part> parts_of(std::string_view text) { return Scanner(text).scan(); }

std::string mutated(std::string_view text, std::string_view other, std::uint64_t seed) {
    const std::vector<Part> parts = parts_of(text);
    const std::vector<Part> lent = parts_of(other);
    if (parts.empty() || lent.empty()) return std::string(text);
    Choice choice(seed);
    const Part& part = parts[choice.below(parts.size())];
    const auto piece = [&](const Part& from) {
        return other.substr(from.begin, from.end - from.begin);
    };
    switch (choice.below(10)) {
        case 0: return replaced(text, part.begin, part.end, words[choice.below(words.size())]);
        case 1: return without(text, part);
        case 2: return replaced(text, part.begin, part.end, piece(lent[choice.below(lent.size())]));
        case 3:
        case 4: {  // one more member or item of the same thing
            const Part& from = choice.among(
                lent, [&](const Part& one) { return !one.is_key && one.parent == part.parent; });
            const std::size_t place = member_of(text, part).begin;
            const std::string more = std::string(piece(member_of(other, from))) + ", ";
            return replaced(text, place, place, more);
        }
        default: {
            const Part& from = choice.among(lent, [&](const Part& one) {
                return one.is_key == part.is_key && one.key == part.key &&
                       (!one.is_key || one.parent == part.parent);
            });
            return replaced(text, part.begin, part.end, piece(from));
        }
    }
}

}  // namespace sagalab::fuzz
