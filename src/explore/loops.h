// Loops: paths that never settle, found exactly because only relative times are part of a state.
//
// Steps without a fault that lead to a state that was known already are kept; loops are the
// strongly connected components of these and of the steps by which states were found (Tarjan
// 1972). One counts where no message stays deliverable in all of it without ever being delivered
// (weak fairness): else it is the adversary that is slow, not the design that goes round.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "explore/adversary.h"
#include "explore/visited.h"

namespace sagalab::explore {

// The state again, by the steps that led to it.
Node node_at(const Visited& visited, Adversary& adversary, Visited::Id state);

class Loops {
public:
    // Could the program go round at all? Where not, no step need be kept.
    static bool possible(const program::Program& program);

    void keep(Visited::Id from, Visited::Id to, std::uint64_t step) {
        edges_.push_back({from, to, step});
    }
    [[nodiscard]] std::size_t bytes() const { return edges_.capacity() * sizeof(Edge); }

    struct Found {
        Visited::Id entry = Visited::none;  // a state of it
        std::vector<Step> round;            // from there to there
    };
    // The first one, by the order in which its states were found; nothing where there is none.
    std::optional<Found> find(const Visited& visited, Adversary& adversary);

private:
    struct Edge {
        Visited::Id from = Visited::none;
        Visited::Id to = Visited::none;
        std::uint64_t step = 0;
    };

    void collect(const Visited& visited);
    std::vector<std::vector<Visited::Id>> components(std::size_t states) const;
    bool is_fair(const std::vector<Visited::Id>& component, const Visited& visited,
                 Adversary& adversary) const;
    std::vector<Step> round(const std::vector<Visited::Id>& component) const;

    std::vector<Edge> edges_;
    std::vector<Edge> all_;           // by `from`
    std::vector<std::size_t> first_;  // of each state in all_
};

}  // namespace sagalab::explore
