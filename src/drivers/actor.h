// An actor: one service inside a window of virtual time, doing its share on its strand.
//
// It takes up the items that are due within the window, in its own canonical order, a batch at a
// time; the driver settles what they asked for. While one batch is settled, the next may already
// run. Messages that others sent to it meanwhile wait until its window closes: by the width of the
// window none of them can be due before.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

#include "world/lookahead.h"
#include "world/react.h"
#include "world/service.h"

namespace sagalab::drivers {

// The end of a window. With a lookahead: everything before `time`. Without: the messages of one
// round at `time`, or one timer.
struct Bound {
    Nanos time = 0;
    bool inclusive = false;  // one instant: `time` itself
    bool timer = false;
    std::uint32_t round = 0;

    [[nodiscard]] bool holds(const world::Service::Next& next) const {
        if (!inclusive) return next.time < time;
        return next.time == time && next.timer == timer && (timer || next.round <= round);
    }
};

struct Batch {
    world::Effects effects;
    std::vector<world::Reaction> reactions;
    std::size_t settled = 0;  // reactions
    bool more = false;        // the window holds more for this service
    std::atomic<bool> ready{false};

    [[nodiscard]] bool finished() const { return settled == reactions.size(); }
    [[nodiscard]] const world::Reaction& head() const { return reactions[settled]; }
};

class Actor {
public:
    explicit Actor(Cow<world::Service>& service) : service_(&service) {}

    // Puts a message in flight to this service. In a window that is open it waits in `incoming`.
    void receive(world::Message&& message, world::Lane&& lane);
    // What it can do next. Not while its window is open.
    [[nodiscard]] world::Service::Next next() const { return (*service_)->next(); }

    // A window begins and ends for this actor.
    void open(const Bound& bound);
    void close();
    // Runs one batch into the buffer that is not being settled. On the actor's strand.
    void run(const program::Program& program, const world::Interest& interest,
             const world::Lookahead& lookahead);

    [[nodiscard]] Batch& current() { return batches_[current_]; }
    [[nodiscard]] Batch& following() { return batches_[1 - current_]; }
    void turn() { current_ = 1 - current_; }
    // Its window has so much to do that another thread is worth it, if there is one more like it...
    [[nodiscard]] bool busy() const;
    // ... or by itself: many long handlers.
    [[nodiscard]] bool heavy() const;
    // How much is waiting: an upper bound on the messages of a window.
    [[nodiscard]] std::size_t load() const { return (*service_)->mailbox.size(); }
    // Adds what its reactions reached.
    void add_reached(program::Coverage& all) const {
        for (const Batch& batch : batches_) all.unite(batch.effects.reached);
    }
    // Handlers of this service go through lists.
    void has_loops() { loops_ = true; }

private:
    Cow<world::Service>* service_;
    Bound bound_;
    bool open_ = false;
    bool loops_ = false;
    std::array<Batch, 2> batches_;
    unsigned current_ = 0;
    std::uint64_t taken_ = 0;  // items, ever
    std::vector<std::pair<world::Message, world::Lane>> incoming_;
};

}  // namespace sagalab::drivers
