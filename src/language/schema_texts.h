// Texts of a fixed form as a JSON Schema describes them: regular expressions and examples. Only
// schema*.cpp include this.
//
// The expressions keep to what ECMA 262 and Python share. They mean the whole text, but carry no
// anchors: `whole` adds them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "language/shape.h"

namespace sagalab::language::schema {

// The texts that `has_form` and `name_error` accept; empty where any text will do, and for forms
// that are no texts.
std::string pattern_of(shape::Form form);

// What the form is called.
std::string_view name_of(shape::Form form);

// Texts of the form, for editors to offer.
std::span<const std::string_view> examples_of(shape::Form form);

// "${params.NAME}", which may stand for a value of any kind.
std::string_view param_pattern();

std::string whole(std::string_view pattern);
std::string whole_or_param(std::string_view pattern);

}  // namespace sagalab::language::schema
