// Fitting text into columns. Widths are columns of a terminal (`display_width`); input is
// well-formed UTF-8 without control characters, as `printable` gives it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sagalab::views {

// `text` if it fits into `width`, else its beginning and "...".
std::string cut(std::string_view text, std::size_t width);

// `text` on one line if it fits, else on two: broken before a payload or at a space, the second
// one beginning with two spaces. What is more than twice as wide is cut on the first line.
std::vector<std::string> fold(std::string_view text, std::size_t width);

// `text` filled up with spaces, on its right or on its left; never cut.
std::string pad_right(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);

// `text` broken at spaces into lines of at most `width`; a longer word stands alone.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// `word` as a POSIX shell reads it back: unchanged if it is harmless, else in single quotes.
std::string shell_quote(std::string_view word);

// "1 event", "2 events".
std::string counted(std::size_t count, std::string_view noun);

// Milliseconds as seconds with three decimals: "1.250".
std::string seconds(std::uint64_t milliseconds);

// Rows of cells, each column as wide as its widest cell; the last one is not filled up.
class Table {
public:
    void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    [[nodiscard]] std::vector<std::string> lines(std::string_view gap = "  ") const;

private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace sagalab::views
