// Scheduler: which of the items that may go is next in a random run, by its seed.
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "world/moves.h"

namespace sagalab::explore {

// Draws of one run: each has a name of its own, so none depends on how many came before.
class Draws {
public:
    explicit Draws(std::uint64_t seed) : seed_(seed) {}
    // 0 .. bound - 1, the `which`-th of this step.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound, Purpose purpose, std::uint64_t step,
                                      std::uint64_t which = 0) const {
        return scale(draw(seed_, purpose, Hash128().with(step).with(which)), bound);
    }

private:
    std::uint64_t seed_;
};

class Scheduler {
public:
    // Uniform.
    explicit Scheduler(const Draws& draws) : draws_(draws) {}
    // PCT with depth - 1 change points in the first `horizon` steps.
    Scheduler(const Draws& draws, std::size_t services, std::uint32_t depth, std::uint64_t horizon);

    // The place of one that is enabled; there must be one.
    std::size_t choose(const std::vector<world::Item>& items, std::uint64_t step);

private:
    [[nodiscard]] std::uint64_t priority(const world::Item& item) const {
        return priorities_[item.service.value];
    }
    [[nodiscard]] std::uint64_t highest(const std::vector<world::Item>& items) const;

    Draws draws_;
    std::vector<std::uint64_t> priorities_;  // by ServiceId, higher goes first; empty: uniform
    std::vector<std::uint64_t> changes_;     // steps; the n-th one gives the priority n, from 0
};

}  // namespace sagalab::explore
