// What `sagalab test` runs: the cases of the files under its paths that were chosen.
//
// A file without `scenario` is part of a system and no test. One that is found in a folder may be
// something else altogether (so may an array be) and is passed over in silence, unless it misspells
// "scenario".
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/scenario_files.h"
#include "cli/test_settings.h"
#include "program/program.h"

namespace sagalab::cli {

struct PlannedCase {
    std::size_t file = 0;    // in Plan::files
    std::size_t number = 0;  // in its file, from 0
    const program::Program* program = nullptr;
};

struct Plan {
    std::vector<ScenarioFile> files;
    std::vector<PlannedCase> cases;   // chosen, in the order of files and of cases in them
    std::vector<std::size_t> unread;  // files with errors, with --strict also with warnings

    [[nodiscard]] const std::string& path(const PlannedCase& one) const {
        return files[one.file].path;
    }
    // "order.json / the payment is declined"
    [[nodiscard]] std::string name(const PlannedCase& one) const;
    // Every case of the file was chosen.
    [[nodiscard]] bool is_whole(std::size_t file) const;
};

// Everything wrong with the files is told on standard error. Throws UsageError and Failure, also
// where nothing is chosen.
Plan make_plan(const TestSettings& settings, Console& console);

// `text` in `name`; or a glob that fits all of it, in which `*` is any text and `?` one character.
bool fits(const std::string& name, const std::string& text);

}  // namespace sagalab::cli
