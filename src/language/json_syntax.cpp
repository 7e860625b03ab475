#include "language/json_syntax.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/text.h"

namespace sagalab::language {
namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

SyntaxError error_at(std::size_t begin, std::size_t end, std::string message) {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), std::move(message)};
}

std::size_t word_end(std::string_view text, std::size_t begin) {
    std::size_t end = begin;
    while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]))) ++end;
    return end;
}

// The code point at `at`, for messages.
std::string_view character(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) ++end;
    return text.substr(at, end - at);
}

SyntaxError truncated(std::string_view text, const SyntaxState& state) {
    if (state.bracket == no_bracket) {
        return error_at(text.size(), text.size(), "the text ends where a value should stand");
    }
    bool object = text[state.bracket] == '{';
    SyntaxError error =
        error_at(text.size(), text.size(),
                 fmt::format("the text ends inside the {}", object ? "object" : "array"));
    error.names_bracket = true;
    return error;
}

std::optional<SyntaxError> explain_comment(std::string_view text, std::size_t at) {
    std::string_view rest = text.substr(at);
    if (!rest.starts_with("//") && !rest.starts_with("/*") && !rest.starts_with('#')) {
        return std::nullopt;
    }
    std::size_t end = std::min(text.find('\n', at), text.size());
    return error_at(at, end,
                    "JSON has no comments: use \"about\", which may stand on every object");
}

SyntaxError explain_number(std::string_view text, std::size_t at) {
    std::size_t end = std::max(at + 1, number_end(text, at));
    std::string_view raw = text.substr(at, end - at);
    std::string shown = fmt::format("\"{}\" is no number", raw);
    if (raw[0] == '+') return error_at(at, end, shown + ": leave out the \"+\"");
    if (raw.find_first_of(".eE") != std::string_view::npos) {
        return error_at(at, end, number_message(raw));
    }
    return error_at(at, end, shown);
}

SyntaxError explain_word(std::string_view text, std::size_t at) {
    static const std::array<std::string, 3> words{"true", "false", "null"};
    std::size_t end = word_end(text, at);
    std::string_view word = text.substr(at, end - at);
    std::string message = fmt::format("unknown word \"{}\"", word);
    if (std::optional<std::string> near = nearest(word, words)) {
        message += fmt::format(" (did you mean \"{}\"?)", *near);
    } else {
        message += ": strings stand in double quotes";
    }
    return error_at(at, end, std::move(message));
}

SyntaxError explain_value(std::string_view text, std::size_t at, const SyntaxState& state,
                          bool after_comma) {
    if (at >= text.size()) return truncated(text, state);
    if (auto comment = explain_comment(text, at)) return *comment;
    char c = text[at];
    if (c == '"') return explain_string(text, at);
    if (c == '\'')
        return error_at(at, at + 1, "strings stand in double quotes, not in single ones");
    if (is_digit(c) || c == '-' || c == '+' || c == '.') return explain_number(text, at);
    if (is_letter(c)) return explain_word(text, at);
    if (after_comma && (c == ']' || c == '}')) {
        return error_at(at, at + 1, fmt::format("a comma before \"{}\" is not allowed", c));
    }
    if (c == ',' || c == ']' || c == '}') {
        return error_at(at, at + 1, fmt::format("a value is missing before \"{}\"", c));
    }
    std::string_view shown = character(text, at);
    return error_at(at, at + shown.size(), fmt::format("unexpected \"{}\"", shown));
}

SyntaxError explain_key(std::string_view text, std::size_t at, const SyntaxState& state,
                        bool after_comma) {
    if (at >= text.size()) return truncated(text, state);
    if (auto comment = explain_comment(text, at)) return *comment;
    char c = text[at];
    if (c == '"') return explain_string(text, at);
    if (after_comma && (c == ']' || c == '}')) {
        return error_at(at, at + 1, fmt::format("a comma before \"{}\" is not allowed", c));
    }
    if (c == ',') return error_at(at, at + 1, "a key is missing before \",\"");
    std::size_t end = std::max(at + character(text, at).size(), word_end(text, at));
    return error_at(at, end, "keys are strings in double quotes");
}

// After a value: what should have been a comma or the closing bracket.
SyntaxError explain_separator(std::string_view text, std::size_t at, const SyntaxState& state) {
    if (at >= text.size()) return truncated(text, state);
    if (auto comment = explain_comment(text, at)) return *comment;
    std::size_t end = std::max(at + character(text, at).size(), word_end(text, at));
    if (is_digit(text[at]) && at == state.last_end && at > 0 && text[at - 1] == '0') {
        return error_at(at - 1, end, "a number may not begin with 0");
    }
    if (state.bracket == no_bracket) {
        return error_at(at, end, "there is text after the end of the scenario");
    }
    bool object = text[state.bracket] == '{';
    return error_at(at, end, fmt::format("\",\" or \"{}\" is missing here", object ? '}' : ']'));
}

// The number of hex digits at `at`, at most four, and their value.
std::pair<std::size_t, unsigned> hex_digits(std::string_view text, std::size_t at) {
    unsigned value = 0;
    std::size_t count = 0;
    for (; count < 4 && at + count < text.size(); ++count) {
        char c = text[at + count];
        unsigned digit = 0;
        if (is_digit(c)) {
            digit = static_cast<unsigned>(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = static_cast<unsigned>(c - 'a') + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = static_cast<unsigned>(c - 'A') + 10;
        } else {
            break;
        }
        value = value * 16 + digit;
    }
    return {count, value};
}

// What is wrong with the escape at `at`, which is moved past it if nothing is.
std::optional<SyntaxError> explain_escape(std::string_view text, std::size_t& at) {
    std::size_t begin = at;
    if (at + 1 >= text.size()) return error_at(begin, text.size(), "this string is not closed");
    char c = text[at + 1];
    at += 2;
    if (std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) return std::nullopt;
    if (c != 'u') {
        std::string_view shown = character(text, begin + 1);
        return error_at(
            begin, begin + 1 + shown.size(),
            fmt::format("unknown escape \"\\{}\" (a backslash itself is \"\\\\\")", shown));
    }
    auto [count, unit] = hex_digits(text, at);
    at += count;
    if (count < 4) return error_at(begin, at, "\"\\u\" takes four hexadecimal digits");
    if (unit < 0xd800 || unit > 0xdfff) return std::nullopt;
    bool followed = unit < 0xdc00 && text.substr(at).starts_with("\\u");
    auto [low_count, low] = hex_digits(text, followed ? at + 2 : text.size());
    if (low_count == 4 && low >= 0xdc00 && low <= 0xdfff) {
        at += 6;
        return std::nullopt;
    }
    return error_at(begin, at, "half of a surrogate pair stands alone");
}

}  // namespace

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t skip_blanks(std::string_view text, std::size_t at) {
    return std::min(text.find_first_not_of(blanks, at), text.size());
}

std::size_t skip_separators(std::string_view text, std::size_t at) {
    auto separates = [](char c) {
        return c == ' ' || c == '\n' || c == ',' || c == ':' || c == '\t' || c == '\r';
    };
    while (at < text.size() && separates(text[at])) ++at;
    return at;
}

std::size_t number_token_end(std::string_view text, std::size_t begin) {
    std::size_t at = begin;
    auto skip_digits = [&] {
        while (at < text.size() && is_digit(text[at])) ++at;
    };
    auto has = [&](std::string_view any) {
        return at < text.size() && any.find(text[at]) != std::string_view::npos;
    };
    if (has("-")) ++at;
    if (has("0")) {
        ++at;
    } else {
        skip_digits();
    }
    if (has(".")) {
        ++at;
        skip_digits();
    }
    if (has("eE")) {
        ++at;
        if (has("+-")) ++at;
        skip_digits();
    }
    return at;
}

std::size_t number_end(std::string_view text, std::size_t begin) {
    auto belongs = [](char c) {
        return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
    };
    std::size_t end = begin;
    while (end < text.size() && belongs(text[end])) ++end;
    return end;
}

std::string number_message(std::string_view raw) {
    if (raw.find_first_of(".eE") == std::string_view::npos) {
        return "this number does not fit in 64 bits";
    }
    return "fractions are not allowed: use minor units (cents for money), or text such as \"1.5\", "
           "\"2%\" or \"15ms\" where a factor, a percentage or a duration is meant";
}

SyntaxError explain_string(std::string_view text, std::size_t at) {
    std::size_t begin = at;
    for (++at; at < text.size();) {
        auto byte = static_cast<unsigned char>(text[at]);
        if (byte == '"') break;
        if (byte == '\\') {
            if (std::optional<SyntaxError> error = explain_escape(text, at)) return *error;
        } else if (byte == '\n' || byte == '\r') {
            return error_at(begin, at, "this string is not closed on its line");
        } else if (byte < 0x20) {
            return error_at(at, at + 1,
                            fmt::format("a control character is written \"\\u{:04x}\"", byte));
        } else {
            ++at;
        }
    }
    if (at >= text.size()) return error_at(begin, text.size(), "this string is not closed");
    return error_at(begin, at + 1, "unexpected string");
}

SyntaxError explain_syntax(std::string_view text, const SyntaxState& state) {
    std::size_t at = skip_blanks(text, state.last_end);
    bool begun = state.last_end > 0 && text.substr(0, state.last_end) != "\xef\xbb\xbf";
    if (!begun) {
        if (at < text.size()) return explain_value(text, at, state, false);
        return error_at(0, text.size(), "the file is empty: a scenario is a JSON object");
    }
    if (state.after_key) {
        if (at >= text.size()) return truncated(text, state);
        if (text[at] != ':') {
            if (auto comment = explain_comment(text, at)) return *comment;
            return error_at(at, at + character(text, at).size(), "\":\" is missing after a key");
        }
        return explain_value(text, skip_blanks(text, at + 1), state, false);
    }
    bool in_object = state.bracket != no_bracket && text[state.bracket] == '{';
    bool just_opened = state.bracket != no_bracket && state.last_end == state.bracket + 1;
    bool comma = !just_opened && state.bracket != no_bracket && at < text.size() && text[at] == ',';
    if (!just_opened && !comma) return explain_separator(text, at, state);
    if (comma) at = skip_blanks(text, at + 1);
    return in_object ? explain_key(text, at, state, comma) : explain_value(text, at, state, comma);
}

Bytes check_bytes(std::string_view text, std::uint32_t file, std::string& mended,
                  Diagnostics& diagnostics) {
    constexpr std::size_t most = 10;
    std::vector<std::size_t> wrong;
    // Most files are ASCII, which is quick to see.
    bool ascii = std::none_of(text.begin(), text.end(),
                              [](char c) { return static_cast<signed char>(c) <= 0; });
    if (ascii) return Bytes::clean;
    for (std::size_t from = 0; wrong.size() <= most;) {
        std::size_t at = find_invalid_utf8(text.substr(from));
        if (at == std::string_view::npos) break;
        wrong.push_back(from + at);
        from += at + 1;
    }
    std::size_t invalid = wrong.size();
    for (std::size_t at = text.find('\0'); at != std::string_view::npos && wrong.size() <= most;
         at = text.find('\0', at + 1)) {
        wrong.push_back(at);
    }
    if (wrong.empty()) return Bytes::clean;
    for (std::size_t i = 0; i < std::min(wrong.size(), most); ++i) {
        auto begin = static_cast<std::uint32_t>(wrong[i]);
        diagnostics.error({file, begin, begin + 1},
                          i < invalid ? fmt::format("byte {} (0x{:02x}) is not UTF-8", begin,
                                                    static_cast<unsigned char>(text[begin]))
                                      : fmt::format("byte {} is NUL", begin));
    }
    if (wrong.size() > most) return Bytes::hopeless;
    mended = text;
    for (std::size_t at : wrong) mended[at] = ' ';
    return Bytes::mended;
}

}  // namespace sagalab::language
