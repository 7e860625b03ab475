// Settle: what one reaction asked for becomes part of the world, in canonical order.
//
// Finds the receivers of each message, draws how long it is on its way, and hands it to `place`;
// records go to the sink between the messages they stand between. A message sent in the instant in
// which it arrives (latency zero) gets the next round.
#pragma once

#include <cstdint>

#include "world/effect.h"
#include "world/mailbox.h"

namespace sagalab::world {

// Where messages and records go.
class Outlet {
public:
    Outlet() = default;
    Outlet(const Outlet&) = delete;
    Outlet& operator=(const Outlet&) = delete;
    virtual ~Outlet() = default;
    // The message is on its way to `message.to`, in this lane of the link from its sender.
    virtual void place(Message&& message, Lane&& lane) = 0;
    virtual void take(const trace::Record& record) = 0;
};

// The lane in which a bus message travels; a key that cannot be worked out is none.
Lane lane_of(const Program& program, const Message& message);

// Settles effects.sends[sends..reaction.sends_end) and the records of the same reaction.
void settle(const Program& program, const Interest& interest, Effects& effects, std::uint32_t sends,
            std::uint32_t records, const Reaction& reaction, Outlet& outlet);

}  // namespace sagalab::world
