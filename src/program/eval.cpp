#include "program/eval.h"

#include <algorithm>
#include <memory>

#include "program/eval_machine.h"

namespace sagalab::program {
namespace {

using Kind = Value::Kind;
using Step = ExpressionStep;

// Two operands become one value.
Value* replace_two(Value* top, Value result) {
    top[-1].~Value();
    top[-2].~Value();
    new (top - 2) Value(std::move(result));
    return top - 1;
}

// As replace_two, for operands that are known to hold nothing on the heap.
template <class Plain>
Value* replace_two_plain(Value* top, Plain result) {
    new (top - 2) Value(result);
    return top - 1;
}

bool both(const Value* top, Kind kind) { return top[-2].is(kind) && top[-1].is(kind); }

// A whole sum or difference of two integers, or nothing.
bool sum_of(const Step* step, const Value* top, std::int64_t* result) {
    if (!both(top, Kind::integer)) return false;
    std::int64_t a = top[-2].integer();
    std::int64_t b = top[-1].integer();
    return step->op == ExpressionOp::add ? !__builtin_add_overflow(a, b, result)
                                         : !__builtin_sub_overflow(a, b, result);
}

bool order_of(ExpressionOp op, std::int64_t a, std::int64_t b) {
    switch (op) {
        case ExpressionOp::less: return a < b;
        case ExpressionOp::less_equal: return a <= b;
        case ExpressionOp::greater: return a > b;
        default: return a >= b;
    }
}

Value* equality(const Step* step, Value* top) {
    if (top[-2].is_error()) return replace_two(top, top[-2]);
    if (top[-1].is_error()) return replace_two(top, top[-1]);
    bool equal = top[-2] == top[-1];
    return replace_two(top, Value(equal == (step->op == ExpressionOp::equal)));
}

Value negated(const Value& value) {
    std::int64_t result = 0;
    if (!value.is(Kind::integer)) return wrong_kind(ExpressionOp::negate, value);
    if (__builtin_sub_overflow(std::int64_t{0}, value.integer(), &result)) {
        return failure("integer overflow in -(" + std::to_string(value.integer()) + ")");
    }
    return Value(result);
}

Value* logic(const Step* step, Value* top) {
    bool decisive = step->op == ExpressionOp::logical_or;
    if (both(top, Kind::boolean)) {
        bool a = top[-2].truth();
        bool b = top[-1].truth();
        return replace_two_plain(top, decisive ? a || b : a && b);
    }
    return replace_two(top, absorbed(step->op, top[-2], top[-1], decisive));
}

Value* drop(Value* top, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) (--top)->~Value();
    return top;
}

// The last `count` values become one.
Value* gather(const Step* step, const Value* constants, Value* top) {
    std::uint32_t count = step->operand;
    Value* first = top - count;
    const Value* error = std::find_if(first, top, [](const Value& v) { return v.is_error(); });
    Value result;
    if (error != top) {
        result = *error;
    } else if (step->op == ExpressionOp::make_record) {
        result = Value::record({constants + step->extra, count}, {first, count});
    } else {
        result = Value::list(std::span(first, count));
    }
    top = drop(top, count);
    new (top) Value(std::move(result));
    return top + 1;
}

Value* collapse(Value* top, std::uint32_t count, Value result) {
    top = drop(top, count);
    new (top) Value(std::move(result));
    return top + 1;
}

bool explained(ExpressionOp op) {
    switch (op) {
        case ExpressionOp::slot:
        case ExpressionOp::variable:
        case ExpressionOp::meta:
        case ExpressionOp::has_row:
        case ExpressionOp::get_row:
        case ExpressionOp::table_size:
        case ExpressionOp::delivered:
        case ExpressionOp::has_field:
        case ExpressionOp::index:
        case ExpressionOp::call:
        case ExpressionOp::macro:
        case ExpressionOp::macro_table: return true;
        default: return op >= ExpressionOp::negate && op <= ExpressionOp::in;
    }
}

}  // namespace

// Takes `from`, and the selections that follow the step; only the last value is copied.
const Step* Machine::follow(const Value* from, const Step* step, const Step* end, Value* out) {
    if (parts_) note(step, *from);
    while (step + 1 != end && step[1].op == ExpressionOp::field) {
        ++step;
        const Value& key = constants_[step->operand];
        const Value* found = from->is(Kind::map) ? from->find(key) : nullptr;
        if (!found) {
            new (out) Value(no_field(*from, key));
            if (parts_) note(step, *out);
            return step;
        }
        from = found;
        if (parts_) note(step, *from);
    }
    new (out) Value(*from);
    return step;
}

const Value* Machine::variable(std::uint32_t operand) const {
    const LoopFrame* frame = loop_;
    for (std::uint32_t outwards = operand >> 1U; outwards > 0; --outwards) frame = frame->outer;
    return (operand & 1U) == 0 ? frame->first : frame->second;
}

void Machine::meta(MetaField field, Value* out) const {
    const Meta& meta = *environment_.meta;
    switch (field) {
        case MetaField::id: new (out) Value(meta.id.hex()); return;
        case MetaField::type: new (out) Value(meta.type); return;
        case MetaField::from: new (out) Value(meta.from); return;
        case MetaField::correlation_id: new (out) Value(meta.correlation); return;
        case MetaField::causation_id: new (out) Value(meta.causation.hex()); return;
        case MetaField::attempt: new (out) Value(meta.attempt); return;
        case MetaField::time: new (out) Value(Value::duration(meta.time)); return;
        case MetaField::idempotency_key: new (out) Value(meta.idempotency_key); return;
        case MetaField::epoch: new (out) Value(meta.epoch); return;
        case MetaField::stream: new (out) Value(meta.stream); return;
        case MetaField::version: new (out) Value(meta.version); return;
        case MetaField::revision: new (out) Value(meta.revision); return;
    }
}

Value Machine::whole_table(std::uint32_t table) const {
    std::vector<MapEntry> entries;
    for (const Rows::Entry* entry : environment_.tables[table].sorted()) {
        entries.push_back({entry->key, entry->value});
    }
    return Value::map(std::span(entries));
}

// Of an aggregate, a stream that is not there is its initial state at version 0.
const Value* Machine::find_row(const Step* step, const Value& key) const {
    if (!key.is(Kind::string)) return nullptr;
    const Value* found = environment_.tables[step->operand].find(key);
    const Table& table = program_.tables[step->extra];
    if (table.kind != TableKind::aggregate) return found;
    const Value* row = found ? found : &program_.aggregates[table.events].initial;
    if (environment_.reads) note_read(table.events, key, *row);
    return step->op == ExpressionOp::row ? row : found;
}

void Machine::note_read(std::uint32_t aggregate, const Value& key, const Value& row) const {
    const Value* version = row.find("version");
    const std::int64_t number = version ? version->integer() : 0;
    for (StreamRead& read : *environment_.reads) {
        if (read.aggregate != aggregate || read.key != key) continue;
        read.version = number;
        return;
    }
    environment_.reads->push_back({aggregate, key, number});
}

const Step* Machine::row(const Step* step, const Step* end, Value* key) {
    const Value* found = find_row(step, *key);
    Value result;
    if (found) {
        step = follow(found, step, end, &result);
    } else {
        const std::string& name = program_.tables[step->extra].name;
        result = key->is_error() ? *key
                 : key->is(Kind::string)
                     ? failure("no row \"" + std::string(key->text()) + "\" in \"" + name + "\"")
                     : failure("a key of a table is a string, not " +
                               std::string(kind_name(key->kind())));
        if (parts_) note(step, result);
    }
    *key = std::move(result);
    return step;
}

void Machine::has_row(const Step* step, Value* key) const {
    if (key->is_error()) return;
    *key = Value(key->is(Kind::string) && environment_.tables[step->operand].find(*key));
}

void Machine::get_row(const Step* step, Value* key) const {
    Value* otherwise = key + 1;
    if (key->is_error()) return;
    if (otherwise->is_error()) {
        *key = *otherwise;
        return;
    }
    const Value* found = nullptr;
    if (!key->is(Kind::string)) {
        *key = failure("a key of a table is a string, not " + std::string(kind_name(key->kind())));
        return;
    }
    found = find_row(step, *key);
    *key = found ? *found : *otherwise;
}

// The switch: every operation once, in the order of expression.h.
Value* Machine::execute(const Step* step, const Step* end, Value* top) {
    for (; step < end; ++step) {
        const Step* const start = step;
        std::int64_t number = 0;
        switch (step->op) {
            case ExpressionOp::constant: new (top++) Value(constants_[step->operand]); break;
            case ExpressionOp::slot:
                step = follow(&environment_.slots[step->operand], step, end, top++);
                continue;
            case ExpressionOp::slot_field:
            case ExpressionOp::variable_field: {
                const Value* from = step->op == ExpressionOp::slot_field
                                        ? &environment_.slots[step->operand]
                                        : variable(step->operand);
                const Value& key = constants_[step->extra];
                const Value* found = from->is(Kind::map) ? from->find(key) : nullptr;
                if (found) {
                    step = follow(found, step, end, top++);
                    continue;
                }
                new (top++) Value(no_field(*from, key));
                if (parts_) note(step, top[-1]);
                break;
            }
            case ExpressionOp::variable:
                step = follow(variable(step->operand), step, end, top++);
                continue;
            case ExpressionOp::meta: meta(static_cast<MetaField>(step->operand), top++); break;
            case ExpressionOp::table: new (top++) Value(whole_table(step->operand)); break;
            case ExpressionOp::row: step = row(step, end, top - 1); continue;
            case ExpressionOp::has_row: has_row(step, top - 1); break;
            case ExpressionOp::get_row:
                get_row(step, top - 2);
                top = drop(top, 1);
                break;
            case ExpressionOp::table_size:
                number = static_cast<std::int64_t>(environment_.tables[step->operand].size());
                new (top++) Value(number);
                break;
            case ExpressionOp::delivered:
                number = static_cast<std::int64_t>(environment_.delivered[step->operand]);
                new (top++) Value(number);
                break;
            case ExpressionOp::field: {
                Value from = std::move(top[-1]);
                const Value* found =
                    from.is(Kind::map) ? from.find(constants_[step->operand]) : nullptr;
                top[-1] = found ? *found : no_field(from, constants_[step->operand]);
                if (parts_) note(step, top[-1]);
                break;
            }
            case ExpressionOp::has_field:
                if (top[-1].is(Kind::map)) {
                    top[-1] = Value(top[-1].find(constants_[step->operand]) != nullptr);
                } else {
                    top[-1] = no_field(top[-1], constants_[step->operand]);
                }
                break;
            case ExpressionOp::index: top = replace_two(top, indexed(top[-2], top[-1])); break;
            case ExpressionOp::negate: top[-1] = negated(top[-1]); break;
            case ExpressionOp::logical_not:
                top[-1] = top[-1].is(Kind::boolean) ? Value(!top[-1].truth())
                                                    : wrong_kind(step->op, top[-1]);
                break;
            case ExpressionOp::add:
            case ExpressionOp::subtract:
                top = sum_of(step, top, &number)
                          ? replace_two_plain(top, number)
                          : replace_two(top, arithmetic(step->op, top[-2], top[-1]));
                break;
            case ExpressionOp::multiply:
            case ExpressionOp::divide:
            case ExpressionOp::modulo:
                top = replace_two(top, arithmetic(step->op, top[-2], top[-1]));
                break;
            case ExpressionOp::equal:
            case ExpressionOp::not_equal: top = equality(step, top); break;
            case ExpressionOp::less:
            case ExpressionOp::less_equal:
            case ExpressionOp::greater:
            case ExpressionOp::greater_equal:
                top = both(top, Kind::integer)
                          ? replace_two_plain(
                                top, order_of(step->op, top[-2].integer(), top[-1].integer()))
                          : replace_two(top, ordered(step->op, top[-2], top[-1]));
                break;
            case ExpressionOp::in: top = replace_two(top, contained(top[-2], top[-1])); break;
            case ExpressionOp::jump: step += step->operand - 1; break;
            case ExpressionOp::jump_if_false:
                if (!top[-1].is(Kind::boolean)) {
                    top[-1] = wrong_kind(step->op, top[-1]);
                    step += step->extra - 1;
                } else {
                    if (!top[-1].truth()) {
                        step += step->operand - 1;
                    } else if (step == premise_) {
                        environment_.premise->met = true;
                    }
                    --top;
                }
                break;
            case ExpressionOp::and_jump:
                if (top[-1].is(Kind::boolean) && !top[-1].truth()) step += step->operand - 1;
                break;
            case ExpressionOp::or_jump:
                if (!top[-1].is(Kind::boolean)) break;
                if (top[-1].truth()) {
                    step += step->operand - 1;
                } else if (step == premise_) {
                    environment_.premise->met = true;
                }
                break;
            case ExpressionOp::logical_and:
            case ExpressionOp::logical_or: top = logic(step, top); break;
            case ExpressionOp::make_list:
            case ExpressionOp::make_record: top = gather(step, constants_, top); break;
            case ExpressionOp::make_map: {
                std::uint32_t count = step->operand * 2;
                top = collapse(top, count, make_map(std::span(top - count, count)));
                break;
            }
            case ExpressionOp::concat: {
                std::uint32_t count = step->operand;
                top = collapse(top, count, concatenated(std::span(top - count, count)));
                break;
            }
            case ExpressionOp::call: {
                auto function = static_cast<Function>(step->operand);
                std::uint32_t count = step->extra;
                top = collapse(top, count, called(function, std::span(top - count, count)));
                break;
            }
            case ExpressionOp::macro:
                macro(step, top - 1, top);
                step += step->operand - 1;
                break;
            case ExpressionOp::macro_table: {
                Value result = macro_over_table(step, top);
                new (top++) Value(std::move(result));
                step += step->operand - 1;
                break;
            }
            case ExpressionOp::macro_first:
            case ExpressionOp::macro_second: break;  // read by their macro
        }
        if (parts_) {
            if (explained(start->op)) note(start, top[-1]);
        }
    }
    return top;
}

namespace {

constexpr std::size_t small_stack = 16;

Value run(const Program& program, const Expression& expression, const Environment& environment,
          std::vector<Part>* parts) {
    const Step* begin = expression.code.data();
    const Step* end = begin + expression.code.size();
    Machine machine(program, environment, parts);
    if (environment.premise) machine.watch(begin + environment.premise->at);
    auto on = [&](std::byte* memory) {
        Value* bottom = reinterpret_cast<Value*>(memory);
        machine.execute(begin, end, bottom);
        Value result = std::move(*bottom);
        bottom->~Value();
        return result;
    };
    if (expression.stack_max <= small_stack) {
        alignas(Value) std::byte memory[small_stack * sizeof(Value)];
        return on(memory);
    }
    auto memory = std::make_unique<std::byte[]>(expression.stack_max * sizeof(Value));
    return on(memory.get());
}

}  // namespace

Value evaluate(const Program& program, ExpressionId id, const Environment& environment) {
    const Expression& expression = program[id];
    if (expression.code.size() == 1) {
        const Step& only = expression.code[0];
        if (only.op == ExpressionOp::constant) return program.constants[only.operand];
        if (only.op == ExpressionOp::slot) return environment.slots[only.operand];
        if (only.op == ExpressionOp::slot_field) {
            const Value& from = environment.slots[only.operand];
            const Value& key = program.constants[only.extra];
            const Value* found = from.is(Kind::map) ? from.find(key) : nullptr;
            return found ? *found : no_field(from, key);
        }
    }
    return run(program, expression, environment, nullptr);
}

Value evaluate_explained(const Program& program, ExpressionId expression,
                         const Environment& environment, std::vector<Part>& parts) {
    return run(program, program[expression], environment, &parts);
}

bool reads_slot(const Expression& expression, std::uint32_t slot) {
    return std::any_of(expression.code.begin(), expression.code.end(), [&](const Step& step) {
        bool reads = step.op == ExpressionOp::slot || step.op == ExpressionOp::slot_field;
        return reads && step.operand == slot;
    });
}

std::vector<TableId> tables_read(const Expression& expression) {
    std::vector<TableId> tables;
    for (std::size_t i = 0; i < expression.code.size(); ++i) {
        const Step& step = expression.code[i];
        if (step.op >= ExpressionOp::table && step.op <= ExpressionOp::table_size) {
            tables.emplace_back(step.extra);
        } else if (step.op == ExpressionOp::macro_table) {
            tables.emplace_back(expression.code[i + 1].extra);
        }
    }
    std::sort(tables.begin(), tables.end());
    tables.erase(std::unique(tables.begin(), tables.end()), tables.end());
    return tables;
}

}  // namespace sagalab::program
