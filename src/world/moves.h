// What an adversary may let happen next: everything that is pending, and what of it may go now.
//
//     std::vector<Item> pending = items(program, world);
//     for (const Item& item : pending) {
//         if (item.enabled) { World next = world; step(program, interest, next, item, effects,
//         sink); }
//     }
//
// Latency is an upper bound: a message may come at any moment from when it was sent, if its link
// lets it. What has a time of its own (timers, redeliveries, the lag of a projection) happens when
// nothing of that kind is due earlier and no message that could come has an arrival before it. A
// message that was made late holds nothing back; it comes at any later moment. Times of handlers
// are those of what they handle, so that what concerns different rows commutes.
#pragma once

#include <vector>

#include "world/world.h"

namespace sagalab::world {

struct Item {
    enum class Kind : std::uint8_t {
        flight,  // a message on its way: any moment
        timed,   // a timer, or a message with a time of its own
        late,    // a message that was made late
        free,    // whenever the adversary wants: a restart, the end of a stall, a pause or a cut
    };
    Kind kind = Kind::flight;
    bool enabled = false;
    bool ordered = false;  // on an ordered link
    bool blocked = false;  // behind something else of its link, or its service does not take it
    ServiceId service;
    ServiceId from;  // absent for timers; of a way that is cut, the other end
    Pick pick;
    Nanos time = 0;  // arrival or due; of a restart: when it would come by itself
    std::uint32_t round = 0;
    const Message* message = nullptr;  // as long as the world is not changed
    const Timer* timer = nullptr;

    [[nodiscard]] bool before(const Item& other) const;  // the canonical order
};

// In canonical order: the first that is enabled is what a run would do. With `reorder` off only
// that one is enabled.
std::vector<Item> items(const Program& program, const World& world, bool reorder = true);

// Lets it happen. `effects` may hold a variant; its records and sends are used up.
Reaction step(const Program& program, const Interest& interest, World& world, const Item& item,
              Effects& effects, trace::Sink* sink);

// The message is late from now on; on an ordered link, all that is on it.
void make_late(World& world, const Item& item);

// What may happen at will does not happen before it has come to be: when the handler that the timer
// holds began to wait, and when the last one did that a replica would lose.
Nanos waits_since(const Service& service, const Timer& timer);
Nanos rests_since(const Service& service, std::uint32_t replica);

// Between the two nothing passes from now on until they are healed: what one of them takes up of
// the other is lost, and what the bus keeps waits.
Reaction cut(World& world, ServiceId a, ServiceId b, const Interest& interest, trace::Sink* sink);

// It would be lost if it were taken up now.
bool is_cut_off(const World& world, const Message& message);

// A replica that is up holds something that a crash would lose.
bool has_volatile(const Service& service, std::uint32_t replica);

}  // namespace sagalab::world
