// The definitions of a JSON Schema, and among them the values that hold no others: texts, numbers,
// words. Only schema*.cpp include this.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "language/schema_json.h"
#include "language/schema_names.h"
#include "language/shape.h"

namespace sagalab::language::schema {

class Definitions {
public:
    Definitions();

    // A reference to the definition, which `make` says if it is not there.
    template <typename Make>
    Json define(const std::string& name, Make make) {
        if (!all_.contains(name)) {
            all_[name] = nullptr;  // its place, for it may contain itself
            Json body = make();
            all_[name] = std::move(body);
        }
        return reference(name);
    }

    // One name for each thing of the table.
    std::string name(const void* thing, std::string_view wanted, std::string_view suffix = "") {
        return names_.name(thing, wanted, suffix);
    }

    // A value of any form but list, map, object, verbs and either.
    Json value(const shape::Shape& shape);

    // What the names in a map may be.
    Json map_key(const shape::Shape& map);

    Json take() { return std::move(all_); }

private:
    std::string name_of_form(shape::Form form, std::string_view suffix = "");
    Json text(shape::Form form);
    Json text_or_integer(shape::Form form);
    Json data();
    Json data_object();
    Json flag();
    Json integer(const shape::Shape& shape);
    Json word(const shape::Shape& shape);
    Json duration_pair();

    DefinitionNames names_;
    Json all_ = Json::object();
};

}  // namespace sagalab::language::schema
