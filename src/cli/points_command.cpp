#include "cli/points_command.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/scenario_files.h"
#include "drivers/run.h"
#include "program/points.h"

namespace sagalab::cli {
namespace {

using program::Program;

constexpr std::array<Option, 5> options{{
    {"case", 'c', "NAME", "only the case of that name; may be repeated", "", false},
    {"as-faults", 0, "", "print each point that was passed as a crash to paste", "", false},
    {"all", 'a', "", "also the points that were never passed", "", false},
    {"set", 0, "NAME=VALUE", "override a param; may be repeated", "", false},
    {"seed", 0, "N", "another seed than the file's", "", false},
}};

// Counts how often each point is passed.
class Passes : public trace::Sink {
public:
    explicit Passes(const Program& program) : counts(program.points.size()) {}
    void take(const trace::Record& record) override {
        if (record.kind == trace::RecordKind::passed) ++counts[record.step];
    }
    std::vector<std::uint64_t> counts;
};

std::string as_fault(const Program& program, const program::Point& point) {
    const program::Handler& handler = program[point.handler];
    auto pair = [](std::string_view key, const std::string& value) {
        return Value(key).json() + ": " + Value(value).json();
    };
    return "{ " + pair("crash", program[handler.service].name) + ", " +
           pair("point", program::point_name(program, point)) + ", " +
           pair("during", handler.name) + " }";
}

std::string listed(const Program& program, const program::Point& point, std::uint64_t count) {
    const program::Handler& handler = program[point.handler];
    std::string number = std::to_string(count);
    if (number.size() < 6) number.insert(0, 6 - number.size(), ' ');
    return number + "  " + program[handler.service].name + "." + handler.name + ": " +
           program::point_name(program, point);
}

bool is_wanted(const Program& program, const Arguments& arguments) {
    std::vector<std::string> cases = arguments.values("case");
    return cases.empty() || std::find(cases.begin(), cases.end(), program.case_name) != cases.end();
}

void print_points(const Program& program, const Arguments& arguments, Console& console) {
    Passes passes(program);
    drivers::RunOptions run;
    run.sink = &passes;
    run.points = true;
    drivers::run(program, run);
    for (std::size_t i = 0; i < program.points.size(); ++i) {
        bool passed = passes.counts[i] > 0;
        if (!passed && !arguments.has("all")) continue;
        const program::Point& point = program.points[i];
        bool external =
            program[program[point.handler].service].kind == program::ServiceKind::external;
        if (!arguments.has("as-faults")) {
            console.out().write(listed(program, point, passes.counts[i]) + "\n");
        } else if (!external) {
            console.out().write(as_fault(program, point) + "\n");
        }
    }
}

int run(const Arguments& arguments, Console& console) {
    std::vector<ScenarioFile> files = load_files(arguments.words(), load_options(arguments));
    if (!report_diagnostics(files, false, console)) return exit_code::bad_input;
    std::size_t shown = 0;
    for (const ScenarioFile& file : files) {
        for (const auto& program : file.loaded.cases) {
            if (!is_wanted(*program, arguments)) continue;
            ++shown;
            bool several = file.loaded.cases.size() > 1 && !arguments.has("as-faults");
            if (several) console.out().write(file.path + ": " + program->case_name + "\n");
            print_points(*program, arguments, console);
        }
    }
    if (shown == 0) throw Failure("no case of that name");
    return exit_code::ok;
}

}  // namespace

const Command points_command{
    "points",
    "[OPTION]... FILE...",
    "Lists the points at which a scenario can fail.",
    options,
    "Each case is run as it stands. A line holds how often the point was passed, the\n"
    "handler, and the point by the name that faults use.\n",
    "  0 listed; 2 bad input or usage\n",
    "  sagalab points order.json\n"
    "  sagalab points --as-faults --case 'the payment is declined' order.json\n",
    Words::files,
    run,
};

}  // namespace sagalab::cli
