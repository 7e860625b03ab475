// Node: a world on the way of an exploration, with what stands beside it: what expectations have
// seen so far, and which faults are left.
#pragma once

#include <memory>

#include "expect/ledger.h"
#include "explore/left.h"
#include "world/world.h"

namespace sagalab::explore {

struct Node {
    world::World world;
    std::shared_ptr<const expect::Ledger> ledger;
    Left left;
};

}  // namespace sagalab::explore
