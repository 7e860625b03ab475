// A program as an exploration takes it: chance stands still.
#pragma once

#include "program/program.h"

namespace sagalab::explore {

// Latencies stand at their medians, jitter at none; open choices go every way by themselves.
program::Program prepared(const program::Program& program);

// The bounds of the file, or, where it has none, every single fault: a crash, a loss, a duplicate
// or a delay.
program::Exploration bounds_of(const program::Program& program);

}  // namespace sagalab::explore
