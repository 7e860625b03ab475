// The value of a compiled expression.
//
// Semantics: the CEL specification; errors (no such field, overflow, division by zero, wrong
// types) are returned as an error value with code "ExpressionError", never thrown.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/keyed_map.h"
#include "base/value.h"
#include "program/program.h"

namespace sagalab::program {

using Rows = KeyedMap<Value>;  // a table: rows (maps) by key

// What `meta` shows. Fields that do not apply are null.
struct Meta {
    Hash128 id;
    Hash128 causation;
    std::string_view type;
    std::string_view from;
    Value correlation;
    Value idempotency_key;
    std::int64_t attempt = 1;
    Nanos time = 0;
    std::int64_t epoch = 0;
    Value stream;
    std::int64_t version = 0;
    std::int64_t revision = 0;
};

// An aggregate that an expression has read, and the version that its stream had.
struct StreamRead {
    std::uint32_t aggregate = 0;  // in Program::aggregates
    Value key;
    std::int64_t version = 0;
    friend bool operator==(const StreamRead&, const StreamRead&) = default;
};

// A step to watch while an expression is evaluated: the premise of an implication, as
// program/premise.h finds it.
struct PremiseWatch {
    std::uint32_t at = Index<void>::absent;  // in Expression::code
    bool met = false;                        // it was true, ever
};

// Everything an expression may read. Pointers may be null where the expression cannot use them.
struct Environment {
    const Value* slots = nullptr;
    const Rows* tables = nullptr;  // own tables (handlers) or all of the program (expectations)
    const Meta* meta = nullptr;
    std::vector<StreamRead>* reads = nullptr;    // where to note reads of aggregates by key
    const std::uint64_t* delivered = nullptr;    // counts, by position in Program::deliveries
    PremiseWatch* premise = nullptr;             // of this expression
    std::uint64_t elements_max = 1'000'000'000;  // elements that macros may visit; more: an error
};

Value evaluate(const Program& program, ExpressionId expression, const Environment& environment);

// One part of an expression and the value it had, for explaining a result.
struct Part {
    std::uint32_t begin = 0;  // in Expression::text
    std::uint32_t end = 0;
    Value value;
};

// As `evaluate`, and keeps the value of every selection, call and comparison, outermost last. In a
// macro over rows, the parts are those of the element that decided (the first for which `all`
// fails), with the element's variables among them.
Value evaluate_explained(const Program& program, ExpressionId expression,
                         const Environment& environment, std::vector<Part>& parts);

// Is this slot of the frame among what it reads?
bool reads_slot(const Expression& expression, std::uint32_t slot);

// The tables that an expression reads, each once, by number.
std::vector<TableId> tables_read(const Expression& expression);

}  // namespace sagalab::program
