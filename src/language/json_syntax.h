// What is wrong with text that is no JSON, said as a person would; and the bytes of JSON tokens.
//
// nlohmann's parser decides whether a text is JSON (RFC 8259); these functions only look again at
// the place where it gave up. Offsets are bytes from the start of the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "language/diagnostics.h"

namespace sagalab::language {

inline constexpr std::uint32_t no_bracket = 0xffffffffU;

struct SyntaxError {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::string message;
    bool names_bracket = false;  // the message ends with the bracket that is still open
};

struct SyntaxState {
    std::uint32_t last_end = 0;          // one past the last token that was taken
    std::uint32_t bracket = no_bracket;  // the innermost open one
    bool after_key = false;
};

SyntaxError explain_syntax(std::string_view text, const SyntaxState& state);

// The same for the string that begins at `at`.
SyntaxError explain_string(std::string_view text, std::size_t at);

// Why a number that JSON allows is refused here.
std::string number_message(std::string_view raw);

enum class Bytes : std::uint8_t { clean, mended, hopeless };

// Reports NUL and what is no UTF-8. `mended` is then the text with blanks in those places, so that
// the rest can be read; with too many of them the file is no text.
Bytes check_bytes(std::string_view text, std::uint32_t file, std::string& mended,
                  Diagnostics& diagnostics);

bool is_digit(char c);
std::size_t skip_blanks(std::string_view text, std::size_t at);
// Blanks, "," and ":".
std::size_t skip_separators(std::string_view text, std::size_t at);
// The end of a JSON number, and of all that looks as if it belonged to a number.
std::size_t number_token_end(std::string_view text, std::size_t begin);
std::size_t number_end(std::string_view text, std::size_t begin);

}  // namespace sagalab::language
