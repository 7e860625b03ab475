// Expressions after loading: a flat list of operations for a small stack machine.
//
// The language is the subset of CEL (Common Expression Language, cel-spec 0.25) that scenario files
// use. Names are gone: a variable is a slot of the frame, a store is the number of a table, a field
// is a constant key. Errors are values on the stack, so && and || can absorb them as CEL says.
// What each operation takes from the stack and leaves there stands beside it; a target is a
// distance from the step that names it. A macro is a step followed by the steps of its bodies.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/value.h"

namespace sagalab::program {

enum class ExpressionOp : std::uint8_t {
    constant,        // operand: position in Program::constants            -> value
    slot,            // operand: slot of the frame                         -> value
    slot_field,      // operand: slot, extra: constant (key)               -> value
    variable,        // operand: loops outwards << 1 | 1 for the second    -> value
    variable_field,  // as `variable`, extra: constant (key)               -> value
    meta,            // operand: MetaField                                 -> value
    // A table: operand is its number in Environment::tables, extra its TableId.
    table,       //                                       -> a map of all its rows
    row,         //                            key        -> the row, or an error
    has_row,     //                            key        -> bool
    get_row,     //                            key, value -> the row, or the value
    table_size,  //                                       -> int
    delivered,   // operand: position in Program::deliveries      -> int
    field,       // operand: constant (key)    map        -> value
    has_field,   // operand: constant (key)    map        -> bool
    index,       //                            container, key -> value
    negate,
    logical_not,
    add,  // from here to `in`: two operands
    subtract,
    multiply,
    divide,
    modulo,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    in,
    jump,           // operand: target
    jump_if_false,  // operand: target, extra: the end; takes a bool; anything else: an error, at
                    // end
    and_jump,       // operand: target; leaves the left side; false: jump
    or_jump,        // operand: target; leaves the left side; true: jump
    logical_and,    // two operands, errors absorbed
    logical_or,
    make_list,     // operand: count                        items          -> list
    make_map,      // operand: count                        key, value ... -> map
    make_record,   // operand: count, extra: first of as many constants (sorted keys) values -> map
    concat,        // operand: count; parts of a text       strings, ints, bools -> string
    call,          // operand: Function, extra: argument count
    macro,         // operand: distance past its bodies, extra: MacroKind; range -> result
    macro_table,   // the same over a table, its number in the upper 24 bits of extra -> result
    macro_first,   // after a macro. operand: target of the second body (0: none), extra: TableId,
                   // begin, end: the first variable
    macro_second,  // follows where there are two variables. begin, end: the second one
};

enum class Function : std::uint8_t {
    size,
    starts_with,
    ends_with,
    contains,
    string,
    integer,
    boolean,
    duration,
    sum,
    min,
    max,
    get
};

// Where a macro has two bodies, the first one is a filter.
enum class MacroKind : std::uint8_t { all, exists, exists_one, filter, map, transform_map };

enum class MetaField : std::uint8_t {
    id,
    type,
    from,
    correlation_id,
    causation_id,
    attempt,
    time,
    idempotency_key,
    epoch,
    stream,
    version,
    revision
};

struct ExpressionStep {
    ExpressionOp op;
    std::uint32_t operand = 0;
    std::uint32_t extra = 0;
    std::uint32_t begin = 0;  // the part of `text` that this step computes, in bytes
    std::uint32_t end = 0;
};

struct Expression {
    std::vector<ExpressionStep> code;
    std::uint32_t stack_max = 0;  // how many values it ever holds at once
    bool reads_meta = false;      // `meta` is among what it reads
    std::string text;             // as written, for explanations; empty for objects and arrays
};

}  // namespace sagalab::program
