// Names and other texts of a fixed form in a scenario file: what is wrong with one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "language/shape.h"

namespace sagalab::language {

// Why `text` may not name a thing ("service", "table", empty where it only refers to one), or
// nothing if it may: it must be an identifier and no reserved word.
std::optional<std::string> name_error(std::string_view text, std::string_view what);

// Whether a text is of a form; true for forms that are no texts of a fixed form.
bool has_form(std::string_view text, const shape::Shape& shape);

}  // namespace sagalab::language
