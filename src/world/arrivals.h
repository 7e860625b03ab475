// When the items of the workload fire: by a period, or by arrivals without memory.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "program/program.h"

namespace sagalab::world {

// When the firing `number` (from 0) is due, the one before it having been at `previous`; `never`
// if there is none. Of Poisson arrivals the first one, too, comes a drawn gap after `at`: so in any
// span there are as many as a Poisson process has.
Nanos firing_due(const program::Program& program, const program::WorkItem& item,
                 std::uint64_t number, Nanos previous);

}  // namespace sagalab::world
