// Cases chosen by their exact names, as --case does, and what is said where a name is nobody's.
#pragma once

#include <string>
#include <vector>

#include "cli/scenario_files.h"
#include "program/program.h"

namespace sagalab::cli {

// No name was asked for, or this case's.
bool is_wanted(const program::Program& program, const std::vector<std::string>& names);

// Throws Failure unless each name that was asked for is the name of a case somewhere, with the
// nearest name and a list of those there are; also if there is no case at all.
void check_names(const std::vector<ScenarioFile>& files, const std::vector<std::string>& wanted);

}  // namespace sagalab::cli
