// Lints: what a scenario file may say and hardly means. One row for each, in lint.cpp.
//
// A lint is known by a code that never changes ("SL007") and a name that people use
// ("dual-write"). It is a warning; `allow` silences it in the file (lint_allow.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sagalab::language {

enum class Lint : std::uint8_t {
    unheard_event,
    unsent_event,
    unwritten_field,
    never_called,
    missing_row,
    retry_without_key,
    dual_write,
    short_timeout,
    bare_expression,
    never_equal,
};
inline constexpr std::size_t lint_count = 10;

struct LintRow {
    Lint lint;
    std::string_view code;
    std::string_view name;
    std::string_view about;  // one sentence
    // Said only where it holds in every case of the file that has the place: what one case does not
    // use may be there for another.
    bool in_every_case;
    std::string_view meaning;  // paragraphs, lines of at most 80 columns
    std::string_view example;  // lines of a scenario that is warned of
    std::string_view mend;     // lines
};

std::span<const LintRow> lint_rows();  // in the order of their codes
const LintRow& row_of(Lint lint);
// By code or name; null if there is none.
const LintRow* find_lint(std::string_view code_or_name);

// The names, in the order of the codes: what `allow` takes.
extern const std::string_view lint_names[lint_count];

}  // namespace sagalab::language
