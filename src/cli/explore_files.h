// Counterexamples as scenario files that `run` and `test` replay.
#pragma once

#include "cli/explore_report.h"

namespace sagalab::cli {

// Each into the folder of --output, if there is one; `explored.files` tells where. Throws Failure.
void write_files(Explored& explored, const ExploreSettings& settings);

}  // namespace sagalab::cli
