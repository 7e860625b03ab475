// What an exploration came to, for people and for machines.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/explore_settings.h"
#include "explore/counterexample.h"
#include "explore/search.h"

namespace sagalab::cli {

// So many smallest sets of faults are told of each expectation that breaks.
inline constexpr std::size_t told_sets = 8;

struct Explored {
    const program::Program* program = nullptr;  // as it was searched
    program::Exploration bounds;
    std::string path;  // of the file, as given
    explore::SearchResult result;
    std::vector<explore::Counterexample> counterexamples;
    // What would have prevented it: by the position in result.causes, then of each set; of the
    // first `told_sets` of them.
    std::vector<std::vector<std::vector<std::string>>> remedies;
    std::vector<std::string> files;  // of the counterexamples, where they were written
    std::uint64_t milliseconds = 0;  // of the wall clock
    std::vector<std::string> never;  // of `sometimes`: they hold at the end of no path
    std::vector<std::string> unmet;  // of `breaks` in `explore`: they held
};

// A JSON list of strings.
std::string json_list(const std::vector<std::string>& texts);
// A list within an object of a report, a line for each of these, which are JSON.
std::string json_rows(const std::vector<std::string>& rows);

// "exhausted", "counterexample", "stopped early"; of one of several shards "part exhausted".
std::string verdict_word(const Explored& explored, const ExploreSettings& settings);

// One of explored.counterexamples: what breaks, by which faults, and the story.
std::string counterexample_text(const Explored& explored, std::size_t number,
                                const views::TextOptions& style);
// The command that replays it, where it was written.
std::string replay_line(const Explored& explored, std::size_t number);
std::string explored_text(const Explored& explored, const ExploreSettings& settings,
                          const views::TextOptions& style);
std::string explored_json(const Explored& explored, const ExploreSettings& settings);

}  // namespace sagalab::cli
