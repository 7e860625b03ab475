// `always`: claims that are looked at after every commit, across services.
//
// Stores run ahead of the canonical order inside a window, so the claims look at tables of their
// own, brought up to date from row changes in canonical order. A claim of the form
// `S.t.all(k, v, ...)` whose other reads are of rows with the key `k` is looked at for the changed
// key only, so its cost does not grow with the table.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "expect/verdict.h"
#include "program/eval.h"
#include "program/program.h"
#include "trace/record.h"

namespace sagalab::expect {

class Always {
public:
    explicit Always(const program::Program& program);

    [[nodiscard]] bool watches(TableId table) const { return !by_table_[table.value].empty(); }
    // A row has changed: looks, at the end of its commit, at the claims that read its table.
    void changed(const trace::Record& row);
    [[nodiscard]] std::vector<Verdict> verdicts() const;
    // Goes on from these rows, as if nothing had been broken before.
    void resume(TableId table, program::Rows rows) { tables_[table.value] = std::move(rows); }
    void forgive();
    [[nodiscard]] bool broken() const;

private:
    struct State {
        bool by_key = false;
        TableId range;  // of a claim by key: the table it goes through
        bool saw_rows = false;
        program::PremiseWatch premise;
        Verdict verdict;
    };

    void look_at_start(std::uint32_t claim);
    void apply(const trace::Record& row);
    void look(const trace::Record& row);
    void look(std::uint32_t claim, const trace::Record& row);
    [[nodiscard]] bool saw_rows(const program::Claim& claim) const;
    [[nodiscard]] bool holds(const program::Claim& claim, State& state,
                             program::Environment& environment) const;

    const program::Program& program_;
    std::vector<std::vector<std::uint32_t>> by_table_;  // claims that read it
    std::vector<program::Rows> tables_;                 // by TableId, kept where watched
    std::vector<State> states_;
    std::vector<trace::Record> commit_;  // rows of the one that is under way
};

// What changed this row, in a phrase.
std::string who_changed(const program::Program& program, const trace::Record& row);

// The table that the whole claim goes through with `all`, or none.
TableId range_of(const program::Expression& expression);

// May the claim be decided for one key at a time, and over which table does it go?
TableId range_by_key(const program::Expression& expression);

}  // namespace sagalab::expect
