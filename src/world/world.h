// World: the state of everything as one value.
//
//     World world = initial_world(program);
//     for (std::vector<Choice> choices; !(choices = enabled(world)).empty();) {
//         apply(program, interest, world, choices.front(), outlet);   // the canonical run
//     }
//
// Copyable (services are shared until written to), comparable by fingerprint. No thread, clock,
// input or output is in here. Everything that can happen next is a choice; who chooses is not the
// world's business.
#pragma once

#include <string>
#include <vector>

#include "base/shared.h"
#include "world/react.h"
#include "world/service.h"
#include "world/settle.h"

namespace sagalab::world {

struct World {
    std::vector<Cow<Service>> services;  // by ServiceId
    // Under an adversary: the due time of the last timer fired, as long as anything may still ask.
    Nanos clock = 0;

    // The service, to be changed.
    Service& change(ServiceId service);
    // Equal for worlds with the same services and messages, whatever order led to them.
    [[nodiscard]] Hash128 fingerprint() const;
};

World initial_world(const Program& program);

// One thing that can happen next: `service` takes up a message or a timer.
struct Choice {
    ServiceId service;
    Pick pick;
    Nanos time = 0;  // of what is taken up
    std::uint32_t round = 0;
    ServiceId from;  // absent for timers
    bool ordered = false;
    Value lane;  // of an ordered link with a key

    [[nodiscard]] bool before(const Choice& other) const;  // the canonical order
};

// Every choice, in canonical order: each message that its link lets through, and of each service
// the timer that is due first.
std::vector<Choice> enabled(const World& world);

// The service takes it up, and what it asked for is part of the world: messages are in flight,
// records went to `sink`, which may be null.
Reaction react_and_settle(const Program& program, const Interest& interest, World& world,
                          ServiceId service, const Pick& pick, Effects& effects, trace::Sink* sink);

// React, then settle: the world after the choice. Messages sent are put in flight; records go to
// `sink`, which may be null.
Reaction apply(const Program& program, const Interest& interest, World& world, const Choice& choice,
               trace::Sink* sink);

}  // namespace sagalab::world
