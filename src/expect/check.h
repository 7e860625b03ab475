// Judges a run: watches it while it happens, and gives every expectation its verdict at the end.
#pragma once

#include <cstdint>
#include <vector>

#include "expect/always.h"
#include "expect/ledger.h"
#include "expect/verdict.h"
#include "program/program.h"
#include "world/effect.h"
#include "world/world.h"

namespace sagalab::expect {

class Check {
public:
    explicit Check(const program::Program& program)
        : program_(program), ledger_(program), always_(program) {}
    // Goes on from what a ledger has seen; `always` is somebody else's business.
    Check(const program::Program& program, const Ledger& ledger)
        : program_(program), ledger_(ledger), always_(program) {}

    // What reactions must report so that this can judge; `everything` for a trace as well.
    [[nodiscard]] world::Interest interest(bool everything) const;
    void delivered(const world::Reaction& reaction) { ledger_.delivered(reaction); }
    void take(const trace::Record& record);
    [[nodiscard]] bool asserted() const { return !ledger_.assertions().empty(); }

    [[nodiscard]] const program::Rows& replies() const { return ledger_.replies(); }

    // How many are left; without `settled`, how many there have been.
    [[nodiscard]] std::size_t dead_letters(const world::World& world, bool settled) const;
    // The verdicts at quiescence; without `settled` (a limit, a false assert) only what is known
    // by then: what broke, and no `finally`, `replies`, `sequence` or `counts`.
    [[nodiscard]] std::vector<Verdict> verdicts(const world::World& world, bool settled) const;

private:
    [[nodiscard]] std::vector<Value> final_slots(const world::World& world) const;
    void judge_claims(const std::vector<program::Claim>& claims, Kind kind,
                      const world::World& world, std::vector<Verdict>& verdicts) const;
    void judge_replies(std::vector<Verdict>& verdicts) const;
    void judge_deliveries(std::vector<Verdict>& verdicts) const;
    [[nodiscard]] std::string points_passed(const program::Fault& fault) const;
    void judge_faults(const world::World& world, std::vector<Verdict>& verdicts) const;
    void judge_assertions(std::vector<Verdict>& verdicts) const;

    const program::Program& program_;
    Ledger ledger_;
    Always always_;
};

// Every expectation holds but exactly those that are meant to break. Marks the latter.
bool passes(const program::Program& program, std::vector<Verdict>& verdicts);

}  // namespace sagalab::expect
