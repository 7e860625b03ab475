#include "cli/explore_command.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/case_choice.h"
#include "cli/case_report.h"
#include "cli/console.h"
#include "cli/errors.h"
#include "cli/explore_audit.h"
#include "cli/explore_files.h"
#include "cli/explore_modes.h"
#include "cli/explore_report.h"
#include "cli/explore_settings.h"
#include "cli/interrupt.h"
#include "cli/scenario_files.h"
#include "cli/terminal.h"
#include "explore/prepare.h"
#include "explore/remedies.h"
#include "explore/search.h"
#include "views/layout.h"

namespace sagalab::cli {
namespace {

using program::Program;

constexpr std::array<Option, 35> options{{
    {"case", 'c', "NAME", "only the case of that name; may be repeated", "", false},
    {"crash", 0, "N", "at most N crashes", "", false},
    {"drop", 0, "N", "at most N messages are lost", "", false},
    {"drop-reply", 0, "N", "at most N replies are lost", "", false},
    {"duplicate", 0, "N", "at most N messages come twice", "", false},
    {"delay", 0, "N", "at most N messages are late", "", false},
    {"stall", 0, "N", "at most N handlers are held at a point", "", false},
    {"pause", 0, "N", "at most N services stand still for a while", "", false},
    {"partition", 0, "N", "at most N pairs of services are cut off for a while", "", false},
    {"reject", 0, "N", "at most N calls are rejected", "", false},
    {"fail", 0, "N", "at most N calls fail", "", false},
    {"fail-store", 0, "N", "at most N writes fail", "", false},
    {"faults", 0, "N", "at most N faults in all", "", false},
    {"only", 0, "NAMES", "faults strike these services, operations or messages", "", false},
    {"reorder", 0, "", "every order that the bus allows (the default)", "", false},
    {"no-reorder", 0, "", "messages only in their canonical order", "", false},
    {"keep-going", 'k', "", "every distinct counterexample, not only the smallest", "", false},
    {"no-reduction", 0, "", "every order, also where none can matter", "", false},
    {"audit", 0, "", "search with and without the reduction, and compare", "", false},
    {"samples", 0, "N", "show N stories that break nothing, too", "", false},
    {"time", 0, "TIME", "stop after so long: 60s, 5m", "", false},
    {"memory", 0, "SIZE", "stop at about so much: 512M, 4G", "", false},
    {"states", 0, "N", "stop after N states", "", false},
    {"threads", 'j', "N", "threads of the search (1); results do not change", "", false},
    {"random", 0, "", "runs at random instead: for what is too large", "", false, true},
    {"runs", 0, "N", "so many of them (1000)", "", false, true},
    {"pct", 0, "D", "by random priorities of services, D-1 times changed", "", false, true},
    {"seed-from", 0, "N", "seeds N, N+1, ... (1)", "", false, true},
    {"steps", 0, "N", "of a run at most (100000)", "", false, true},
    {"mutate", 0, "", "is it noticed when a safeguard is taken away?", "", false, true},
    {"shard", 0, "K/N", "only the K-th of N parts of the fault placements", "", false},
    {"format", 'f', "NAME", "text or json", "text json", false},
    {"output", 'o', "DIR", "write each counterexample as a scenario file into DIR", "", false},
    {"set", 0, "NAME=VALUE", "override a param; may be repeated", "", false},
    {"seed", 0, "N", "another seed than the file's", "", false},
}};

// What is wrong with a file is told for all of them before anything is searched.
std::vector<ScenarioFile> readable_files(const ExploreSettings& settings, Console& console,
                                         bool& readable) {
    std::vector<ScenarioFile> files = load_files(settings.files, settings.load);
    readable = report_diagnostics(files, false, console);
    for (const ScenarioFile& file : files) {
        for (const auto& program : file.loaded.cases) {
            if (program->schedule.empty() || !is_wanted(*program, settings.cases)) continue;
            console.error("\"" + shown_path(file.path) +
                          "\" pins its choices (\"schedule\"): there is nothing to explore");
            readable = false;
        }
    }
    return files;
}

class Clock {
public:
    [[nodiscard]] std::uint64_t milliseconds() const {
        auto passed = std::chrono::steady_clock::now() - begin_;
        return static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
    }

private:
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// States, rate, frontier, on a terminal; now and then.
class ProgressLine {
public:
    ProgressLine(Console& console, const Clock& clock) : console_(console), clock_(clock) {}
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(const explore::Progress& progress) {
        if (console_.quiet() || !is_terminal(2)) return;
        const std::uint64_t now = clock_.milliseconds();
        constexpr std::uint64_t pause = 200;
        if (now < last_ + pause) return;
        last_ = now;
        shown_ = true;
        const std::uint64_t rate = progress.states * 1000 / std::max<std::uint64_t>(now, 1);
        console_.err().write("\r\x1b[K" + std::to_string(progress.states) + " states, " +
                             std::to_string(rate) + "/s, " + std::to_string(progress.frontier) +
                             " waiting, " + views::counted(progress.faults, "fault") + ", depth " +
                             std::to_string(progress.depth) + ", " + views::seconds(now) + " s");
    }
    void clear() {
        if (shown_) console_.err().write("\r\x1b[K");
        shown_ = false;
    }

private:
    Console& console_;
    const Clock& clock_;
    std::uint64_t last_ = 0;
    bool shown_ = false;
};

void find_remedies(Explored& explored, const explore::SearchOptions& search) {
    for (const explore::Cause& cause : explored.result.causes) {
        std::vector<std::vector<std::string>>& of_sets = explored.remedies.emplace_back();
        for (const explore::SiteSet& sites : cause.sets) {
            if (of_sets.size() == told_sets) break;
            of_sets.push_back(
                explore::remedies(*explored.program, explored.bounds, cause, sites, search));
        }
    }
}

Explored explore_case(const Program& program, const std::string& path,
                      const ExploreSettings& settings, Console& console) {
    Explored explored;
    explored.program = &program;
    explored.path = path;
    explored.bounds = settings.bounds(program);
    const Clock clock;
    ProgressLine line(console, clock);
    explore::SearchOptions search;
    search.threads = settings.threads;
    search.reduce = settings.reduce;
    search.keep_going = settings.keep_going || !explored.bounds.breaks.empty();
    search.samples = settings.samples;
    search.states = settings.states;
    search.bytes = settings.memory;
    search.shard = settings.shard;
    search.shards = settings.shards;
    search.stop = &stop_asked();
    search.progress = [&](const explore::Progress& progress) { line.show(progress); };
    search.out_of_time = timer_of(settings);
    explored.result = explore::search(program, explored.bounds, search);
    line.clear();
    explored.milliseconds = clock.milliseconds();
    for (const explore::Violation& violation : explored.result.violations) {
        explored.counterexamples.push_back(explore::tell(program, explored.bounds, violation));
        if (!search.keep_going) break;  // the smallest is the one to look at
    }
    find_remedies(explored, search);
    if (settings.shards > 1) return explored;  // what is missing may be in another one
    if (explored.result.ending == explore::Ending::exhausted) {
        for (std::size_t i = 0; i < program.expect.sometimes.size(); ++i) {
            if (!explored.result.sometimes[i]) {
                explored.never.push_back(program.expect.sometimes[i].title);
            }
        }
    }
    if (!explored.result.why.empty()) return explored;  // what is not found yet may still break
    for (const std::string& name : explored.bounds.breaks) {
        bool broken = std::ranges::any_of(
            explored.result.violations,
            [&](const explore::Violation& violation) { return violation.verdict.name == name; });
        if (!broken) explored.unmet.push_back(name);
    }
    return explored;
}

// One report is an object, several are a list.
std::string json_of(const std::vector<std::string>& reports) {
    if (reports.size() == 1) return reports[0] + "\n";
    std::string text = "[";
    for (const std::string& report : reports) text += (text.size() > 1 ? ",\n" : "\n") + report;
    return text + "\n]\n";
}

// Exactly what is meant to break breaks.
bool as_meant(const Explored& explored) {
    const std::vector<std::string>& breaks = explored.bounds.breaks;
    return explored.unmet.empty() && explored.never.empty() &&
           std::ranges::all_of(
               explored.result.violations, [&](const explore::Violation& violation) {
                   return std::ranges::find(breaks, violation.verdict.name) != breaks.end();
               });
}

int run(const Arguments& arguments, Console& console) {
    check_modes(arguments);
    ExploreSettings settings = explore_settings(arguments);
    bool readable = false;
    std::vector<ScenarioFile> files = readable_files(settings, console, readable);
    if (!readable) return exit_code::bad_input;
    check_names(files, settings.cases);
    catch_interrupts();
    if (arguments.has("random")) return explore_random(arguments, settings, files, console);
    if (arguments.has("audit")) return explore_audit(settings, files, console);
    if (arguments.has("mutate")) return explore_mutate(settings, files, console);
    bool violated = false;
    bool early = false;
    std::size_t cases = 0;
    std::vector<std::string> reports;
    for (const ScenarioFile& file : files) {
        for (const auto& loaded : file.loaded.cases) {
            if (!is_wanted(*loaded, settings.cases) || stop_asked()) continue;
            const Program program = explore::prepared(*loaded);
            Explored explored = explore_case(program, file.path, settings, console);
            write_files(explored, settings);
            violated = violated || !as_meant(explored);
            early = early || !explored.result.why.empty();
            if (settings.json) {
                reports.push_back(explored_json(explored, settings));
            } else if (!console.quiet() || !as_meant(explored)) {
                console.out().write((cases > 0 ? "\n" : "") +
                                    explored_text(explored, settings, console.out_style()));
            }
            ++cases;
        }
    }
    if (settings.json) console.out().write(json_of(reports));
    if (was_interrupted()) return exit_code::interrupted;
    if (violated) return exit_code::failed;
    return early ? exit_code::limit : exit_code::ok;
}

}  // namespace

const Command explore_command{
    "explore",
    "[OPTION]... FILE...",
    "Tries every failure within bounds, and every order of delivery.",
    options,
    "Every placement of at most so many crashes, losses, duplicates and delays, and\n"
    "every order of delivery that the bus allows, fewest faults first. The bounds are\n"
    "those of the file's \"explore\"; without one, every single crash, loss, duplicate\n"
    "or delay. What is found is the smallest counterexample: replayed and told,\n"
    "and with -o written as a scenario file that `run` and `test` replay. \"Stopped\n"
    "early\" is no pass. Latencies stand at their medians. Ctrl-C ends the search with\n"
    "the report so far.\n"
    "\n"
    "--random draws runs from the same choices and prints the command that repeats\n"
    "the one that fails. --mutate takes one safeguard of the file away after the\n"
    "other (outbox, compensate, retry, ...): some expectation should break.\n",
    "  0 nothing within the bounds breaks what is expected; 1 something does, or of\n"
    "  --mutate something survives; 2 bad input; 3 stopped early; 130 interrupted\n",
    "  sagalab explore order.json\n"
    "  sagalab explore order.json --crash 1 --drop 1 --faults 1\n"
    "  sagalab explore order.json --keep-going -o found --time 60s\n"
    "  sagalab explore --random --runs 10000 --pct 3 large.json\n"
    "  sagalab explore --mutate order.json\n",
    Words::files,
    run,
};

}  // namespace sagalab::cli
