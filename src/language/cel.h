// Expressions of a scenario file, compiled: CEL in expression positions, templates in data.
//
// Semantics are those of the public CEL specification (cel-spec) for the subset that the language
// takes; `src/language/README.md` lists it. Errors are reported at their place inside the JSON
// string; the result is then absent.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "language/cel_constants.h"
#include "language/diagnostics.h"
#include "language/json.h"
#include "language/scope.h"
#include "language/source.h"
#include "program/program.h"

namespace sagalab::language {

struct Ast;

class ExpressionCompiler {
public:
    ExpressionCompiler(program::Program& program, const Sources& sources, Diagnostics& diagnostics)
        : program_(program), sources_(sources), diagnostics_(diagnostics), constants_(program) {}

    // An expression position: the string is CEL. `expected` other than `any`: a value known to be
    // of another type is an error.
    ExpressionId expression(const Node& string, const Scope& scope, Type expected = Type::any);

    // A data position: literal JSON, with ${...} inside strings.
    ExpressionId data(const Node& node, const Scope& scope);

    // `data` (an object, or null for none) over the fields of `msg` that `copy` (an array of
    // strings, or null for none) names: always a map.
    ExpressionId record(const Node* copy, const Node* data, const Scope& scope);

    // An expression that is just this value.
    ExpressionId constant(const Value& value);

    // A data position that must be known at load (seeded rows, expected bodies): its value, with
    // templates over constants evaluated. Anything else is reported.
    std::optional<Value> literal(const Node& node, const Scope& scope);

    // The value of a compiled expression that reads nothing but constants.
    [[nodiscard]] std::optional<Value> known(ExpressionId expression) const;

private:
    ExpressionId compile(Ast tree, const Scope& scope, Type expected, std::string text);
    bool check(Ast& tree, const Scope& scope);

    program::Program& program_;
    const Sources& sources_;
    Diagnostics& diagnostics_;
    ConstantPool constants_;
};

// CEL and scenario words that no name may be.
bool is_reserved(std::string_view name);
std::vector<std::string_view> reserved_words();

}  // namespace sagalab::language
