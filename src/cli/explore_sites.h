// What came of the faults at each site of an exploration: for people a line, for machines all.
#pragma once

#include <string>

#include "cli/explore_report.h"

namespace sagalab::cli {

// Everything within the bounds was searched: what was not reached is unreachable.
bool is_whole(const Explored& explored, const ExploreSettings& settings);

// "fault sites: 2 unreachable, 1 violating, 40 harmless"; with --verbose a line for each as well.
std::string sites_text(const Explored& explored, bool whole, bool verbose);
// A list; of each site its name, how often a fault struck there, and what came of it.
std::string sites_json(const Explored& explored, bool whole);

}  // namespace sagalab::cli
