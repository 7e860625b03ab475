// The tree of an expression: written by the parser, annotated by the checker, read by the emitter.
//
// Children by kind: select, has_field: the operand; index, binary: left, right; conditional:
// condition, then, else; call: the arguments (a method's target first); map: key, value, ...;
// record: one for each of `keys`; concat: its parts; macro: range, one or two bodies.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "language/json.h"
#include "language/scope.h"
#include "program/expression.h"

namespace sagalab::language {

// A text that holds expressions, and where it stands: the text of a JSON string, or a file whole.
struct CelText {
    std::string_view text;
    const Node* string = nullptr;
    std::uint32_t file = 0;  // without a string

    [[nodiscard]] Place place(const Sources& sources, std::uint32_t begin,
                              std::uint32_t end) const {
        if (string) return place_in_string(sources, *string, begin, end);
        return {file, begin, end};
    }
};

enum class AstKind : std::uint8_t {
    constant,
    name,    // until checked
    method,  // until checked: target, arguments
    select,
    index,
    unary,
    binary,
    logical,
    conditional,
    list,
    map,
    call,
    // Of data positions.
    record,
    concat,
    // What the checker makes of names, methods and calls.
    slot,
    variable,
    meta,
    table,
    delivered,
    has_field,
    macro,
};

struct Variable {
    std::string name;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

struct Ast {
    AstKind kind = AstKind::constant;
    Type type = Type::any;
    program::ExpressionOp op = program::ExpressionOp::constant;  // of an operator
    program::Function function = program::Function::size;
    program::MacroKind macro = program::MacroKind::all;
    // The whole part; the name, field or sign in it that a message points to. Bytes of `text`.
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t name_begin = 0;
    std::uint32_t name_end = 0;
    std::uint32_t number = 0;  // slot, MetaField, table, delivery; variable: loop << 1 | second
    std::uint32_t table = 0;   // TableId
    std::uint32_t depth = 1;   // of the tree
    bool whole = false;        // has_field: of a field of `meta` or a table, which the child is
    const CelText* text = nullptr;
    std::string name;
    Value value;              // of a constant
    std::vector<Value> keys;  // of a record, sorted
    std::vector<Variable> variables;
    std::vector<Ast> children;
};

// What is known of a value.
Type type_of(const Value& value);
std::string_view type_name(Type type);  // as CEL names them; `any` is "any value"

}  // namespace sagalab::language
