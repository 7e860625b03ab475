// React: one service takes up one item. Touches that service only; what it asks of others is
// returned as effects, which `settle` carries out.
//
//     Effects effects;
//     Service::Next next = service.next();
//     Reaction reaction = react(program, interest, service, next, effects);
//     // `service` is the service after it; effects.sends has what it sent.
//
// The caller owns `service` alone; nothing in it is shared with another thread that writes.
#pragma once

#include "world/effect.h"
#include "world/service.h"

namespace sagalab::world {

// Which item is taken up: the n-th message of a link, the n-th timer (0: the one that is due
// first), or what only an adversary does (a way is healed in world/moves.h).
struct Pick {
    enum class Move : std::uint8_t { none, restart, crash, go_on, stand_still, heal };
    bool timer = false;
    std::uint32_t link = Index<void>::absent;
    std::size_t nth = 0;   // of a move: the replica
    Nanos not_before = 0;  // its time is at least that: what was late has waited
    Move move = Move::none;
};

Reaction react(const Program& program, const Interest& interest, Service& service, const Pick& pick,
               Effects& effects);

}  // namespace sagalab::world
