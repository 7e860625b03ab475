// Blame: which faults stand on some path to what breaks, also where two paths run together.
//
// A search follows each world from where it was found first, so a fault that leads to a world that
// is known already has no path of its own. Such steps are kept here while a search goes on after a
// violation; at its end what broke is followed back along all of them. A fault is to blame where
// what breaks can still be reached with the faults that are left behind it.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "explore/sites.h"
#include "explore/visited.h"

namespace sagalab::explore {

class Blame {
public:
    // A step: to a state that was new, if it has a fault; and any to one that covers its world.
    void step(Visited::Id from, Visited::Id to, const Left& spent, const StepSites& sites) {
        steps_.push_back({spent, sites, from, to});
    }
    // An expectation, by a number, broke in this state or on the step from it that these faults
    // strike.
    void broke(std::uint32_t claim, Visited::Id state, const Left& spent, const StepSites& sites) {
        broken_.push_back({spent, sites, state, claim});
    }
    [[nodiscard]] std::size_t bytes() const {
        return steps_.capacity() * sizeof(Edge) + broken_.capacity() * sizeof(Broken);
    }
    // On some path to what breaks any of them.
    [[nodiscard]] std::set<SiteWord> sites(const Visited& visited) const;
    // Of one fault that is enough to break this one.
    [[nodiscard]] std::set<SiteWord> enough(const Visited& visited, std::uint32_t claim) const;

private:
    struct Edge {
        Left spent;
        StepSites sites;
        Visited::Id from = Visited::none;
        Visited::Id to = Visited::none;
    };
    struct Broken {
        Left spent;
        StepSites sites;
        Visited::Id from = Visited::none;
        std::uint32_t claim = 0;
    };
    struct Way {
        Visited::Id to = Visited::none;
        Visited::Id from = Visited::none;
        Left spent;
    };
    // By state: with which further faults something that broke is reached. None of them covers
    // another one.
    using Needs = std::vector<std::vector<Left>>;
    static constexpr std::uint32_t any = ~std::uint32_t{0};

    [[nodiscard]] std::vector<Way> ways_back(const Visited& visited) const;
    [[nodiscard]] Needs needs(const Visited& visited, std::uint32_t claim) const;

    std::vector<Edge> steps_;
    std::vector<Broken> broken_;
};

}  // namespace sagalab::explore
