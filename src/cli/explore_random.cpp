#include <algorithm>
#include <array>
#include <limits>

#include "base/text.h"
#include "cli/case_choice.h"
#include "cli/case_report.h"
#include "cli/errors.h"
#include "cli/explore_command.h"
#include "cli/explore_files.h"
#include "cli/explore_modes.h"
#include "cli/explore_report.h"
#include "cli/interrupt.h"
#include "explore/names.h"
#include "explore/prepare.h"
#include "explore/random.h"
#include "views/layout.h"

namespace sagalab::cli {
namespace {

using explore::Counterexample;
using explore::RandomOptions;
using explore::RandomResult;
using explore::Violation;
using program::Program;

constexpr std::uint64_t runs_max = 1'000'000'000;
constexpr std::uint64_t steps_max = 1'000'000'000;
constexpr std::uint64_t depth_max = 100;

// A longer path is shown by its steps: to tell it as a story it would be walked once for each of
// them.
constexpr std::size_t told_steps = 200;
// Steps that are shown of it, unless all are asked for.
constexpr std::size_t shown_steps = 40;

// What differs from run to run, or changes no run.
constexpr std::array<std::string_view, 9> not_repeated{
    "case", "random", "runs", "seed-from", "threads", "time", "keep-going", "format", "output"};

RandomOptions random_options(const Arguments& arguments, const ExploreSettings& settings) {
    RandomOptions options;
    options.threads = settings.threads;
    options.keep_going = settings.keep_going;
    options.stop = &stop_asked();
    options.out_of_time = timer_of(settings);
    if (auto runs = arguments.value("runs")) {
        options.runs = to_integer("--runs", *runs, 1, runs_max);
    }
    if (auto from = arguments.value("seed-from")) {
        options.seed_from = to_integer("--seed-from", *from, 0,
                                       std::numeric_limits<std::uint64_t>::max() - options.runs);
    }
    if (auto depth = arguments.value("pct")) {
        options.depth = static_cast<std::uint32_t>(to_integer("--pct", *depth, 1, depth_max));
    }
    if (auto steps = arguments.value("steps")) {
        options.steps = to_integer("--steps", *steps, 1, steps_max);
    }
    return options;
}

// sagalab explore FILE --case '...' --crash 2 --random --runs 1 --seed-from 18
std::string again(const Arguments& arguments, const Program& program, const std::string& path,
                  std::uint64_t seed) {
    bool like_option = path.size() > 1 && path[0] == '-';
    std::string out = "sagalab explore " + views::shell_quote(like_option ? "./" + path : path);
    if (program.case_name != program.title) {
        out += " --case " + views::shell_quote(program.case_name);
    }
    for (const Option& option : explore_command.options) {
        if (std::ranges::find(not_repeated, option.name) != not_repeated.end()) continue;
        for (const std::string& value : arguments.values(option.name)) {
            out += " --" + std::string(option.name);
            if (!option.argument.empty()) out += " " + views::shell_quote(value);
        }
    }
    return out + " --random --runs 1 --seed-from " + std::to_string(seed);
}

// The steps of a path by their names; what a long one has in its middle only where all is wanted.
std::vector<std::string> steps_of(const Program& program, const program::Exploration& bounds,
                                  const Violation& violation, bool all) {
    explore::Adversary adversary(program, bounds);
    explore::Node node = adversary.start();
    std::vector<std::string> lines;
    const std::size_t size = violation.path.size();
    const std::size_t half = shown_steps / 2;
    for (std::size_t at = 0; at < size; ++at) {
        bool shown = all || size <= shown_steps || at < half || at >= size - half;
        const explore::Step& step = violation.path[at];
        if (shown) {
            lines.push_back(explore::step_name(adversary, node, adversary.items(node), step));
        } else if (at == half) {
            lines.push_back("... " + views::counted(size - shown_steps, "more step") +
                            " (all of them with -v)");
        }
        adversary.replay(node, step, nullptr);
    }
    return lines;
}

std::string claim_of(const Violation& violation) {
    return std::string(expect::kind_name(violation.verdict.kind)) + " \"" + violation.verdict.name +
           "\"";
}

std::string promise(const RandomResult& result, std::uint32_t depth) {
    const std::uint64_t steps = std::max(result.horizon, result.longest);
    std::optional<std::uint64_t> odds = explore::one_in(result.services, steps, depth);
    std::string text = "  what " + views::counted(depth, "ordering") +
                       " between services can break, a run breaks with a probability of at least " +
                       (odds ? "1/" + std::to_string(*odds) : std::string("next to nothing"));
    text += " = 1/(n k^(d-1)), n " + std::to_string(result.services) + ", k " +
            std::to_string(steps) + ", d " + std::to_string(depth) + "\n";
    if (result.longest > result.horizon) {
        text += "  no change point was drawn after step " + std::to_string(result.horizon) +
                ": of longer runs nothing is promised\n";
    }
    return text;
}

std::string counts_of(const RandomResult& result) {
    std::string text = views::counted(result.runs, "run") + ", " +
                       views::counted(result.found.transitions, "step") + ", the longest " +
                       std::to_string(result.longest) + ", " +
                       views::counted(result.found.quiescent, "different end");
    if (result.found.placements != 0) {
        text += ", " + views::counted(result.found.placements, "fault");
    }
    return text;
}

// One case and what became of it.
class Report {
public:
    Report(const Arguments& arguments, const ExploreSettings& settings, Console& console)
        : arguments_(arguments), settings_(settings), console_(console) {}

    void add(const ScenarioFile& file, const Program& program, const program::Exploration& bounds,
             const RandomOptions& options, const RandomResult& result) {
        std::string text = settings_.json ? json(file, program, bounds, options, result)
                                          : lines(file, program, bounds, options, result);
        console_.out().write(text);
    }

private:
    std::string lines(const ScenarioFile& file, const Program& program,
                      const program::Exploration& bounds, const RandomOptions& options,
                      const RandomResult& result) {
        const explore::SearchResult& found = result.found;
        std::string text = title_of(program, file.path) + ": ";
        text += found.ending == explore::Ending::violated    ? "counterexample"
                : found.ending == explore::Ending::exhausted ? "nothing breaks"
                                                             : "stopped early: " + found.why;
        text += "; " + counts_of(result) + "\n";
        if (options.depth != 0) text += promise(result, options.depth);
        const Shown shown = shown_of(file, program, bounds, result);
        for (std::size_t i = 0; i < shown.violations.size(); ++i) {
            const Violation& each = shown.violations[i];
            if (each.path.size() <= told_steps) {
                text += counterexample_text(shown.explored, i, console_.out_style());
            } else {
                text += "\n" + stepwise(program, bounds, each) + replay_line(shown.explored, i);
            }
            text += "\nrepeat: " + again(arguments_, program, file.path, shown.seeds[i]) + "\n";
        }
        return text;
    }

    // What is told, and written where there is a folder.
    struct Shown {
        Explored explored;
        std::vector<Violation> violations;
        std::vector<std::uint64_t> seeds;
    };

    // With no more faults than are needed; what is the same then is shown once.
    Shown shown_of(const ScenarioFile& file, const Program& program,
                   const program::Exploration& bounds, const RandomResult& result) {
        Shown shown;
        shown.explored.program = &program;
        shown.explored.path = file.path;
        shown.explored.bounds = bounds;
        for (std::size_t i = 0; i < result.found.violations.size(); ++i) {
            Violation each = result.found.violations[i];
            const bool is_short = each.path.size() <= told_steps;
            if (is_short) each = explore::shrunk(program, bounds, each);
            bool known = std::ranges::any_of(shown.violations, [&](const Violation& other) {
                return claim_of(other) == claim_of(each) && other.sites == each.sites;
            });
            if (known) continue;
            Counterexample found;
            if (is_short) {
                found = explore::tell(program, bounds, each);
            } else {
                found.verdict = each.verdict;
                found.faults = each.faults;
                found.schedule = steps_of(program, bounds, each, true);
            }
            shown.explored.counterexamples.push_back(std::move(found));
            shown.violations.push_back(std::move(each));
            shown.seeds.push_back(result.seeds[i]);
        }
        write_files(shown.explored, settings_);
        return shown;
    }

    std::string stepwise(const Program& program, const program::Exploration& bounds,
                         const Violation& violation) {
        std::string text = told(claim_of(violation) + " breaks", violation.faults,
                                explore::names_of(program, bounds, violation.sites)) +
                           "\n";
        for (const std::string& reason : violation.verdict.reasons) {
            text += "    " + printable(reason) + "\n";
        }
        for (const std::string& step : steps_of(program, bounds, violation, console_.verbose())) {
            text += "  " + printable(step) + "\n";
        }
        return text;
    }

    std::string json(const ScenarioFile& file, const Program& program,
                     const program::Exploration& bounds, const RandomOptions& options,
                     const RandomResult& result) {
        auto number = [](std::uint64_t count) { return Value(static_cast<std::int64_t>(count)); };
        const explore::SearchResult& found = result.found;
        std::vector<Value> violations;
        const Shown shown = shown_of(file, program, bounds, result);
        for (std::size_t i = 0; i < shown.violations.size(); ++i) {
            const Violation& each = shown.violations[i];
            std::vector<Value> path;
            for (const std::string& step : steps_of(program, bounds, each, true)) {
                path.emplace_back(step);
            }
            violations.push_back(Value::map(
                {{"breaks", claim_of(each)},
                 {"faults", number(each.faults)},
                 {"sites", explore::names_of(program, bounds, each.sites)},
                 {"path", Value::list(path)},
                 {"seed", std::to_string(shown.seeds[i])},
                 {"again", again(arguments_, program, file.path, shown.seeds[i])},
                 {"file",
                  i < shown.explored.files.size() ? Value(shown.explored.files[i]) : Value()}}));
        }
        Value made = Value::map({{"file", file.path},
                                 {"case", program.case_name},
                                 {"runs", number(result.runs)},
                                 {"steps", number(found.transitions)},
                                 {"longest", number(result.longest)},
                                 {"ends", number(found.quiescent)},
                                 {"stopped", found.why},
                                 {"violations", Value::list(violations)}});
        if (options.depth != 0) {
            made = Value::merged(
                made, Value::map({{"n", number(result.services)},
                                  {"k", number(std::max(result.horizon, result.longest))},
                                  {"d", number(options.depth)}}));
        }
        return made.json() + "\n";
    }

    const Arguments& arguments_;
    const ExploreSettings& settings_;
    Console& console_;
};

// The exit code of one case: what is meant to break is no failure, and what a part of the runs
// does not break may still break.
int status_of(const program::Exploration& bounds, const RandomResult& result) {
    for (const Violation& each : result.found.violations) {
        if (std::ranges::find(bounds.breaks, each.verdict.name) == bounds.breaks.end()) {
            return exit_code::failed;
        }
    }
    return result.found.why.empty() ? exit_code::ok : exit_code::limit;
}

}  // namespace

int explore_random(const Arguments& arguments, const ExploreSettings& settings,
                   const std::vector<ScenarioFile>& files, Console& console) {
    const RandomOptions options = random_options(arguments, settings);
    Report report(arguments, settings, console);
    int status = exit_code::ok;
    for (const ScenarioFile& file : files) {
        for (const auto& loaded : file.loaded.cases) {
            if (!is_wanted(*loaded, settings.cases)) continue;
            const Program program = explore::prepared(*loaded);
            const program::Exploration bounds = settings.bounds(program);
            RandomOptions own = options;
            own.keep_going = options.keep_going || !bounds.breaks.empty();
            const RandomResult result = explore::random_runs(program, bounds, own);
            report.add(file, program, bounds, own, result);
            if (was_interrupted()) return exit_code::interrupted;
            const int each = status_of(bounds, result);
            if (status == exit_code::ok || each == exit_code::failed) status = each;
        }
    }
    return status;
}

}  // namespace sagalab::cli
