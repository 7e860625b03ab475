// Pieces of a JSON Schema. Only schema*.cpp include this.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "language/shape.h"

namespace sagalab::language::schema {

using Json = nlohmann::ordered_json;

// How a value stands: in a file, or in a case, which is merged over the file and where null
// removes.
enum class Mode { file, patch };

// Whether "${params.NAME}" may stand for the value.
enum class Param { allowed, refused };

Json reference(std::string_view definition);
Json required(std::string_view key);
Json or_null(Json body);

// Values of this JSON type, and what else may stand for them.
void set_type(Json& body, std::string_view type, Mode mode, Param param);

// What the presence of keys must agree with; in a case, as far as the file cannot mend it.
void add_rule(Json& body, const shape::Rule& rule, Mode mode);

// True of an object that has the verb of `object` and no other of `verbs` that takes this verb as a
// key ("if" takes "reject"), as `choose_verb` has it.
Json leads(const shape::Object& object, const shape::Verbs& verbs);

// True of an object that has no keys but those of `object`, or has them as null.
Json others_removed(const shape::Object& object, const shape::Verbs& verbs);

// The text, two spaces of indent; what fits into a line of a hundred columns stands on one.
std::string print(const Json& json);

}  // namespace sagalab::language::schema
