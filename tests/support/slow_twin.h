// The slow twin of the run driver: takes the first of all enabled choices, again and again.
//
// It shares the world with the driver and nothing else: no windows, strands, agenda or batches. So
// the two agree only if the driver keeps the canonical order.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "program/program.h"
#include "support/worlds.h"
#include "trace/record.h"
#include "world/world.h"

namespace sagalab::test {

struct Twin {
    std::vector<trace::Record> records;
    world::World world;       // as it ended
    std::uint64_t steps = 0;  // choices taken
};

// Stops after `most` choices, or after the one that makes an assertion false.
Twin run_slowly(const program::Program& program, std::uint64_t most);

// The driver gives the records of the twin, with any number of threads; and the same result.
void check_agreement(const ProgramPtr& program, std::initializer_list<unsigned> threads);

}  // namespace sagalab::test
