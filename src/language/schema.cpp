#include "language/schema.h"

#include <map>
#include <utility>

#include "language/merge.h"
#include "language/schema_defaults.h"
#include "language/schema_json.h"
#include "language/schema_names.h"
#include "language/schema_texts.h"
#include "language/schema_values.h"
#include "language/shape.h"
#include "language/shape_words.h"

namespace sagalab::language {

using schema::Json;
using schema::Mode;
using schema::Param;
using shape::Form;
using shape::Key;
using shape::Object;
using shape::Shape;
using shape::Verbs;

namespace {

// What stands in several places, which is defined once.
class Uses {
public:
    void add(const Object& object) {
        if (!is_new(&object)) return;
        for (const Key& key : object.keys) add(*key.shape);
        for (const Key& key : shape::common_keys) add(*key.shape);
    }
    [[nodiscard]] bool several(const Shape& shape) const {
        auto found = counts_.find(&shape);
        return found != counts_.end() && found->second > 1;
    }

private:
    void add(const Shape& shape) {
        if (!is_new(&shape)) return;
        if (shape.element != nullptr) add(*shape.element);
        if (shape.object != nullptr) add(*shape.object);
        for (const Shape* option : shape.options) add(*option);
        if (shape.verbs == nullptr || !is_new(shape.verbs)) return;
        for (const Object* object : shape.verbs->objects) add(*object);
    }
    bool is_new(const void* thing) { return ++counts_[thing] == 1; }

    std::map<const void*, int> counts_;  // looked up, never walked through
};

// What a case adds to a list of the file.
bool is_added(const Key& key) { return shape::find_key(shape::scenario, key.name) == nullptr; }

// Of a file or a case, what is read before the values of params are put in.
bool is_literal(const Key& key, const Object& object) {
    if (&object == &shape::scenario_case) return key.name == "params" || is_added(key);
    return &object == &shape::scenario &&
           (key.name == "params" || key.name == "include" || key.name == "cases");
}

// "step", "step-list", "duration-or-distribution"; of words the key where they stand.
std::string definition_name(const Shape& shape, const std::string& key) {
    switch (shape.form) {
        case Form::object: return schema::slug(shape.object->phrase);
        case Form::verbs: return schema::slug(shape.verbs->phrase);
        case Form::list: return definition_name(*shape.element, key) + "-list";
        case Form::map: return schema::slug(shape.key_what) + "-map";
        case Form::word: return shape.words.size() == 1 ? std::string(shape.words[0]) : key;
        case Form::either: break;
        default: return std::string(schema::name_of(shape.form));
    }
    std::string name;
    for (const Shape* option : shape.options) {
        if (!name.empty()) name += "-or-";
        name += definition_name(*option, key);
    }
    return name;
}

std::string_view suffix(Mode mode) { return mode == Mode::patch ? "-patch" : ""; }

class Builder {
public:
    Builder() { uses_.add(shape::scenario); }

    Json build() {
        Json root{{"$schema", "http://json-schema.org/draft-07/schema#"},
                  {"$id", "urn:sagalab:scenario"},
                  {"title", "A scenario of sagalab, or a part of one"},
                  {"description", shape::scenario.about},
                  {"type", "object"}};
        add_members(root, shape::scenario, Mode::file);
        root["definitions"] = definitions_.take();
        return root;
    }

private:
    // `key` is the one under which the value stands, and names what has no name of its own.
    Json value(const Shape& shape, const std::string& key, Mode mode) {
        if (shape.form == Form::object) return object(*shape.object, mode);
        if (shape.form == Form::verbs) return verbs(*shape.verbs, mode);
        if (mode == Mode::patch) return patch(shape, key);
        bool has_name = shape.form != Form::list && shape.form != Form::map &&
                        shape.form != Form::either && shape.form != Form::word;
        if (has_name || !uses_.several(shape)) return plain(shape, key);
        return definitions_.define(definitions_.name(&shape, definition_name(shape, key)),
                                   [&] { return plain(shape, key); });
    }

    Json plain(const Shape& shape, const std::string& key) {
        switch (shape.form) {
            case Form::list: return list(shape, key, Param::allowed);
            case Form::map: return map(shape, key, Mode::file, Param::allowed);
            case Form::either: return either(shape, key);
            default: return definitions_.value(shape);
        }
    }

    Json patch(const Shape& shape, const std::string& key) {
        if (shape.form == Form::map) return map(shape, key, Mode::patch, Param::allowed);
        const Shape* merged = shape.form == Form::either ? object_option(&shape) : nullptr;
        if (merged == nullptr) return schema::or_null(value(shape, key, Mode::file));
        Json options = Json::array();
        for (const Shape* option : shape.options) {
            options.push_back(value(*option, key, option == merged ? Mode::patch : Mode::file));
        }
        return {{"anyOf", std::move(options)}};
    }

    Json list(const Shape& shape, const std::string& key, Param param) {
        Json body;
        schema::set_type(body, "array", Mode::file, param);
        body["items"] = value(*shape.element, key + "-item", Mode::file);
        if (shape.low > 0) body["minItems"] = shape.low;
        return body;
    }

    Json map(const Shape& shape, const std::string& key, Mode mode, Param param) {
        Json body;
        schema::set_type(body, "object", mode, param);
        body["propertyNames"] = definitions_.map_key(shape);
        body["additionalProperties"] = value(*shape.element, key + "-item", mode);
        if (shape.low > 0 && mode == Mode::file) body["minProperties"] = shape.low;
        return body;
    }

    Json either(const Shape& shape, const std::string& key) {
        Json options = Json::array();
        for (const Shape* option : shape.options)
            options.push_back(value(*option, key, Mode::file));
        return {{"anyOf", std::move(options)}};
    }

    Json object(const Object& object, Mode mode) {
        std::string name = definitions_.name(&object, schema::slug(object.phrase), suffix(mode));
        return definitions_.define(name, [&] {
            Json body{{"description", object.about}};
            schema::set_type(body, "object", mode, Param::allowed);
            add_members(body, object, mode);
            return body;
        });
    }

    void add_members(Json& body, const Object& object, Mode mode) {
        Json properties = Json::object();
        Json needed = Json::array();
        for (const Key& key : object.keys) {
            properties[std::string(key.name)] = property(key, object, mode);
            if (key.required) needed.push_back(key.name);
        }
        for (const Key& key : shape::common_keys) {
            properties[std::string(key.name)] = property(key, object, mode);
        }
        body["properties"] = std::move(properties);
        if (mode == Mode::file && !needed.empty()) body["required"] = std::move(needed);
        body["additionalProperties"] = false;
        for (const shape::Rule& rule : object.rules) schema::add_rule(body, rule, mode);
    }

    Json property(const Key& key, const Object& object, Mode mode) {
        Json body{{"description", key.about}};
        if (auto node = schema::default_of(key)) {
            if (node->is(Node::Kind::string)) body["default"] = node->text;
            if (node->is(Node::Kind::integer)) body["default"] = node->integer;
            if (node->is(Node::Kind::boolean)) body["default"] = node->truth;
        }
        body.update(value_of(key, object, mode));
        return body;
    }

    Json value_of(const Key& key, const Object& object, Mode mode) {
        std::string name(key.name);
        if (is_literal(key, object)) return literal(*key.shape, name, mode);
        if (mode == Mode::patch && replaces_whole(key.name)) {
            return schema::or_null(value(*key.shape, name, Mode::file));
        }
        return value(*key.shape, name, mode);
    }

    Json literal(const Shape& shape, const std::string& key, Mode mode) {
        if (shape.form == Form::list) return list(shape, key, Param::refused);
        if (shape.element->object != &shape::scenario_case) {
            return map(shape, key, mode, Param::refused);
        }
        return {{"type", "object"},
                {"propertyNames", definitions_.map_key(shape)},
                {"additionalProperties", scenario_case()}};
    }

    Json scenario_case() {
        const Object& object = shape::scenario_case;
        std::string name = definitions_.name(&object, schema::slug(object.phrase));
        return definitions_.define(name, [&] {
            Json body{{"description", object.about}, {"type", "object"}};
            add_members(body, object, Mode::patch);
            return body;
        });
    }

    Json verbs(const Verbs& verbs, Mode mode) {
        std::string name = definitions_.name(&verbs, schema::slug(verbs.phrase), suffix(mode));
        return definitions_.define(name, [&] {
            Json body{{"description", verbs.about}};
            schema::set_type(body, "object", mode, Param::allowed);
            if (mode == Mode::file) add_verbs(body, verbs);
            if (mode == Mode::patch) add_patches(body, verbs);
            return body;
        });
    }

    // An object that has a verb is held against what goes with this verb only, so that complaints
    // are about that; one that has none yet is offered the verbs.
    void add_verbs(Json& body, const Verbs& verbs) {
        Json names = Json::array();
        Json offered = Json::object();
        Json needed = Json::array();
        Json rows = Json::array();
        for (const Object* one : verbs.objects) {
            const Key& verb = one->keys[0];
            names.push_back(verb.name);
            offered[std::string(verb.name)] = property(verb, *one, Mode::file);
            needed.push_back(schema::required(verb.name));
            rows.push_back(
                {{"if", schema::leads(*one, verbs)}, {"then", object(*one, Mode::file)}});
        }
        body["if"] = {{"propertyNames", {{"not", {{"enum", std::move(names)}}}}}};
        body["then"] = {{"properties", std::move(offered)}, {"anyOf", std::move(needed)}};
        body["else"] = {{"allOf", std::move(rows)}};
    }

    // Any key of any verb, if only those of one of them are not removed.
    void add_patches(Json& body, const Verbs& verbs) {
        Json properties = Json::object();
        Json options = Json::array();
        for (const Object* one : verbs.objects) {
            for (const Key& key : one->keys) {
                properties[std::string(key.name)] = property(key, *one, Mode::patch);
            }
            for (const Key& key : shape::common_keys) {
                properties[std::string(key.name)] = property(key, *one, Mode::patch);
            }
            options.push_back(schema::others_removed(*one, verbs));
        }
        body["properties"] = std::move(properties);
        body["additionalProperties"] = false;
        body["anyOf"] = std::move(options);
    }

    Uses uses_;
    schema::Definitions definitions_;
};

}  // namespace

std::string scenario_schema() { return schema::print(Builder().build()); }

}  // namespace sagalab::language
