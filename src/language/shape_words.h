// What messages about the structure of a file say: "a duration such as ...", lists of names.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "language/json.h"
#include "language/shape.h"

namespace sagalab::language {

// Whether values of this kind of JSON can be of the shape at all.
bool accepts(const shape::Shape& shape, Node::Kind kind);

// "a duration such as \"250us\" or \"1m30s\"": what a value of the shape is.
std::string phrase_of(const shape::Shape& shape);

// What stands there instead: its text or number where that kind was right, else its kind.
std::string shown(const Node& node, const shape::Shape& shape);

// "\"a\", \"b\" or \"c\""
std::string quoted_list(const std::vector<std::string>& names, std::string_view last = "or");

// "an event", "a table".
std::string with_article(std::string_view noun);

}  // namespace sagalab::language
