// Replays a schedule: choices pinned by their names (explore/names.h), one after the other.
//
// A pin that does not fit yet waits: what is not pinned itself goes on in canonical order until it
// does. So a schedule survives small edits of its scenario. After the last pin everything goes on
// in canonical order. A pin that never fits ends the run with an error that names it and what comes
// nearest; a loose replay goes on without it.
#pragma once

#include "drivers/run.h"
#include "program/program.h"

namespace sagalab::explore {

// A run as drivers::run does it, or, where the program has a schedule, its replay.
drivers::RunResult run(const program::Program& program, const drivers::RunOptions& options);

}  // namespace sagalab::explore
