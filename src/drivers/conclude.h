// Concludes a run: verdicts and final stores of the world in which it ended.
#pragma once

#include "drivers/run.h"
#include "expect/check.h"
#include "world/world.h"

namespace sagalab::drivers {

// `result` knows how the run ended and how much there was of it; the rest is filled in here.
void conclude(const program::Program& program, const expect::Check& check,
              const world::World& world, RunResult& result);

}  // namespace sagalab::drivers
