#include <utility>

#include "world/execute.h"

namespace sagalab::world {

using program::Instruction;
using program::Op;
using trace::Record;
using trace::RecordKind;

namespace {

Value not_a_key() { return Value::error("ExpressionError", "the key of a row must be a string"); }

Value not_a_map() { return Value::error("ExpressionError", "a row must be a map"); }

}  // namespace

Execution::Flow Execution::insert(const Instruction& instruction) {
    Value key = evaluate(instruction.key);
    if (key.is_error()) return broken(key);
    if (!key.is(Value::Kind::string)) return broken(not_a_key());
    Value row = evaluate(instruction.data);
    if (row.is_error()) return broken(row);
    if (!row.is(Value::Kind::map)) return broken(not_a_map());
    Value broken_store;
    if (store_fails(instruction.table, broken_store)) {
        return failed(instruction, {Outcome::failed, broken_store, {}});
    }
    const Rows& table = service_.tables[program_[instruction.table].local];
    if (table.find(key))
        return failed(instruction, {Outcome::rejected, Value("AlreadyExists"), {}});
    put_row(instruction.table, key, std::move(row));
    return Flow::next;
}

// `update` merges into the row there is; `upsert` also into none.
Execution::Flow Execution::update(const Instruction& instruction) {
    Value key = evaluate(instruction.key);
    if (key.is_error()) return broken(key);
    if (!key.is(Value::Kind::string)) return broken(not_a_key());
    Rows& table = service_.tables[program_[instruction.table].local];
    bool reads_row = instruction.slot != Index<void>::absent;
    Value set;
    if (!reads_row) {
        table.prefetch(key);
        set = evaluate(instruction.data);
    }
    Value* old = table.change(key);
    if (!old && instruction.op == Op::update) {
        return failed(instruction, {Outcome::rejected, Value("NotFound"), {}});
    }
    if (reads_row) {
        slots()[instruction.slot] = old ? *old : Value::map({});
        set = evaluate(instruction.data);
        slots()[instruction.slot] = Value();
    }
    if (set.is_error()) return broken(set);
    if (!set.is(Value::Kind::map)) return broken(not_a_map());
    Value broken_store;
    if (store_fails(instruction.table, broken_store)) {
        return failed(instruction, {Outcome::failed, broken_store, {}});
    }
    if (old && !interest_.in_table(instruction.table) && !transacts()) {
        if (!old->merge(set)) *old = Value::merged(*old, set);
        running_->lasting = true;
        return Flow::next;
    }
    put_row(instruction.table, key, old ? Value::merged(*old, set) : std::move(set));
    return Flow::next;
}

Execution::Flow Execution::erase(const Instruction& instruction) {
    Value key = evaluate(instruction.key);
    if (key.is_error()) return broken(key);
    if (!key.is(Value::Kind::string)) return broken(not_a_key());
    Rows& table = service_.tables[program_[instruction.table].local];
    if (!table.find(key)) return Flow::next;
    Value broken_store;
    if (store_fails(instruction.table, broken_store)) {
        return failed(instruction, {Outcome::failed, broken_store, {}});
    }
    drop_row(instruction.table, key);
    return Flow::next;
}

void Execution::put_row(TableId id, const Value& key, Value row) {
    Rows& table = service_.tables[program_[id].local];
    std::size_t size = table.size();
    if (interest_.in_table(id) || transacts()) {
        const Value* old = table.find(key);
        hold_row(id, key, old ? *old : Value(), row);
    } else if (running_) {
        running_->lasting = true;
    }
    table.put(key, std::move(row));
    service_.cost += (table.size() - size) * row_cost;
}

void Execution::drop_row(TableId id, const Value& key) {
    Rows& table = service_.tables[program_[id].local];
    const Value* old = table.find(key);
    if (!old) return;
    hold_row(id, key, *old, Value());
    table.erase(key);
    service_.cost -= row_cost;
}

void Execution::record_row(TableId table, const Value& key, const Value& before,
                           const Value& after) {
    Record& entry = record(RecordKind::row_changed);
    entry.table = table;
    entry.key = key;
    entry.before = before;
    entry.value = after;
}

}  // namespace sagalab::world
