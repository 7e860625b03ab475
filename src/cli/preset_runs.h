// Runs under the rules of compensation that --preset names: as if every saga said so, whatever its
// own `compensation` is.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/run_settings.h"
#include "cli/run_tally.h"
#include "cli/scenario_files.h"
#include "program/program.h"
#include "views/output.h"

namespace sagalab::cli {

// The same program, with the preset's rules in all of its sagas. `preset` is one that there is.
std::shared_ptr<const program::Program> under_preset(const program::Program& program,
                                                     const std::string& preset);

// Throws Failure where a preset is asked for and no chosen case of a file has a saga.
void check_sagas(const std::vector<ScenarioFile>& files, const RunSettings& settings);

// Each chosen case under each preset, side by side; then what does not hold, and under which.
Tally compare_presets(const std::vector<ScenarioFile>& files, const RunSettings& settings,
                      Console& console, views::Output& results);

}  // namespace sagalab::cli
