// What handling a message may touch, at once and in all that follows, as numbers of resources.
//
// A handler's footprint with the keys filled in: worked out once for each handler and payload.
#pragma once

#include <deque>
#include <vector>

#include "base/keyed_map.h"
#include "explore/footprint.h"
#include "explore/resources.h"

namespace sagalab::explore {

struct Profile {
    std::vector<Touch> own;
    std::vector<Touch> future;
    std::vector<ServiceId> awaits;  // in which an event that may come of it may be awaited
    bool everything = false;
};

class Profiles {
public:
    Profiles(const program::Program& program, const program::Exploration& bounds)
        : program_(program), footprints_(program, bounds) {}

    // Valid until `forget`. With crashes, the handler may be stopped by one.
    const Profile* of(HandlerId handler, const Value& message, bool crashes);
    void forget();

    [[nodiscard]] const Footprints& footprints() const { return footprints_; }
    Resources resources;

private:
    void fill(std::vector<Touch>& target, const std::vector<Access>& accesses, const Value& message,
              bool crashes);

    const program::Program& program_;
    Footprints footprints_;
    std::deque<Profile> profiles_;
    KeyedMap<std::uint32_t, Hash128> numbers_;
};

}  // namespace sagalab::explore
