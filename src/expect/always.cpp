#include "expect/always.h"

#include <algorithm>
#include <utility>

#include "expect/explain.h"
#include "program/premise.h"

namespace sagalab::expect {

using program::ExpressionOp;
using program::ExpressionStep;

TableId range_of(const program::Expression& expression) {
    const std::vector<ExpressionStep>& code = expression.code;
    if (code.empty() || code[0].op != ExpressionOp::macro_table) return {};
    bool whole = code[0].operand == code.size() &&
                 (code[0].extra & 0xffU) == static_cast<std::uint32_t>(program::MacroKind::all);
    return whole ? TableId(code[0].extra >> 8U) : TableId();
}

// Nothing nested in it, and every other table read at the row whose key is its first variable.
TableId range_by_key(const program::Expression& expression) {
    const std::vector<ExpressionStep>& code = expression.code;
    TableId range = range_of(expression);
    if (!range) return {};
    for (std::size_t i = 1; i < code.size(); ++i) {
        switch (code[i].op) {
            case ExpressionOp::macro:
            case ExpressionOp::macro_table:
            case ExpressionOp::table:
            case ExpressionOp::table_size:
            case ExpressionOp::get_row:
            case ExpressionOp::delivered: return {};
            case ExpressionOp::row:
            case ExpressionOp::has_row: {
                const ExpressionStep& key = code[i - 1];
                if (key.op != ExpressionOp::variable || key.operand != 0) return {};
                break;
            }
            default: break;
        }
    }
    return range;
}

// "PaymentFailed -> OrderService, update orders 'o-1'"
std::string who_changed(const program::Program& program, const trace::Record& row) {
    std::string text =
        row.operation ? program.label({row.operation, row.service}) : program[row.service].display;
    std::string_view verb = "writes";
    if (row.instruction) {
        switch (program[row.instruction].op) {
            case program::Op::insert: verb = "insert"; break;
            case program::Op::update: verb = "update"; break;
            case program::Op::upsert: verb = "upsert"; break;
            case program::Op::erase: verb = "delete"; break;
            default: break;
        }
    }
    return text + ", " + std::string(verb) + " " + program[row.table].name + " '" +
           std::string(row.key.text()) + "'";
}

Always::Always(const program::Program& program) : program_(program) {
    by_table_.resize(program.tables.size());
    tables_.resize(program.tables.size());
    const std::vector<program::Claim>& claims = program.expect.always;
    for (std::uint32_t i = 0; i < claims.size(); ++i) {
        State state;
        state.verdict.kind = Kind::always;
        state.verdict.name = claims[i].title;
        state.verdict.source = claims[i].source;
        state.range = range_by_key(program[claims[i].expression]);
        if (auto premise = program::premise_of(program, program[claims[i].expression])) {
            state.premise.at = premise->at;
            state.verdict.premise = premise->text;
        }
        state.by_key = state.range.valid();
        states_.push_back(std::move(state));
        for (TableId table : claims[i].tables) by_table_[table.value].push_back(i);
    }
    for (std::size_t t = 0; t < tables_.size(); ++t) {
        if (by_table_[t].empty()) continue;
        for (const auto& [key, row] : program.tables[t].rows) tables_[t].put(key, row);
    }
    for (std::uint32_t i = 0; i < claims.size(); ++i) look_at_start(i);
}

// Rows that are there from the start must fit as well.
void Always::look_at_start(std::uint32_t index) {
    State& state = states_[index];
    const program::Claim& claim = program_.expect.always[index];
    bool any_rows = std::any_of(claim.tables.begin(), claim.tables.end(),
                                [&](TableId table) { return !tables_[table.value].empty(); });
    if (!any_rows) return;
    state.saw_rows = saw_rows(claim);
    program::Environment environment;
    environment.tables = tables_.data();
    if (holds(claim, state, environment)) return;
    state.verdict.holds = false;
    state.verdict.reasons = explain(program_, claim.expression, environment);
    state.verdict.at = 0;
    state.verdict.broken_by = "the rows that are there from the start";
}

// Was there anything for the claim to look at? Only a quantifier over a table can miss that.
bool Always::saw_rows(const program::Claim& claim) const {
    TableId range = range_of(program_[claim.expression]);
    return !range || !tables_[range.value].empty();
}

// The premise is watched until it was true once.
bool Always::holds(const program::Claim& claim, State& state,
                   program::Environment& environment) const {
    const bool watches = !state.premise.met && state.premise.at != Index<void>::absent;
    environment.premise = watches ? &state.premise : nullptr;
    Value result = program::evaluate(program_, claim.expression, environment);
    return result.is(Value::Kind::boolean) && result.truth();
}

// Nobody sees half a commit.
void Always::changed(const trace::Record& row) {
    bool watched = watches(row.table);
    if (watched) apply(row);
    if (watched && (row.more || !commit_.empty())) {
        commit_.push_back(row);
    } else if (watched) {
        look(row);
    }
    if (row.more) return;
    for (const trace::Record& each : commit_) look(each);
    commit_.clear();
}

void Always::apply(const trace::Record& row) {
    program::Rows& table = tables_[row.table.value];
    if (row.value.is_null()) {
        table.erase(row.key);
    } else {
        table.put(row.key, row.value);
    }
}

void Always::look(const trace::Record& row) {
    for (std::uint32_t claim : by_table_[row.table.value]) look(claim, row);
}

void Always::look(std::uint32_t index, const trace::Record& row) {
    State& state = states_[index];
    if (!state.verdict.holds) return;
    const program::Claim& claim = program_.expect.always[index];
    program::Environment environment;
    environment.tables = tables_.data();
    program::Rows all;
    if (state.by_key) {
        // The same claim over the one row that could have made it false.
        const Value* changed = tables_[state.range.value].find(row.key);
        if (!changed) return;
        program::Rows only;
        only.put(row.key, *changed);
        all = std::exchange(tables_[state.range.value], std::move(only));
    }
    state.saw_rows = state.saw_rows || saw_rows(claim);
    if (!holds(claim, state, environment)) {
        state.verdict.holds = false;
        state.verdict.reasons = explain(program_, claim.expression, environment);
        state.verdict.cause = row.cause;
        state.verdict.at = row.at;
        state.verdict.broken_by = who_changed(program_, row);
    }
    if (state.by_key) tables_[state.range.value] = std::move(all);
}

void Always::forgive() {
    for (State& state : states_) state.verdict.holds = true;
}

bool Always::broken() const {
    return std::any_of(states_.begin(), states_.end(),
                       [](const State& state) { return !state.verdict.holds; });
}

std::vector<Verdict> Always::verdicts() const {
    std::vector<Verdict> verdicts;
    for (const State& state : states_) {
        verdicts.push_back(state.verdict);
        verdicts.back().vacuous = state.verdict.holds && !state.saw_rows;
        verdicts.back().premise_met = state.premise.met;
    }
    return verdicts;
}

}  // namespace sagalab::expect
