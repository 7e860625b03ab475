#include "language/schema_values.h"

#include <fmt/format.h>

#include <limits>

#include "language/schema_texts.h"
#include "language/shape_words.h"

namespace sagalab::language::schema {

using shape::Form;
using shape::Shape;

namespace {

void add_examples(Json& body, Form form) {
    for (std::string_view example : examples_of(form)) body["examples"].push_back(example);
}

Json text_body(Form form) {
    Json body{{"description", phrase_of({.form = form})}, {"type", "string"}};
    std::string pattern = pattern_of(form);
    if (pattern.empty()) {
        body["minLength"] = 1;
    } else {
        body["pattern"] = whole_or_param(pattern);
    }
    add_examples(body, form);
    return body;
}

Json described(std::string description, std::string_view type) {
    Json body{{"description", std::move(description)}};
    set_type(body, type, Mode::file, Param::allowed);
    return body;
}

}  // namespace

// The names of forms are given first, so that nothing else of the table takes them.
Definitions::Definitions() {
    for (int form = 0; form <= static_cast<int>(Form::either); ++form) {
        name_of_form(static_cast<Form>(form));
    }
}

std::string Definitions::name_of_form(Form form, std::string_view suffix) {
    std::string_view text = name_of(form);
    return name(text.data(), text, suffix);
}

Json Definitions::value(const Shape& shape) {
    switch (shape.form) {
        case Form::any:
        case Form::data: return data();
        case Form::data_object: return data_object();
        case Form::flag: return flag();
        case Form::integer: return integer(shape);
        case Form::word: return word(shape);
        case Form::duration_pair: return duration_pair();
        case Form::factor:
        case Form::size: return text_or_integer(shape.form);
        default: return text(shape.form);
    }
}

Json Definitions::map_key(const Shape& map) {
    std::string pattern = pattern_of(map.key);
    if (pattern.empty()) return {{"minLength", 1}};
    return define(name_of_form(map.key, "-key"), [&] {
        Json body{{"description", phrase_of({.form = map.key})}, {"pattern", whole(pattern)}};
        add_examples(body, map.key);
        return body;
    });
}

Json Definitions::text(Form form) {
    return define(name_of_form(form), [&] { return text_body(form); });
}

Json Definitions::text_or_integer(Form form) {
    return define(name_of_form(form), [&] {
        Json body = text_body(form);
        body["type"] = {"string", "integer"};
        body["minimum"] = form == Form::size ? 1 : 0;
        if (form == Form::factor) body["maximum"] = 1'000'000'000;
        return body;
    });
}

Json Definitions::data() {
    std::string name = name_of_form(Form::data);
    return define(name, [&] {
        return Json{{"description", "JSON whose numbers are 64-bit integers."},
                    {"type", {"string", "integer", "boolean", "null", "array", "object"}},
                    {"items", reference(name)},
                    {"additionalProperties", reference(name)}};
    });
}

Json Definitions::data_object() {
    return define(name_of_form(Form::data_object), [&] {
        Json body = described("An object of data; \"${...}\" in it inserts a value.", "object");
        body["additionalProperties"] = data();
        return body;
    });
}

Json Definitions::flag() {
    return define(name_of_form(Form::flag),
                  [] { return described(phrase_of({.form = Form::flag}), "boolean"); });
}

Json Definitions::integer(const Shape& shape) {
    bool is_bounded = shape.high != std::numeric_limits<std::int64_t>::max();
    std::string wanted = fmt::format("integer-from-{}", shape.low);
    if (is_bounded) wanted += fmt::format("-to-{}", shape.high);
    return define(name(&shape, wanted), [&] {
        Json body = described(phrase_of(shape), "integer");
        body["minimum"] = shape.low;
        if (is_bounded) body["maximum"] = shape.high;
        return body;
    });
}

Json Definitions::word(const Shape& shape) {
    Json words = Json::array();
    for (std::string_view text : shape.words) words.push_back(text);
    Json param{{"type", "string"}, {"pattern", whole(param_pattern())}};
    return {{"anyOf", {{{"enum", std::move(words)}}, std::move(param)}}};
}

Json Definitions::duration_pair() {
    return define(name_of_form(Form::duration_pair), [&] {
        Json body = described(phrase_of({.form = Form::duration_pair}), "array");
        body["items"] = text(Form::duration);
        body["minItems"] = 2;
        body["maxItems"] = 2;
        body["examples"] = Json::array({{"1ms", "5ms"}});
        return body;
    });
}

}  // namespace sagalab::language::schema
