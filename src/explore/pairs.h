// Pairs: which services talk to each other, so that cutting them off from one another matters.
#pragma once

#include <vector>

#include "program/program.h"

namespace sagalab::explore {

// Two services, the one with the lower number first, and what goes between them either way.
struct Pair {
    ServiceId a;
    ServiceId b;
    std::vector<OperationId> operations;
};

// In the order of their numbers; clients are nobody's peers.
std::vector<Pair> talking_pairs(const program::Program& program);

// Those that the budget for `partition` may cut.
std::vector<Pair> cuttable_pairs(const program::Program& program,
                                 const program::Exploration& bounds);

}  // namespace sagalab::explore
