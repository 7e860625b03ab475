// The two other ways to explore: random runs, and mutants of the file itself.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/explore_settings.h"
#include "cli/scenario_files.h"

namespace sagalab::cli {

// Throws UsageError where options of different ways stand together.
void check_modes(const Arguments& arguments);

// `--random`: the exit code.
int explore_random(const Arguments& arguments, const ExploreSettings& settings,
                   const std::vector<ScenarioFile>& files, Console& console);

// `--mutate`: the exit code.
int explore_mutate(const ExploreSettings& settings, const std::vector<ScenarioFile>& files,
                   Console& console);

// Whether the time that `--time` allows is over.
std::function<bool()> timer_of(const ExploreSettings& settings);

// `finally "every order ends" with 1 fault: crash PaymentService after insert payments`; `sites`
// are those of explore::Violation.
std::string told(std::string_view claim, std::uint32_t faults, std::string_view sites);

}  // namespace sagalab::cli
