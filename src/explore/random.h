// Random runs: for what is too large to be searched to its end.
//
// Each run has a seed and draws from the same choices as the search, by base/random.h: which item
// is next, which way an open choice goes, where a fault strikes. Every seed takes part of the kinds
// of fault only (swarm testing; Groce et al., ISSTA 2012) and a rate of its own, from every second
// step to every 256th, so that faults come together in some runs and late in others.
//
// Uniform: each item that may go is as likely as any other. PCT (Burckhardt et al., "A Randomized
// Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010): services have random
// priorities, the one with the highest goes, and at d - 1 random steps the one that would go gets
// the lowest. What d orderings between services bring out, a run finds with a probability of at
// least 1 / (n k^(d-1)), n services and k steps.
//
// What a seed does depends on nothing but the program, the bounds and the seed.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "explore/search.h"

namespace sagalab::explore {

struct RandomOptions {
    unsigned threads = 1;
    std::uint64_t runs = 1000;
    std::uint64_t seed_from = 1;
    std::uint32_t depth = 0;        // PCT's d; 0: uniform
    std::uint64_t steps = 100'000;  // of one run, at most
    bool keep_going = false;        // every distinct counterexample
    const std::atomic<bool>* stop = nullptr;
    std::function<bool()> out_of_time;  // empty: never
};

struct RandomResult {
    // `exhausted` where every run was made and ended; worlds are counted at their ends only.
    SearchResult found;
    std::vector<std::uint64_t> seeds;  // by the position in found.violations
    std::uint64_t runs = 0;            // made
    std::uint64_t cut = 0;             // of them by the limit of steps
    std::uint64_t longest = 0;         // steps
    std::uint32_t services = 0;        // that have priorities
    // Of PCT: change points are drawn from so many steps. The promise is for runs that are no
    // longer.
    std::uint64_t horizon = 0;
};

RandomResult random_runs(const program::Program& program, const program::Exploration& bounds,
                         const RandomOptions& options);

// n k^(d-1), nothing where that is beyond 64 bits.
std::optional<std::uint64_t> one_in(std::uint64_t services, std::uint64_t steps,
                                    std::uint32_t depth);

}  // namespace sagalab::explore
