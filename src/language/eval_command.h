// The command `sagalab eval`: the value of one expression, or of many, without a scenario.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace sagalab::language {

struct EvalResult {
    bool ok = false;        // it has a value, which `text` is as JSON
    bool compiled = false;  // expression and bindings are sound; if not `ok`, `text` is the error
    std::string text;
};

// `bindings_json`: an object whose keys are the names that the expression may use; may be empty.
EvalResult evaluate_text(std::string_view expression, std::string_view bindings_json);

// Reads a JSON object a line, {"expr": "...", "with": {...}}, and writes one a line: {"value":
// ...},
// {"error": "..."}. With "check": false, types are checked only while evaluating. False if a line
// was no such object.
bool evaluate_batch(std::istream& in, std::ostream& out);

}  // namespace sagalab::language
