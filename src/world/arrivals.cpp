#include "world/arrivals.h"

#include "base/hash.h"
#include "world/latency.h"

namespace sagalab::world {

Nanos firing_due(const program::Program& program, const program::WorkItem& item,
                 std::uint64_t number, Nanos previous) {
    if (number >= item.times) return never;
    Nanos due = item.at;
    if (item.per_second_millionths != 0) {
        const Hash128 name = hash_text128(item.name).with(number);
        const Nanos gap = draw_interarrival(item.per_second_millionths, program.seed, name);
        due = add_saturating(number == 0 ? item.at : previous, gap);
    } else if (number > 0) {
        due = add_saturating(previous, item.every);
    }
    return due < item.until ? due : never;
}

}  // namespace sagalab::world
