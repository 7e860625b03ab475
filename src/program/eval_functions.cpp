#include <algorithm>
#include <charconv>
#include <string>

#include "base/text.h"
#include "base/time.h"
#include "program/eval_operators.h"

namespace sagalab::program {
namespace {

using Kind = Value::Kind;
using Arguments = std::span<const Value>;

Value refused(std::string_view name, const Value& argument) {
    return failure("\"" + std::string(name) + "\" does not take " +
                   std::string(kind_name(argument.kind())));
}

Value size_of(const Value& value) {
    switch (value.kind()) {
        case Kind::string: return Value(static_cast<std::int64_t>(count_code_points(value.text())));
        case Kind::list: return Value(static_cast<std::int64_t>(value.items().size()));
        case Kind::map: return Value(static_cast<std::int64_t>(value.entries().size()));
        default: return refused("size", value);
    }
}

Value of_texts(Function function, const Value& text, const Value& part) {
    std::string_view name = function == Function::starts_with ? "startsWith"
                            : function == Function::ends_with ? "endsWith"
                                                              : "contains";
    if (!text.is(Kind::string)) return refused(name, text);
    if (!part.is(Kind::string)) return refused(name, part);
    switch (function) {
        case Function::starts_with: return Value(text.text().starts_with(part.text()));
        case Function::ends_with: return Value(text.text().ends_with(part.text()));
        default: return Value(text.text().find(part.text()) != std::string_view::npos);
    }
}

Value to_string(const Value& value) {
    switch (value.kind()) {
        case Kind::string: return value;
        case Kind::integer: return Value(std::to_string(value.integer()));
        case Kind::boolean: return Value(value.truth() ? "true" : "false");
        case Kind::duration: return Value(format_cel_duration(value.nanos()));
        default: return refused("string", value);
    }
}

Value to_integer(const Value& value) {
    if (value.is(Kind::integer)) return value;
    if (!value.is(Kind::string)) return refused("int", value);
    std::string_view text = value.text();
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size()) return Value(number);
    return failure("\"" + std::string(text) + "\" is no 64-bit integer");
}

// The spellings that the CEL specification lists for bool().
Value to_boolean(const Value& value) {
    if (value.is(Kind::boolean)) return value;
    if (!value.is(Kind::string)) return refused("bool", value);
    for (std::string_view yes : {"true", "True", "TRUE", "t", "1"}) {
        if (value.text() == yes) return Value(true);
    }
    for (std::string_view no : {"false", "False", "FALSE", "f", "0"}) {
        if (value.text() == no) return Value(false);
    }
    return failure("\"" + std::string(value.text()) + "\" is no bool");
}

Value to_duration(const Value& value) {
    if (value.is(Kind::duration)) return value;
    if (!value.is(Kind::string)) return refused("duration", value);
    std::optional<Nanos> time = parse_duration(value.text(), true);
    if (time) return Value::duration(*time);
    return failure("\"" + std::string(value.text()) +
                   "\" is no duration (a number with h, m, s, ms, us or ns, as in \"1m30s\")");
}

Value of_list(Function function, const Value& list) {
    std::string name = function == Function::sum   ? "sum"
                       : function == Function::min ? "min"
                                                   : "max";
    if (!list.is(Kind::list)) return refused(name, list);
    std::span<const Value> items = list.items();
    for (const Value& item : items) {
        if (!item.is(Kind::integer)) {
            return failure("\"" + name + "\" takes a list of int, not of " +
                           std::string(kind_name(item.kind())));
        }
    }
    if (function == Function::sum) {
        std::int64_t total = 0;
        for (const Value& item : items) {
            if (__builtin_add_overflow(total, item.integer(), &total)) {
                return failure("integer overflow in sum");
            }
        }
        return Value(total);
    }
    if (items.empty()) return failure("\"" + name + "\" of an empty list");
    auto smaller = [](const Value& a, const Value& b) { return a.integer() < b.integer(); };
    return function == Function::min ? *std::min_element(items.begin(), items.end(), smaller)
                                     : *std::max_element(items.begin(), items.end(), smaller);
}

Value get(const Value& map, const Value& key, const Value& otherwise) {
    if (map.is_null()) return otherwise;
    if (!map.is(Kind::map)) return refused("get", map);
    if (!key.is(Kind::string)) {
        return failure("a key of a map is a string, not " + std::string(kind_name(key.kind())));
    }
    const Value* found = map.find(key);
    return found ? *found : otherwise;
}

}  // namespace

Value called(Function function, Arguments arguments) {
    for (const Value& argument : arguments) {
        if (argument.is_error()) return argument;
    }
    const Value& first = arguments[0];
    switch (function) {
        case Function::size: return size_of(first);
        case Function::starts_with:
        case Function::ends_with:
        case Function::contains: return of_texts(function, first, arguments[1]);
        case Function::string: return to_string(first);
        case Function::integer: return to_integer(first);
        case Function::boolean: return to_boolean(first);
        case Function::duration: return to_duration(first);
        case Function::sum:
        case Function::min:
        case Function::max: return of_list(function, first);
        case Function::get: break;
    }
    return get(first, arguments[1], arguments[2]);
}

}  // namespace sagalab::program
