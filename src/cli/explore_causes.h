// What else breaks an expectation beside the counterexample that is told whole, and what would have
// prevented that one.
#pragma once

#include <string>

#include "cli/explore_report.h"

namespace sagalab::cli {

// Another counterexample of the same expectation stands before it, and is told whole.
bool is_grouped(const Explored& explored, std::size_t number);

// What would have prevented it, where a pattern fits; then "also fails with:" and a line for each
// other smallest set of faults, of many only some.
std::string causes_text(const Explored& explored, std::size_t number, bool verbose);

// A list: of each expectation that breaks its sets of faults, and what would have prevented each.
std::string causes_json(const Explored& explored);

}  // namespace sagalab::cli
