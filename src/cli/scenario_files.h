// The scenario files named on a command line, loaded, with everything that is wrong with them told
// before anything runs.
#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/console.h"
#include "language/load.h"

namespace sagalab::cli {

struct ScenarioFile {
    std::string path;  // as given; "-" is standard input
    language::Loaded loaded;
};

// --set, --seed and --strict of a command line.
language::LoadOptions load_options(const Arguments& arguments);

// Among scenarios a file NAME.schema.json is passed over: it is the schema that they name, and
// "*.json" names it, too.
// Throws UsageError where no file is named, or standard input twice; Failure if it cannot be read.
std::vector<ScenarioFile> load_files(const std::vector<std::string>& paths,
                                     const language::LoadOptions& options);

// Writes all diagnostics to standard error; the same one of a shared include only once. With
// `strict` warnings are errors. True if there are no errors.
bool report_diagnostics(const std::vector<ScenarioFile>& files, bool strict, Console& console);

// All of standard input. Throws Failure.
std::string read_standard_input();

// Every path that was read.
std::vector<std::string> input_paths(const std::vector<ScenarioFile>& files);

}  // namespace sagalab::cli
