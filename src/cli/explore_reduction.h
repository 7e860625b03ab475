// Why an exploration tried as much as it did: what costs reduction in the scenario.
#pragma once

#include <string>

#include "cli/explore_report.h"

namespace sagalab::cli {

// "reduction: ..." for each thing that joins more than neighbours; empty where there is none, and
// where nothing was reduced.
std::string reduction_text(const Explored& explored, const ExploreSettings& settings);
// The same as [{"what": ..., "places": [...]}, ...].
std::string reduction_json(const Explored& explored, const ExploreSettings& settings);

}  // namespace sagalab::cli
