// The ledger of a run: what expectations look at that stands in no store. Deliveries counted, the
// progress of `sequence`, replies to the workload's items and their figures, dead letters, false
// assertions.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "expect/load.h"
#include "program/eval.h"
#include "program/program.h"
#include "trace/record.h"
#include "world/effect.h"

namespace sagalab::expect {

class Ledger {
public:
    explicit Ledger(const program::Program& program);

    // An item was taken up: counts it if it is a delivery that somebody counts.
    void delivered(const world::Reaction& reaction);
    // Keeps what the record says, if it is of a kind that counts.
    void take(const trace::Record& record);

    [[nodiscard]] const std::vector<std::uint64_t>& counts() const { return counts_; }
    [[nodiscard]] std::size_t sequence_done() const { return sequence_done_; }
    [[nodiscard]] const program::Rows& replies() const { return replies_; }
    // What `load` shows: {pay: {count: ...}, ...}
    [[nodiscard]] Value load() const;
    // How often each point was passed, by Program::points; empty where nobody asks.
    [[nodiscard]] const std::vector<std::uint64_t>& passed() const { return passed_; }
    // So many there have been; those that are left stand in the world.
    [[nodiscard]] std::size_t dead_letters() const { return dead_letters_; }
    [[nodiscard]] const std::vector<trace::Record>& assertions() const { return assertions_; }
    // Of all that expectations can tell apart, but how long anything took. A count that is only
    // compared with constants stands still beyond the largest of them.
    [[nodiscard]] Hash128 hash128(Hash128 start) const;

private:
    void replied(const trace::Record& record);

    struct Counted {
        ServiceId service;
        std::uint32_t delivery;
    };

    // The same for all ledgers of a program.
    struct Layout {
        std::vector<std::vector<Counted>> counted;  // by OperationId
        std::vector<std::uint64_t> told_apart;      // by position in Program::deliveries
    };
    static std::shared_ptr<const Layout> layout_of(const program::Program& program);

    const program::Program& program_;
    std::shared_ptr<const Layout> layout_;
    std::vector<std::uint64_t> counts_;  // by position in Program::deliveries
    std::size_t sequence_done_ = 0;
    program::Rows replies_;
    std::vector<Load> loads_;  // by position in Program::loads
    std::vector<std::uint64_t> passed_;
    std::size_t dead_letters_ = 0;
    std::vector<trace::Record> assertions_;
};

}  // namespace sagalab::expect
