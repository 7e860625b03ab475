#include "language/schema_json.h"

#include <utility>

#include "language/schema_texts.h"

namespace sagalab::language::schema {

using shape::Key;
using shape::Object;
using shape::Rule;
using shape::Verbs;

namespace {

Json any_required(std::span<const std::string_view> keys) {
    Json options = Json::array();
    for (std::string_view key : keys) options.push_back(required(key));
    return options;
}

// Both keys, neither of them null.
Json both(std::string_view one, std::string_view other) {
    const Json present{{"not", {{"type", "null"}}}};
    return {{"required", {one, other}},
            {"properties", {{std::string(one), present}, {std::string(other), present}}}};
}

void exclude_each_other(Json& body, std::span<const std::string_view> keys) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
        for (std::size_t j = i + 1; j < keys.size(); ++j) {
            body["allOf"].push_back({{"not", both(keys[i], keys[j])}});
        }
    }
}

constexpr std::size_t line_max = 100;

std::string on_one_line(const Json& json) {
    if (!json.is_structured()) return json.dump();
    std::string out;
    for (const auto& [key, value] : json.items()) {
        out += out.empty() ? "" : ", ";
        if (json.is_object()) out += Json(key).dump() + ": ";
        out += on_one_line(value);
    }
    if (json.is_array()) return "[" + out + "]";
    return out.empty() ? "{}" : "{ " + out + " }";
}

// `before`: the columns that are taken on the line, but for the indent.
void print(const Json& json, std::size_t indent, std::size_t before, std::string& out) {
    std::string line = on_one_line(json);
    if (!json.is_structured() || indent + before + line.size() < line_max) {
        out += line;
        return;
    }
    out += json.is_array() ? "[" : "{";
    bool is_first = true;
    for (const auto& [key, value] : json.items()) {
        std::string name = json.is_object() ? Json(key).dump() + ": " : "";
        out += (is_first ? "\n" : ",\n") + std::string(indent + 2, ' ') + name;
        print(value, indent + 2, name.size(), out);
        is_first = false;
    }
    out += "\n" + std::string(indent, ' ') + (json.is_array() ? "]" : "}");
}

}  // namespace

Json reference(std::string_view definition) {
    return {{"$ref", "#/definitions/" + std::string(definition)}};
}

Json required(std::string_view key) { return {{"required", Json::array({key})}}; }

Json or_null(Json body) { return {{"anyOf", {std::move(body), {{"type", "null"}}}}}; }

void set_type(Json& body, std::string_view type, Mode mode, Param param) {
    Json types = Json::array({type});
    if (param == Param::allowed) types.push_back("string");
    if (mode == Mode::patch) types.push_back("null");
    body["type"] = types.size() == 1 ? types[0] : types;
    if (param == Param::allowed) body["pattern"] = whole(param_pattern());
}

void add_rule(Json& body, const Rule& rule, Mode mode) {
    switch (rule.kind) {
        case Rule::Kind::at_most_one: return exclude_each_other(body, rule.keys);
        case Rule::Kind::one_of:
            if (mode == Mode::patch) return exclude_each_other(body, rule.keys);
            body["allOf"].push_back({{"oneOf", any_required(rule.keys)}});
            return;
        case Rule::Kind::needs:
            if (mode == Mode::patch) return;
            body["dependencies"][std::string(rule.keys[0])] = {
                {"anyOf", any_required(rule.keys.subspan(1))}};
    }
}

Json leads(const Object& object, const Verbs& verbs) {
    std::string_view verb = object.keys[0].name;
    Json condition = required(verb);
    Json others = Json::array();
    for (const Object* other : verbs.objects) {
        if (other == &object || shape::find_key(*other, verb) == nullptr) continue;
        others.push_back(required(other->keys[0].name));
    }
    if (!others.empty()) condition["not"] = {{"anyOf", std::move(others)}};
    return condition;
}

Json others_removed(const Object& object, const Verbs& verbs) {
    Json properties = Json::object();
    for (const Object* other : verbs.objects) {
        for (const Key& key : other->keys) {
            if (shape::find_key(object, key.name) != nullptr) continue;
            properties[std::string(key.name)] = {{"type", "null"}};
        }
    }
    return {{"properties", std::move(properties)}};
}

std::string print(const Json& json) {
    std::string out;
    print(json, 0, 0, out);
    return out + "\n";
}

}  // namespace sagalab::language::schema
