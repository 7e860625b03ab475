#include "explore/judge.h"

#include <algorithm>

#include "expect/check.h"

namespace sagalab::explore {

using expect::Kind;
using expect::Verdict;

namespace {

std::vector<Verdict> broken_of(const expect::Always& always) {
    std::vector<Verdict> broken;
    for (Verdict& verdict : always.verdicts()) {
        if (!verdict.holds) broken.push_back(std::move(verdict));
    }
    return broken;
}

}  // namespace

Judge::Judge(const program::Program& program)
    : program_(program), always_(program), seen_(program.expect.sometimes.size()) {
    for (std::size_t t = 0; t < program.tables.size(); ++t) {
        if (always_.watches(TableId(t))) watched_.emplace_back(t);
    }
    always_.forgive();  // what is broken from the start is told once
}

std::vector<Verdict> Judge::at_start() const { return broken_of(expect::Always(program_)); }

std::vector<Verdict> Judge::look(const world::World& before,
                                 const std::vector<trace::Record>& records) {
    bool changed = std::ranges::any_of(records, [](const trace::Record& record) {
        return record.kind == trace::RecordKind::row_changed;
    });
    if (!changed) return {};
    for (TableId table : watched_) {
        const program::Table& spec = program_[table];
        always_.resume(table, before.services[spec.service.value]->tables[spec.local]);
    }
    for (const trace::Record& record : records) {
        if (record.kind == trace::RecordKind::row_changed) always_.changed(record);
    }
    if (!always_.broken()) return {};
    std::vector<Verdict> broken = broken_of(always_);
    always_.forgive();
    return broken;
}

Verdict Judge::asserted(const std::vector<trace::Record>& records) {
    Verdict verdict;
    verdict.kind = Kind::assertion;
    verdict.holds = false;
    for (const trace::Record& record : records) {
        if (record.kind != trace::RecordKind::assertion) continue;
        verdict.name = record.value.is(Value::Kind::string) ? std::string(record.value.text())
                                                            : std::string("assert");
        verdict.cause = record.cause;
        verdict.at = record.at;
    }
    return verdict;
}

std::vector<Verdict> Judge::settled(const Node& node) {
    expect::Check check(program_, *node.ledger);
    std::vector<Verdict> broken;
    std::size_t claim = 0;
    for (Verdict& verdict : check.verdicts(node.world, true)) {
        if (verdict.kind == Kind::sometimes) {
            if (verdict.holds) seen_[claim] = true;
            ++claim;
            continue;
        }
        bool own = verdict.kind != Kind::always && verdict.kind != Kind::fault_fired;
        if (own && !verdict.holds) broken.push_back(std::move(verdict));
    }
    return broken;
}

}  // namespace sagalab::explore
