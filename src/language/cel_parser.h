// From the tokens of an expression to its tree (Pratt, "Top Down Operator Precedence", POPL 1973).
//
// Precedence and associativity are CEL's. The first error is reported and ends the parse.
#pragma once

#include <optional>

#include "language/cel_ast.h"
#include "language/diagnostics.h"

namespace sagalab::language {

inline constexpr std::size_t expression_bytes_max = 16'384;
inline constexpr std::uint32_t nesting_max = 100;  // brackets, signs, branches within each other
inline constexpr std::uint32_t tree_depth_max = 1000;

// The expression that text[begin, end) is. `text` must outlive the tree.
std::optional<Ast> parse_expression(const CelText& text, std::uint32_t begin, std::uint32_t end,
                                    const Sources& sources, Diagnostics& diagnostics);

}  // namespace sagalab::language
