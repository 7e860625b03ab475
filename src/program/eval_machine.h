// The stack machine that evaluates an expression: one object an evaluation, on the C++ stack.
//
// Values lie in raw storage that the caller provides; `top` is one past the last of them and is
// handed from function to function. A macro runs its bodies by calling `execute` on their steps, so
// the depth of C++ calls is the nesting of macros, which the parser bounds.
// With `parts`, what each step computed is kept, and tables are always walked in key order.
#pragma once

#include <new>

#include "program/eval.h"
#include "program/eval_operators.h"

namespace sagalab::program {

// The variables of one running macro.
struct LoopFrame {
    const Value* first = nullptr;
    const Value* second = nullptr;
    const LoopFrame* outer = nullptr;
};

struct MacroCode {
    MacroKind kind = MacroKind::all;
    bool has_second = false;  // two variables
    const ExpressionStep* first_variable = nullptr;
    const ExpressionStep* filter = nullptr;  // null where there is none
    const ExpressionStep* body = nullptr;
    const ExpressionStep* end = nullptr;
};

// What the elements of a macro have come to so far.
struct MacroState {
    bool decided = false;  // no further element can change the result
    Value result;          // once decided
    Value error;           // the first one that all and exists met; else null
    std::uint64_t count = 0;
    std::vector<Value> items;
    std::vector<MapEntry> entries;
    std::size_t parts_before = 0;
};

class Machine {
public:
    Machine(const Program& program, const Environment& environment, std::vector<Part>* parts)
        : program_(program),
          environment_(environment),
          constants_(program.constants.data()),
          parts_(parts) {}

    // Notes in the environment's watch when the premise at this step is true.
    void watch(const ExpressionStep* premise) { premise_ = premise; }

    // Runs the steps; leaves one value more on the stack than there was, and returns the new top.
    Value* execute(const ExpressionStep* step, const ExpressionStep* end, Value* top);

private:
    const ExpressionStep* follow(const Value* from, const ExpressionStep* step,
                                 const ExpressionStep* end, Value* out);
    const Value* variable(std::uint32_t operand) const;
    void meta(MetaField field, Value* out) const;
    Value whole_table(std::uint32_t table) const;
    const ExpressionStep* row(const ExpressionStep* step, const ExpressionStep* end, Value* key);
    const Value* find_row(const ExpressionStep* step, const Value& key) const;
    void note_read(std::uint32_t aggregate, const Value& key, const Value& row) const;
    void has_row(const ExpressionStep* step, Value* key) const;
    void get_row(const ExpressionStep* step, Value* key) const;
    void note(const ExpressionStep* step, const Value& value) {
        parts_->push_back({step->begin, step->end, value});
    }

    // eval_macros.cpp
    void macro(const ExpressionStep* step, Value* range, Value* top);
    Value macro_over_table(const ExpressionStep* step, Value* top);
    Value macro_over_rows(const MacroCode& code, const Rows& rows, Value* top);
    Value macro_unordered(const MacroCode& code, const Rows& rows, Value* top);
    void over_value(const MacroCode& code, const Value& range, MacroState& state, Value* top);
    void element(const MacroCode& code, MacroState& state, const Value* first, const Value* second,
                 Value* top);
    Value body(const ExpressionStep* begin, const ExpressionStep* end, Value* top);
    void take(const MacroCode& code, MacroState& state, const Value* first, const Value* second,
              Value value, Value* top);
    void keep_parts(const MacroCode& code, MacroState& state, std::size_t mark, const Value* first,
                    const Value* second);
    static Value finish(const MacroCode& code, MacroState& state);

    const Program& program_;
    const Environment& environment_;
    const Value* constants_;
    std::vector<Part>* parts_;
    const ExpressionStep* premise_ = nullptr;
    const LoopFrame* loop_ = nullptr;
    std::uint64_t elements_ = 0;
};

}  // namespace sagalab::program
