// The tokens of CEL: names, integers, strings in all their forms, signs.
//
// What our subset leaves out (doubles, unsigned integers, bytes) is recognised and refused by name.
// Comments run from // to the end of the line. Positions are bytes of the text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sagalab::language {

struct Token {
    enum class Kind : std::uint8_t { name, quoted_name, integer, string, sign, end, error };
    Kind kind = Kind::end;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::string text;             // the name, the decoded string, the sign, the error
    std::uint64_t magnitude = 0;  // of an integer: at most 2^63

    [[nodiscard]] bool is(std::string_view sign) const {
        return kind == Kind::sign && text == sign;
    }
    [[nodiscard]] bool is_word(std::string_view word) const {
        return kind == Kind::name && text == word;
    }
};

class Lexer {
public:
    // Tokens of text[begin, end).
    Lexer(std::string_view text, std::size_t begin, std::size_t end)
        : text_(text.substr(0, end)), at_(begin) {}

    // The next token; `end` for ever at the end, `error` for ever after an error.
    Token next();

private:
    [[nodiscard]] char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
    void skip_blanks();
    Token token(Token::Kind kind, std::size_t begin, std::string text) const;
    Token error(std::size_t begin, std::size_t end, std::string message);
    Token number();
    Token word();
    Token quoted_name();
    Token string(std::size_t begin, bool raw);
    Token sign();
    bool escape(std::string& out, std::string& problem);
    bool digits_escape(std::string& out, std::string& problem, unsigned count, unsigned base);

    std::string_view text_;
    std::size_t at_;
    bool failed_ = false;
    Token failure_;
};

// Words of CEL that no name may be.
bool is_cel_reserved(std::string_view word);
std::span<const std::string_view> cel_reserved_words();

}  // namespace sagalab::language
