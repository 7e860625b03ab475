// The states that have been seen: their hashes in one open-addressing table, and for each the way
// back to where it was found and the faults that were left there.
//
// 128-bit hashes stand for worlds: of n states, two are taken for one with a probability below
// n^2 / 2^129. About 60 bytes a state. Not for several threads at once, except to read.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "base/hash.h"
#include "explore/left.h"

namespace sagalab::explore {

class Visited {
public:
    using Id = std::uint32_t;
    static constexpr Id none = ~Id{0};

    // Was the world seen with at least as much left?
    [[nodiscard]] bool covers(const Hash128& hash, const Left& left) const {
        return find(hash, left) != none;
    }
    // Adds it; none if it is covered. What it covers itself need not be expanded any more.
    Id add(const Hash128& hash, const Left& left, Id parent, std::uint64_t step);

    [[nodiscard]] bool covered_since(Id id) const { return covered_by(id) != none; }
    [[nodiscard]] Id covered_by(Id id) const { return states_[id].covered_by; }
    // The state that covers it; none if there is none.
    [[nodiscard]] Id find(const Hash128& hash, const Left& left) const;
    [[nodiscard]] const Left& left(Id id) const { return states_[id].left; }
    [[nodiscard]] Id parent(Id id) const { return states_[id].parent; }
    // The steps, packed, that lead to the state from the start.
    [[nodiscard]] std::vector<std::uint64_t> path(Id id) const;
    [[nodiscard]] std::uint64_t step(Id id) const { return states_[id].step; }
    [[nodiscard]] std::size_t size() const { return states_.size(); }
    [[nodiscard]] std::size_t worlds() const { return worlds_; }  // different ones
    [[nodiscard]] std::size_t bytes() const;

private:
    struct State {
        Hash128 hash;
        Left left;
        std::uint64_t step = 0;
        Id parent = none;
        Id covered_by = none;
    };
    struct Slot {
        std::uint32_t tag = 0;  // of the hash: spares most looks at other states
        Id id = none;
    };

    [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }
    [[nodiscard]] static std::uint32_t tag_of(const Hash128& hash) {
        return static_cast<std::uint32_t>(hash.high);
    }
    [[nodiscard]] bool holds(const Slot& slot, const Hash128& hash) const {
        return slot.tag == tag_of(hash) && states_[slot.id].hash == hash;
    }
    void grow();

    std::deque<State> states_;  // grows without moving, and without room for twice as many
    std::vector<Slot> slots_;   // a power of two; several of one hash where budgets differ
    std::size_t worlds_ = 0;
};

}  // namespace sagalab::explore
