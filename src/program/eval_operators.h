// The operators of CEL over values: what is no fast path of the evaluator.
//
// Arguments may be errors: the first one is the result. Results are values or errors with code
// "ExpressionError".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/value.h"
#include "program/expression.h"

namespace sagalab::program {

Value failure(std::string_view message);

std::string_view operator_sign(ExpressionOp op);  // "+", "<=", "in", ...

// add .. modulo.
Value arithmetic(ExpressionOp op, const Value& a, const Value& b);
// less .. greater_equal.
Value ordered(ExpressionOp op, const Value& a, const Value& b);
Value contained(const Value& item, const Value& container);
Value indexed(const Value& container, const Value& key);
// && and || where one side is no bool: `decisive` is the bool that decides alone.
Value absorbed(ExpressionOp op, const Value& a, const Value& b, bool decisive);
// Errors of a selection: of a map without that key, of a value that is no map.
Value no_field(const Value& container, const Value& key);
Value wrong_kind(ExpressionOp op, const Value& a);

Value make_map(std::span<Value> keys_and_values);
Value concatenated(std::span<const Value> parts);
Value called(Function function, std::span<const Value> arguments);

}  // namespace sagalab::program
