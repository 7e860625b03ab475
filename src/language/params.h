// Params of a scenario: constants that the file names, and that the command line may override.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "language/diagnostics.h"
#include "language/json.h"
#include "language/source.h"

namespace sagalab::language {

using Settings = std::vector<std::pair<std::string, std::string>>;

// Reports the settings that name no param of the file or of one of its cases, or whose value is no
// JSON although it begins as JSON does. `root` still has its cases.
void check_settings(const Settings& settings, const Node& root, Diagnostics& diagnostics);

// Gives the params of a merged case their values from the command line. A value is JSON if it is
// true, false, null, an integer, or begins with a quote or a bracket; else it is text.
void apply_settings(const Settings& settings, Node& root);

// Replaces each string that is nothing but "${params.NAME}" by the param's value, which then stands
// where it is used; `params` itself is left alone.
void substitute_params(Node& root, const Sources& sources, Diagnostics& diagnostics);

}  // namespace sagalab::language
