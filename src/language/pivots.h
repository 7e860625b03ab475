// The pivot rule, followed along every path through a saga's steps.
//
// On a path stands at most one pivot; before it every step is compensatable, after it every step is
// retriable (Richardson, "Microservices Patterns", chapter 4). A `Pivots` is what has been passed
// on some path that leads here; where paths meet, it is the union.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "program/saga.h"

namespace sagalab::language {

struct Pivots {
    std::set<std::uint32_t> pivots;     // steps of the saga
    std::set<std::uint32_t> retriable;  // those without a pivot before them

    void join(const Pivots& other) {
        pivots.insert(other.pivots.begin(), other.pivots.end());
        retriable.insert(other.retriable.begin(), other.retriable.end());
    }
    // Passes step `step` of `saga`; what the rule says against it, if anything.
    std::optional<std::string> pass(const program::Saga& saga, std::uint32_t step,
                                    bool compensates);
};

}  // namespace sagalab::language
