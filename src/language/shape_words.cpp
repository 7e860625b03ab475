#include "language/shape_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace sagalab::language {

using shape::Form;
using shape::Shape;

namespace {

std::string integer_phrase(const Shape& shape) {
    if (shape.high != std::numeric_limits<std::int64_t>::max()) {
        return fmt::format("a whole number from {} to {}", shape.low, shape.high);
    }
    return fmt::format("a whole number of at least {}", shape.low);
}

std::string either_phrase(const Shape& shape) {
    std::string phrase;
    for (const Shape* option : shape.options) {
        if (!phrase.empty()) phrase += " or ";
        phrase += phrase_of(*option);
    }
    return phrase;
}

std::string words_phrase(const Shape& shape) {
    return quoted_list({shape.words.begin(), shape.words.end()});
}

std::string list_phrase(const Shape& shape) {
    if (shape.low == 0) return "an array";
    return fmt::format("an array of at least {} item{}", shape.low, shape.low == 1 ? "" : "s");
}

}  // namespace

bool accepts(const Shape& shape, Node::Kind kind) {
    using Kind = Node::Kind;
    switch (shape.form) {
        case Form::any:
        case Form::data: return true;
        case Form::flag: return kind == Kind::boolean;
        case Form::integer: return kind == Kind::integer;
        case Form::factor:
        case Form::size: return kind == Kind::string || kind == Kind::integer;
        case Form::list:
        case Form::duration_pair: return kind == Kind::array;
        case Form::data_object:
        case Form::map:
        case Form::object:
        case Form::verbs: return kind == Kind::object;
        case Form::either:
            return std::any_of(shape.options.begin(), shape.options.end(),
                               [&](const Shape* option) { return accepts(*option, kind); });
        default: return kind == Kind::string;
    }
}

std::string phrase_of(const Shape& shape) {
    if (!shape.phrase.empty()) return std::string(shape.phrase);
    switch (shape.form) {
        case Form::any:
        case Form::data: return "a value";
        case Form::text:
        case Form::phrase: return "a string";
        case Form::name:
        case Form::bound_name: return "a name";
        case Form::expression: return "an expression in a string";
        case Form::operation: return "a name such as \"Payments.Charge\"";
        case Form::message: return "a name such as \"PayOrder\" or \"Payments.Charge\"";
        case Form::party: return "a name such as \"Payments\" or \"Payments/2\"";
        case Form::delivery: return "a delivery such as \"PayOrder -> Payments\"";
        case Form::route: return "a route such as \"GET /orders/{orderId}\"";
        case Form::duration: return "a duration such as \"250us\" or \"1m30s\"";
        case Form::duration_pair: return "two durations, the shorter first";
        case Form::percentage: return "a percentage such as \"2%\"";
        case Form::factor: return "a factor such as \"1.5\"";
        case Form::rate: return "a rate such as \"200/s\"";
        case Form::size: return "a size such as \"4G\"";
        case Form::integer: return integer_phrase(shape);
        case Form::flag: return "true or false";
        case Form::word: return words_phrase(shape);
        case Form::list: return list_phrase(shape);
        case Form::data_object:
        case Form::map:
        case Form::object: return "an object";
        case Form::verbs: return std::string(shape.verbs->phrase) + " (an object)";
        case Form::either: return either_phrase(shape);
    }
    return "a value";
}

std::string shown(const Node& node, const Shape& shape) {
    if (!accepts(shape, node.kind)) return std::string(kind_phrase(node.kind));
    constexpr std::size_t longest = 60;
    switch (node.kind) {
        case Node::Kind::string: {
            if (node.text.size() <= longest) return fmt::format("\"{}\"", printable(node.text));
            std::string_view start = std::string_view(node.text).substr(0, longest);
            std::size_t broken = find_invalid_utf8(start);
            return fmt::format("\"{}...\"", printable(start.substr(0, broken)));
        }
        case Node::Kind::integer: return std::to_string(node.integer);
        case Node::Kind::array:
            if (node.items.empty()) return "an empty array";
            return fmt::format("an array of {}", node.items.size());
        case Node::Kind::object: return node.members.empty() ? "an empty object" : "this object";
        default: return std::string(kind_phrase(node.kind));
    }
}

std::string quoted_list(const std::vector<std::string>& names, std::string_view last) {
    std::string list;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) list += i + 1 == names.size() ? fmt::format(" {} ", last) : ", ";
        list += fmt::format("\"{}\"", names[i]);
    }
    return list;
}

std::string with_article(std::string_view noun) {
    bool vowel = !noun.empty() && std::string_view("aeiou").find(noun[0]) != std::string_view::npos;
    return fmt::format("{} {}", vowel ? "an" : "a", noun);
}

}  // namespace sagalab::language
