#include "language/schema_defaults.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "language/shape_names.h"

namespace sagalab::language::schema {

using shape::Form;
using shape::Shape;

namespace {

Node string_node(std::string_view text) {
    Node node;
    node.kind = Node::Kind::string;
    node.text = text;
    return node;
}

// "100,000,000"
std::optional<Node> integer_node(std::string_view text, const Shape& shape) {
    std::string digits(text);
    digits.erase(std::remove(digits.begin(), digits.end(), ','), digits.end());
    Node node;
    node.kind = Node::Kind::integer;
    const char* last = digits.data() + digits.size();
    auto [end, error] = std::from_chars(digits.data(), last, node.integer);
    if (error != std::errc{} || end != last) return std::nullopt;
    if (node.integer < shape.low || node.integer > shape.high) return std::nullopt;
    return node;
}

std::optional<Node> flag_node(std::string_view text) {
    if (text != "true" && text != "false") return std::nullopt;
    Node node;
    node.kind = Node::Kind::boolean;
    node.truth = text == "true";
    return node;
}

// The text as a value of the shape. Not of forms that any text has.
std::optional<Node> value_of(std::string_view text, const Shape& shape) {
    switch (shape.form) {
        case Form::flag: return flag_node(text);
        case Form::integer: return integer_node(text, shape);
        case Form::word:
        case Form::duration:
        case Form::percentage:
        case Form::factor:
        case Form::rate:
        case Form::size:
            if (has_form(text, shape)) return string_node(text);
            return std::nullopt;
        case Form::either:
            for (const Shape* option : shape.options) {
                if (auto value = value_of(text, *option)) return value;
            }
            return std::nullopt;
        default: return std::nullopt;
    }
}

// The one of the words that stands last in a text.
std::optional<Node> last_word(std::string_view text, const Shape& shape) {
    std::optional<Node> found;
    std::size_t last = 0;
    for (std::string_view word : shape.words) {
        std::size_t at = text.rfind(word);
        if (at == std::string_view::npos || (found && at < last)) continue;
        found = string_node(word);
        last = at;
    }
    return found;
}

}  // namespace

std::optional<Node> default_of(const shape::Key& key) {
    std::size_t open = key.about.rfind('(');
    std::size_t close = key.about.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
        return std::nullopt;
    }
    std::string_view text = key.about.substr(open + 1, close - open - 1);
    if (text == "default") return last_word(key.about.substr(0, open), *key.shape);
    return value_of(text, *key.shape);
}

}  // namespace sagalab::language::schema
