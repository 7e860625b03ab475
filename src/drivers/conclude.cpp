#include "drivers/conclude.h"

namespace sagalab::drivers {

void conclude(const program::Program& program, const expect::Check& check,
              const world::World& world, RunResult& result) {
    bool settled = result.ending == Ending::quiescent;
    result.replies = check.replies();
    result.dead_letters = check.dead_letters(world, settled);
    result.verdicts = check.verdicts(world, settled);
    result.passed = expect::passes(program, result.verdicts);
    result.demonstration = program.expect.empty() && program.faults.empty();
    if (settled) {
        for (const program::Table& table : program.tables) {
            const world::Service& service = *world.services[table.service.value];
            result.stores.push_back(service.tables[table.local]);
        }
    } else if (result.ending != Ending::assertion) {
        result.passed = false;
    }
}

}  // namespace sagalab::drivers
