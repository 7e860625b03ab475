// What an exploration came to, for people and for machines.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/explore_settings.h"
#include "explore/counterexample.h"
#include "explore/search.h"

namespace sagalab::cli {

struct Explored {
    const program::Program* program = nullptr;  // as it was searched
    program::Exploration bounds;
    std::string path;  // of the file, as given
    explore::SearchResult result;
    std::vector<explore::Counterexample> counterexamples;
    std::vector<std::string> files;  // of the counterexamples, where they were written
    std::uint64_t milliseconds = 0;  // of the wall clock
    std::vector<std::string> never;  // of `sometimes`: they hold at the end of no path
    std::vector<std::string> unmet;  // of `breaks` in `explore`: they held
};

// "exhausted", "counterexample", "stopped early".
std::string verdict_word(const Explored& explored);

// One of explored.counterexamples: what breaks, by which faults, and the story.
std::string counterexample_text(const Explored& explored, std::size_t number,
                                const views::TextOptions& style);
std::string explored_text(const Explored& explored, const ExploreSettings& settings,
                          const views::TextOptions& style);
std::string explored_json(const Explored& explored, const ExploreSettings& settings);

// The scenario file that pins every choice of a counterexample. `to_scenario` leads from its folder
// to the scenario.
std::string counterexample_file(const Explored& explored, const explore::Counterexample& found,
                                const std::string& to_scenario, const ExploreSettings& settings);

}  // namespace sagalab::cli
