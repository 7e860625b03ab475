// Text: suggestions for misspelt names, UTF-8, widths. One place for loader, options and views.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sagalab {

// Edits (insert, delete, replace, swap of neighbours) from a to b, ignoring the case of ASCII
// letters (restricted Damerau-Levenshtein distance).
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate nearest to `name` if it is near enough to be a slip (a third of the length, at
// least one edit); of equally near ones the first by bytes.
std::optional<std::string> nearest(std::string_view name, std::span<const std::string> candidates);

// Position of the first byte that is not well-formed UTF-8 (RFC 3629), or npos.
std::size_t find_invalid_utf8(std::string_view text);

// Code points in well-formed UTF-8.
std::size_t count_code_points(std::string_view text);

// Columns on a terminal: code points, with combining marks as none and East Asian wide as two.
std::size_t display_width(std::string_view text);

// [A-Za-z_][A-Za-z0-9_]*
bool is_identifier(std::string_view text);

// Control characters (all but UTF-8 text) as escapes, so that nothing from a file can steer a
// terminal.
std::string printable(std::string_view text);

}  // namespace sagalab
