#include "support/slow_twin.h"

#include <utility>

#include "support/worlds.h"

namespace sagalab::test {

Twin run_slowly(const program::Program& program, std::uint64_t steps_max) {
    Twin twin;
    twin.world = world::initial_world(program);
    world::Interest interest;
    interest.everything = true;
    Records sink;
    bool asserted = false;
    while (twin.steps < steps_max && !asserted) {
        const std::vector<world::Choice> choices = world::enabled(twin.world);
        if (choices.empty()) break;
        const std::size_t before = sink.all.size();
        world::apply(program, interest, twin.world, choices.front(), &sink);
        ++twin.steps;
        for (std::size_t i = before; i < sink.all.size(); ++i) {
            asserted = asserted || sink.all[i].kind == trace::RecordKind::assertion;
        }
    }
    twin.records = std::move(sink.all);
    return twin;
}

}  // namespace sagalab::test
