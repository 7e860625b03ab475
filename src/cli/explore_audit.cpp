#include "cli/explore_audit.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "cli/case_choice.h"
#include "cli/case_report.h"
#include "cli/explore_modes.h"
#include "cli/interrupt.h"
#include "explore/prepare.h"
#include "explore/search.h"
#include "views/layout.h"

namespace sagalab::cli {
namespace {

using explore::SearchResult;
using program::Program;

// The fewest faults with which each expectation breaks.
std::map<std::pair<int, std::string>, std::uint32_t> fewest(const SearchResult& result) {
    std::map<std::pair<int, std::string>, std::uint32_t> faults;
    for (const explore::Violation& violation : result.violations) {
        auto key = std::pair(static_cast<int>(violation.verdict.kind), violation.verdict.name);
        auto [at, added] = faults.emplace(std::move(key), violation.faults);
        if (!added) at->second = std::min(at->second, violation.faults);
    }
    return faults;
}

class Audit {
public:
    Audit(const ExploreSettings& settings, Console& console)
        : settings_(settings), console_(console) {}

    void look_at(const Program& program, const std::string& path) {
        const SearchResult reduced = search(program, true);
        const SearchResult full = search(program, false);
        std::string text = title_of(program, path) + ": audit: ";
        bool whole = reduced.why.empty() && full.why.empty();
        bool same = reduced.quiescent_worlds == full.quiescent_worlds &&
                    reduced.quiescent == full.quiescent && fewest(reduced) == fewest(full);
        if (!whole) {
            text += "stopped early: " + (full.why.empty() ? reduced.why : full.why);
        } else {
            text += same ? "the same" : "DIFFERENT, please report this";
        }
        text += "\n  reduced: " + figures(reduced) + "\n  in full: " + figures(full) + "\n";
        early_ = early_ || !whole;
        different_ = different_ || (whole && !same);
        console_.out().write(text);
    }

    [[nodiscard]] int code() const {
        if (was_interrupted()) return exit_code::interrupted;
        if (different_) return exit_code::failed;
        return early_ ? exit_code::limit : exit_code::ok;
    }

private:
    SearchResult search(const Program& program, bool reduce) {
        explore::SearchOptions options;
        options.threads = settings_.threads;
        options.reduce = reduce;
        options.keep_going = true;
        options.states = settings_.states;
        options.bytes = settings_.memory;
        options.stop = &stop_asked();
        options.out_of_time = timer_of(settings_);
        return explore::search(program, settings_.bounds(program), options);
    }

    static std::string figures(const SearchResult& result) {
        return std::to_string(result.states) + " states, " + std::to_string(result.transitions) +
               " transitions, " + std::to_string(result.quiescent) + " ends, " +
               views::counted(fewest(result).size(), "broken expectation");
    }

    const ExploreSettings& settings_;
    Console& console_;
    bool different_ = false;
    bool early_ = false;
};

}  // namespace

int explore_audit(const ExploreSettings& settings, const std::vector<ScenarioFile>& files,
                  Console& console) {
    Audit audit(settings, console);
    for (const ScenarioFile& file : files) {
        for (const auto& loaded : file.loaded.cases) {
            if (!is_wanted(*loaded, settings.cases) || stop_asked()) continue;
            audit.look_at(explore::prepared(*loaded), file.path);
        }
    }
    return audit.code();
}

}  // namespace sagalab::cli
