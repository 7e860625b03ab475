#include "language/cel_lexer.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sagalab::language {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// The value of a digit, or 16 and more for anything else.
unsigned digit_value(char c) {
    if (is_digit(c)) return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
    return 99;
}

void append_utf8(std::string& out, std::uint32_t point) {
    auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | (point >> shift & 0x3fU)); };
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xc0U | point >> 6U);
        tail(0);
    } else if (point < 0x10000) {
        out += static_cast<char>(0xe0U | point >> 12U);
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xf0U | point >> 18U);
        tail(12);
        tail(6);
        tail(0);
    }
}

// What one character after a backslash stands for, or NUL.
char simple_escape(char c) {
    switch (c) {
        case 'a': return '\a';
        case 'b': return '\b';
        case 'f': return '\f';
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        case 'v': return '\v';
        case '\\':
        case '?':
        case '"':
        case '\'':
        case '`': return c;
        default: return '\0';
    }
}

constexpr std::array<std::string_view, 21> reserved_words{
    "as",       "break",   "const",  "continue", "else", "false", "for",
    "function", "if",      "import", "in",       "let",  "loop",  "namespace",
    "null",     "package", "return", "true",     "var",  "void",  "while",
};

constexpr std::array<std::string_view, 6> double_signs{"&&", "||", "==", "!=", "<=", ">="};
constexpr std::string_view single_signs = "+-*/%<>!?:.,()[]{}";

}  // namespace

bool is_cel_reserved(std::string_view word) {
    return std::find(reserved_words.begin(), reserved_words.end(), word) != reserved_words.end();
}

std::span<const std::string_view> cel_reserved_words() { return reserved_words; }

Token Lexer::token(Token::Kind kind, std::size_t begin, std::string text) const {
    Token token;
    token.kind = kind;
    token.begin = static_cast<std::uint32_t>(begin);
    token.end = static_cast<std::uint32_t>(at_);
    token.text = std::move(text);
    return token;
}

Token Lexer::error(std::size_t begin, std::size_t end, std::string message) {
    failed_ = true;
    at_ = std::min(end, text_.size());
    failure_ = token(Token::Kind::error, std::min(begin, text_.size()), std::move(message));
    return failure_;
}

void Lexer::skip_blanks() {
    while (!at_end()) {
        char c = peek();
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            ++at_;
        } else if (c == '/' && peek(1) == '/') {
            while (!at_end() && peek() != '\n') ++at_;
        } else {
            return;
        }
    }
}

Token Lexer::next() {
    if (failed_) return failure_;
    skip_blanks();
    std::size_t begin = at_;
    if (at_end()) return token(Token::Kind::end, begin, "");
    char c = peek();
    if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return number();
    if (c == '"' || c == '\'') return string(begin, false);
    if (c == '`') return quoted_name();
    if (is_letter(c)) return word();
    return sign();
}

Token Lexer::number() {
    std::size_t begin = at_;
    bool hex = peek() == '0' && (peek(1) == 'x' || peek(1) == 'X');
    unsigned base = hex ? 16 : 10;
    if (hex) at_ += 2;
    std::size_t first = at_;
    constexpr std::uint64_t most = std::uint64_t{1} << 63U;
    std::uint64_t magnitude = 0;
    bool too_large = false;
    while (digit_value(peek()) < base) {
        std::uint64_t next = 0;
        too_large = too_large || __builtin_mul_overflow(magnitude, std::uint64_t{base}, &next) ||
                    __builtin_add_overflow(next, digit_value(peek()), &next) || next > most;
        magnitude = next;
        ++at_;
    }
    std::size_t end = at_;
    while (is_letter(peek(end - at_)) || is_digit(peek(end - at_))) ++end;
    bool fraction =
        !hex && ((peek() == '.' && is_digit(peek(1))) || peek() == 'e' || peek() == 'E');
    if (fraction) {
        ++end;
        while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
        return error(begin, end, "numbers are 64-bit integers: no fractions, no exponents");
    }
    if (peek() == 'u' || peek() == 'U') {
        return error(begin, end, "there are no unsigned integers: leave out the \"u\"");
    }
    if (end != at_ || at_ == first) {
        return error(begin, end,
                     "no number: \"" + std::string(text_.substr(begin, end - begin)) + "\"");
    }
    if (too_large) return error(begin, at_, "the number does not fit into 64 bits");
    Token result =
        token(Token::Kind::integer, begin, std::string(text_.substr(begin, at_ - begin)));
    result.magnitude = magnitude;
    return result;
}

Token Lexer::word() {
    std::size_t begin = at_;
    while (is_letter(peek()) || is_digit(peek())) ++at_;
    std::string word(text_.substr(begin, at_ - begin));
    if ((peek() == '"' || peek() == '\'') && word.size() <= 2) {
        bool raw = word.find_first_of("rR") != std::string::npos;
        bool bytes = word.find_first_of("bB") != std::string::npos;
        if (bytes && word.size() == std::size_t{raw} + 1) {
            return error(begin, at_ + 1, "there are no bytes: leave out the \"b\"");
        }
        if (raw && word.size() == 1) return string(begin, true);
    }
    return token(Token::Kind::name, begin, std::move(word));
}

// A field name in backquotes: letters, digits, and _ . - / and blanks.
Token Lexer::quoted_name() {
    std::size_t begin = at_++;
    while (is_letter(peek()) || is_digit(peek()) || peek() == '.' || peek() == '-' ||
           peek() == '/' || peek() == ' ') {
        ++at_;
    }
    if (peek() != '`' || at_ == begin + 1) {
        return error(begin, at_, "a name in backquotes has no end");
    }
    ++at_;
    return token(Token::Kind::quoted_name, begin,
                 std::string(text_.substr(begin + 1, at_ - begin - 2)));
}

Token Lexer::string(std::size_t begin, bool raw) {
    char quote = peek();
    bool triple = peek(1) == quote && peek(2) == quote;
    std::size_t quotes = triple ? 3 : 1;
    at_ += quotes;
    std::size_t opened = at_;
    std::string out;
    while (!at_end()) {
        char c = peek();
        if (c == quote && (!triple || (peek(1) == quote && peek(2) == quote))) {
            at_ += quotes;
            return token(Token::Kind::string, begin, std::move(out));
        }
        if (!triple && (c == '\n' || c == '\r')) break;
        if (c == '\\' && !raw) {
            std::size_t escaped = at_++;
            std::string problem;
            if (!escape(out, problem)) return error(escaped, std::max(at_, escaped + 2), problem);
            continue;
        }
        out += c;
        ++at_;
    }
    return error(begin, opened, "the string has no end");
}

// What follows a backslash.
bool Lexer::escape(std::string& out, std::string& problem) {
    char c = peek();
    if (char plain = simple_escape(c); plain != '\0') {
        ++at_;
        out += plain;
        return true;
    }
    if (c >= '0' && c <= '3') return digits_escape(out, problem, 3, 8);
    unsigned count = c == 'x' || c == 'X' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (count != 0) {
        ++at_;
        return digits_escape(out, problem, count, 16);
    }
    problem = "unknown escape \"\\" + std::string(text_.substr(at_, 1)) +
              "\" (a backslash itself is \"\\\\\")";
    return false;
}

bool Lexer::digits_escape(std::string& out, std::string& problem, unsigned count, unsigned base) {
    std::uint32_t point = 0;
    for (unsigned i = 0; i < count; ++i) {
        unsigned digit = digit_value(peek());
        if (digit >= base) {
            problem = "the escape takes " + std::to_string(count) +
                      (base == 8 ? " octal digits" : " hexadecimal digits");
            return false;
        }
        point = point * base + digit;
        ++at_;
    }
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
        problem = "the escape is no Unicode character";
        return false;
    }
    append_utf8(out, point);
    return true;
}

Token Lexer::sign() {
    std::size_t begin = at_;
    std::string_view two = text_.substr(begin, 2);
    if (std::find(double_signs.begin(), double_signs.end(), two) != double_signs.end()) {
        at_ += 2;
        return token(Token::Kind::sign, begin, std::string(two));
    }
    char c = peek();
    if (single_signs.find(c) != std::string_view::npos) {
        ++at_;
        return token(Token::Kind::sign, begin, std::string(1, c));
    }
    if (c == '=') return error(begin, begin + 1, "\"=\" is no operator (did you mean \"==\"?)");
    if (c == '&') return error(begin, begin + 1, "\"&\" is no operator (did you mean \"&&\"?)");
    if (c == '|') return error(begin, begin + 1, "\"|\" is no operator (did you mean \"||\"?)");
    std::size_t length = 1;
    while (length < 4 && (static_cast<unsigned char>(peek(length)) & 0xc0U) == 0x80U) ++length;
    return error(begin, begin + length,
                 "unexpected character \"" + printable(text_.substr(begin, length)) + "\"");
}

}  // namespace sagalab::language
