// Left: how many faults of each kind may still strike, and how many in all. Packed into one word,
// five bits each, so that it can stand beside each of millions of states.
#pragma once

#include <cstdint>

#include "program/explore.h"

namespace sagalab::explore {

class Left {
public:
    Left() = default;
    explicit Left(const program::Exploration& bounds) {
        for (const program::AdversityRow& row : program::adversity_rows) {
            set(static_cast<unsigned>(row.kind), bounds.budget(row.kind).max);
        }
        set(total, bounds.faults);
    }

    [[nodiscard]] std::uint32_t of(program::Adversity kind) const {
        std::uint32_t own = get(static_cast<unsigned>(kind));
        return own < faults() ? own : faults();
    }
    [[nodiscard]] std::uint32_t faults() const { return get(total); }
    [[nodiscard]] bool any(program::Adversity kind) const { return of(kind) != 0; }
    [[nodiscard]] Left without(program::Adversity kind) const {
        Left rest = *this;
        rest.set(static_cast<unsigned>(kind), get(static_cast<unsigned>(kind)) - 1);
        rest.set(total, faults() - 1);
        return rest;
    }
    // None of this kind.
    [[nodiscard]] Left forbidding(program::Adversity kind) const {
        Left rest = *this;
        rest.set(static_cast<unsigned>(kind), 0);
        return rest;
    }
    // What was spent is counted the same way: the difference between two of these, and the sum of
    // differences, of at most `budget_max` faults.
    [[nodiscard]] Left minus(const Left& spent) const {
        Left rest;
        rest.packed_ = packed_ - spent.packed_;
        return rest;
    }
    [[nodiscard]] Left plus(const Left& spent) const {
        Left sum;
        sum.packed_ = packed_ + spent.packed_;
        return sum;
    }
    // At least as much of each: whatever can happen with `other` can happen with this.
    [[nodiscard]] bool covers(const Left& other) const {
        for (unsigned at = 0; at <= total; ++at) {
            if (get(at) < other.get(at)) return false;
        }
        return true;
    }
    // How severe the faults are that were spent between the two.
    [[nodiscard]] static std::uint32_t severity(const Left& before, const Left& after) {
        std::uint32_t sum = 0;
        for (const program::AdversityRow& row : program::adversity_rows) {
            auto at = static_cast<unsigned>(row.kind);
            sum += (before.get(at) - after.get(at)) * row.severity;
        }
        return sum;
    }
    friend bool operator==(const Left&, const Left&) = default;

private:
    static constexpr unsigned bits = 5;
    static constexpr unsigned total = program::adversities;

    [[nodiscard]] std::uint32_t get(unsigned at) const {
        return static_cast<std::uint32_t>(packed_ >> (bits * at)) & program::budget_max;
    }
    void set(unsigned at, std::uint32_t count) {
        packed_ &= ~(std::uint64_t{program::budget_max} << (bits * at));
        packed_ |= std::uint64_t{count} << (bits * at);
    }

    std::uint64_t packed_ = 0;
};

}  // namespace sagalab::explore
