// The canonical hash of a world: equal for worlds with the same future, whatever led to them.
//
// Times are taken relative to the earliest thing that is pending, clocks at or below it as zero,
// unless the program looks at the time.
// What nothing in the program can look at is left out: ids of messages where there is no inbox, no
// event log and no `meta.id`; times of stored events where nothing reads `meta.time`; attempts
// where nothing counts them; the log of a saga as far as nothing reads it; strikes of a fault
// beyond those that it counts. A call in flight is known by who waits for it instead of by its id.
#pragma once

#include <vector>

#include "program/told_apart.h"
#include "world/world.h"

namespace sagalab::world {

// What of a program's identities, times and attempts can be looked at: computed once.
struct Traits {
    bool ids = false;                   // of messages
    bool causes = false;                // meta.causationId
    bool times = false;                 // meta.time
    bool attempts = false;              // meta.attempt, or that of a scripted fault
    std::vector<program::LogUse> logs;  // by SagaId

    // Until then times are not relative: scripted faults strike at a time, or something reads it.
    Nanos clock_matters = 0;

    static Traits of(const Program& program);
};

Hash128 canonical_hash(const Program& program, const Traits& traits, const World& world);

}  // namespace sagalab::world
