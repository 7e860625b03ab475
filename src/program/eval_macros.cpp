#include <algorithm>

#include "program/eval_machine.h"

namespace sagalab::program {
namespace {

using Kind = Value::Kind;
using Step = ExpressionStep;

// The steps of a macro: itself, macro_first, perhaps macro_second, then its bodies. Where
// macro_table stands for the range, its operand says which table.
MacroCode code_of(const Step* step) {
    MacroCode code;
    code.kind = static_cast<MacroKind>(step->extra & 0xffU);
    code.end = step + step->operand;
    code.first_variable = step + 1;
    const Step* begin = step + 2;
    if (begin->op == ExpressionOp::macro_second) {
        code.has_second = true;
        ++begin;
    }
    std::uint32_t second_body = code.first_variable->operand;
    code.body = second_body == 0 ? begin : code.first_variable + second_body;
    if (second_body != 0) code.filter = begin;
    return code;
}

std::string_view macro_name(MacroKind kind) {
    switch (kind) {
        case MacroKind::all: return "all";
        case MacroKind::exists: return "exists";
        case MacroKind::exists_one: return "exists_one";
        case MacroKind::filter: return "filter";
        case MacroKind::map: return "map";
        case MacroKind::transform_map: break;
    }
    return "transformMap";
}

Value no_bool(MacroKind kind, const Value& value) {
    if (value.is_error()) return value;
    return failure("the condition of \"" + std::string(macro_name(kind)) + "\" is a bool, not " +
                   std::string(kind_name(value.kind())));
}

void decide(MacroState& state, Value result) {
    state.decided = true;
    state.result = std::move(result);
}

void take_key(MacroState& state, const Value* first, Value value) {
    if (!first->is(Kind::string)) {
        return decide(state, failure("a key of a map is a string, not " +
                                     std::string(kind_name(first->kind()))));
    }
    state.entries.push_back({*first, std::move(value)});
}

}  // namespace

Value Machine::body(const Step* begin, const Step* end, Value* top) {
    execute(begin, end, top);
    Value result = std::move(*top);
    top->~Value();
    return result;
}

// What the body of one element came to.
void Machine::take(const MacroCode& code, MacroState& state, const Value* first,
                   const Value* second, Value value, Value* top) {
    bool decisive = code.kind == MacroKind::exists;
    switch (code.kind) {
        case MacroKind::all:
        case MacroKind::exists:
            if (!value.is(Kind::boolean)) {
                if (state.error.is_null()) state.error = no_bool(code.kind, value);
            } else if (value.truth() == decisive) {
                decide(state, Value(decisive));
            }
            return;
        case MacroKind::exists_one:
        case MacroKind::filter:
            if (!value.is(Kind::boolean)) return decide(state, no_bool(code.kind, value));
            if (!value.truth()) return;
            ++state.count;
            if (code.kind == MacroKind::filter) state.items.push_back(*first);
            return;
        case MacroKind::map:
        case MacroKind::transform_map: break;
    }
    if (code.filter) {
        if (!value.is(Kind::boolean)) return decide(state, no_bool(code.kind, value));
        if (!value.truth()) return;
        value = body(code.body, code.end, top);
    }
    if (value.is_error()) return decide(state, std::move(value));
    if (code.kind == MacroKind::map) {
        state.items.push_back(std::move(value));
    } else {
        take_key(state, first, std::move(value));
    }
    (void)second;
}

void Machine::element(const MacroCode& code, MacroState& state, const Value* first,
                      const Value* second, Value* top) {
    if (++elements_ > environment_.elements_max) {
        return decide(state, failure("more than " + std::to_string(environment_.elements_max) +
                                     " elements to visit"));
    }
    LoopFrame frame{first, second, loop_};
    loop_ = &frame;
    std::size_t mark = parts_ ? parts_->size() : 0;
    const Step* begin = code.filter ? code.filter : code.body;
    Value value = body(begin, code.filter ? code.body : code.end, top);
    bool had_error = !state.error.is_null();
    take(code, state, first, second, std::move(value), top);
    loop_ = frame.outer;
    if (parts_) {
        if (state.decided || (!had_error && !state.error.is_null())) {
            keep_parts(code, state, mark, first, second);
        } else {
            parts_->resize(mark);
        }
    }
}

// The parts of a deciding element replace those of an earlier one that only failed.
void Machine::keep_parts(const MacroCode& code, MacroState& state, std::size_t mark,
                         const Value* first, const Value* second) {
    auto at = [&](std::size_t position) {
        return parts_->begin() + static_cast<std::ptrdiff_t>(position);
    };
    std::vector<Part> variables{{code.first_variable->begin, code.first_variable->end, *first}};
    if (code.has_second) {
        const Step& declared = code.first_variable[1];
        variables.push_back({declared.begin, declared.end, *second});
    }
    parts_->erase(at(state.parts_before), at(mark));
    parts_->insert(at(state.parts_before), variables.begin(), variables.end());
}

Value Machine::finish(const MacroCode& code, MacroState& state) {
    if (state.decided) return std::move(state.result);
    switch (code.kind) {
        case MacroKind::all:
        case MacroKind::exists:
            return state.error.is_null() ? Value(code.kind == MacroKind::all) : state.error;
        case MacroKind::exists_one: return Value(state.count == 1);
        case MacroKind::filter:
        case MacroKind::map: return Value::list(std::span(state.items));
        case MacroKind::transform_map: break;
    }
    return Value::map(std::span(state.entries));
}

void Machine::over_value(const MacroCode& code, const Value& range, MacroState& state, Value* top) {
    if (range.is(Kind::map)) {
        for (const MapEntry& entry : range.entries()) {
            element(code, state, &entry.key, &entry.value, top);
            if (state.decided) return;
        }
        return;
    }
    std::int64_t position = 0;
    for (const Value& item : range.items()) {
        Value index(position++);
        if (code.has_second) {
            element(code, state, &index, &item, top);
        } else {
            element(code, state, &item, nullptr, top);
        }
        if (state.decided) return;
    }
}

void Machine::macro(const Step* step, Value* range, Value* top) {
    if (range->is_error()) return;
    MacroCode code = code_of(step);
    if (!range->is(Kind::list) && !range->is(Kind::map)) {
        *range = failure("\"" + std::string(macro_name(code.kind)) +
                         "\" goes through a list or a map, not " +
                         std::string(kind_name(range->kind())));
        return;
    }
    MacroState state;
    if (parts_) state.parts_before = parts_->size();
    over_value(code, *range, state, top);
    *range = finish(code, state);
}

Value Machine::macro_over_table(const Step* step, Value* top) {
    MacroCode code = code_of(step);
    const Rows& rows = environment_.tables[step->extra >> 8U];
    bool any_order = code.kind == MacroKind::all || code.kind == MacroKind::exists ||
                     code.kind == MacroKind::exists_one;
    if (!parts_ && any_order) return macro_unordered(code, rows, top);
    return macro_over_rows(code, rows, top);
}

Value Machine::macro_over_rows(const MacroCode& code, const Rows& rows, Value* top) {
    MacroState state;
    if (parts_) state.parts_before = parts_->size();
    for (const Rows::Entry* entry : rows.sorted()) {
        element(code, state, &entry->key, &entry->value, top);
        if (state.decided) break;
    }
    return finish(code, state);
}

// In no order, for an outcome that no order changes. Which of several errors is reported does
// depend on it, so then the rows are walked again by key.
Value Machine::macro_unordered(const MacroCode& code, const Rows& rows, Value* top) {
    MacroState state;
    std::uint64_t before = elements_;
    rows.for_each([&](const Value& key, const Value& row) {
        if (!state.decided) element(code, state, &key, &row, top);
    });
    bool failed = state.decided ? state.result.is_error() : !state.error.is_null();
    if (!failed) return finish(code, state);
    elements_ = before;
    return macro_over_rows(code, rows, top);
}

}  // namespace sagalab::program
