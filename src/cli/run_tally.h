// What several runs came to together: their exit code, and the claims that a single run cannot
// judge.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/run_settings.h"
#include "cli/scenario_files.h"
#include "drivers/run.h"
#include "program/program.h"
#include "views/summary.h"

namespace sagalab::cli {

// Of several failures the gravest decides.
struct Tally {
    std::size_t holds = 0;
    std::size_t total = 0;
    bool broken = false;
    bool limit = false;

    // `good`: nothing else speaks against it.
    void add(const drivers::RunResult& result, bool good);
    [[nodiscard]] int code() const;
};

// Claims of the whole file: only where all of it ran to its end. Tells of those that held nowhere
// and of those that were never tested, which is as bad as a broken one under --strict. `preset`:
// the one it all ran under, if any.
bool check_whole_file(const ScenarioFile& file, const std::vector<drivers::RunResult>& results,
                      const RunSettings& settings, const std::string& preset, Console& console);

// Under --strict a claim that had nothing to look at is as bad as a broken one.
bool check_vacuous(const program::Program& program, const drivers::RunResult& result,
                   const RunSettings& settings, const views::Reproduction& from, Console& console);

}  // namespace sagalab::cli
