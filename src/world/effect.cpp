#include "world/effect.h"

namespace sagalab::world {

bool Reaction::before(const Reaction& other) const {
    if (time != other.time) return time < other.time;
    if (timer != other.timer) return !timer;
    if (round != other.round) return round < other.round;
    if (service != other.service) return service < other.service;
    if (from != other.from) return from < other.from;
    return !ordered && other.ordered;
}

}  // namespace sagalab::world
