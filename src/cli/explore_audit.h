// `sagalab explore --audit`: is the reduction right on this file? Both searches, compared.
#pragma once

#include <vector>

#include "cli/console.h"
#include "cli/explore_settings.h"
#include "cli/scenario_files.h"

namespace sagalab::cli {

// The exit code: 0 where the reduced and the full search reach the same ends and break the same
// expectations with as few faults, 1 where they do not, 3 where one of them stopped early.
int explore_audit(const ExploreSettings& settings, const std::vector<ScenarioFile>& files,
                  Console& console);

}  // namespace sagalab::cli
