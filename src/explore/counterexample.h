// Counterexamples: a path that breaks an expectation, made small, confirmed and told.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/run.h"
#include "explore/search.h"
#include "trace/record.h"

namespace sagalab::explore {

struct Counterexample {
    expect::Verdict verdict;
    std::uint32_t faults = 0;
    std::vector<std::string> schedule;     // every step of the path, by name
    std::vector<std::string> fault_steps;  // those that are faults
    std::vector<std::string> sentences;    // what they do
    std::vector<std::string> round;        // of what never settles: what repeats
    SiteSet sites;                         // of the faults
    bool confirmed = false;                // the schedule was run, and broke the same
    std::vector<trace::Record> story;      // the causal past of what broke
    std::vector<trace::Record> passing;    // the same schedule without its last fault
    bool passes_without = false;           // and that one breaks nothing
    std::uint32_t departures = 0;          // steps that are not the first in canonical order
};

// A path that a random run has taken breaks the same with fewer faults: each that is not needed is
// left out. The path is walked once for each fault.
Violation shrunk(const program::Program& program, const program::Exploration& bounds,
                 const Violation& violation);

// `program` is prepared, as the search had it.
Counterexample tell(const program::Program& program, const program::Exploration& bounds,
                    const Violation& violation);

}  // namespace sagalab::explore
