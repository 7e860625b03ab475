#include "language/shape_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "language/cel.h"
#include "language/shape_values.h"
#include "language/shape_words.h"

namespace sagalab::language {

using shape::Form;

namespace {

// "Service.Operation"
bool is_operation(std::string_view text) {
    std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) return false;
    return is_identifier(text.substr(0, dot)) && is_identifier(text.substr(dot + 1));
}

bool is_message(std::string_view text) { return is_identifier(text) || is_operation(text); }

bool is_party(std::string_view text) {
    std::size_t slash = text.find('/');
    if (!is_identifier(text.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    std::string_view number = text.substr(slash + 1);
    return !number.empty() && number.size() < 8 && number[0] != '0' &&
           number.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_delivery(std::string_view text) {
    constexpr std::string_view arrow = " -> ";
    std::size_t at = text.find(arrow);
    if (at == std::string_view::npos) return false;
    return is_message(text.substr(0, at)) && is_identifier(text.substr(at + arrow.size()));
}

bool is_route(std::string_view text) {
    std::size_t blank = text.find(' ');
    if (blank == 0 || blank == std::string_view::npos) return false;
    std::string_view method = text.substr(0, blank);
    std::string_view path = text.substr(blank + 1);
    bool capitals =
        std::all_of(method.begin(), method.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    return capitals && path.starts_with('/') && path.find(' ') == std::string_view::npos;
}

}  // namespace

std::optional<std::string> name_error(std::string_view text, std::string_view what) {
    std::string quoted = fmt::format("\"{}\"", printable(text));
    std::string cannot =
        what.empty() ? "is no name" : fmt::format("cannot name {}", with_article(what));
    if (!is_identifier(text)) {
        return fmt::format("{} {}: names are letters, digits and _, and do not begin with a digit",
                           quoted, cannot);
    }
    if (is_reserved(text)) {
        return fmt::format("{} is a reserved word and {}", quoted, cannot);
    }
    return std::nullopt;
}

bool has_form(std::string_view text, const shape::Shape& shape) {
    switch (shape.form) {
        case Form::text:
        case Form::expression:
        case Form::phrase: return !text.empty();
        case Form::operation: return is_operation(text);
        case Form::message: return is_message(text);
        case Form::party: return is_party(text);
        case Form::delivery: return is_delivery(text);
        case Form::route: return is_route(text);
        case Form::duration: return duration_of(text).has_value();
        case Form::percentage: return millionths_of_percentage(text).has_value();
        case Form::factor: return factor_millionths(text).has_value();
        case Form::rate: return rate_millionths_per_second(text).has_value();
        case Form::size: return size_bytes(text).has_value();
        case Form::word:
            return std::find(shape.words.begin(), shape.words.end(), text) != shape.words.end();
        default: return true;
    }
}

}  // namespace sagalab::language
