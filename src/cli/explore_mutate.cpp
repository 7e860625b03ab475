#include <algorithm>

#include "base/text.h"
#include "cli/case_choice.h"
#include "cli/case_report.h"
#include "cli/explore_modes.h"
#include "cli/interrupt.h"
#include "explore/mutate.h"
#include "explore/prepare.h"
#include "views/layout.h"

namespace sagalab::cli {
namespace {

using explore::Fate;
using explore::MutantReport;
using explore::Teeth;
using explore::TeethEnding;
using program::Program;

// Only where it says which of several.
std::string in_case(const ScenarioFile& file, const std::string& name) {
    return file.loaded.cases.size() == 1 ? std::string() : " in case \"" + name + "\"";
}

std::string verdict_of(const ScenarioFile& file, const Teeth& teeth, bool all_left_out) {
    const std::string where = in_case(file, teeth.case_name);
    if (teeth.ending == TeethEnding::broken) {
        return "broken as it is: " + printable(teeth.why + where) +
               "\n  no mutant would prove anything (--case chooses the cases that hold)";
    }
    if (teeth.ending == TeethEnding::stopped)
        return "stopped early: " + printable(teeth.why + where);
    if (teeth.mutants.empty() && all_left_out) return "no case is left";
    if (teeth.mutants.empty()) return "there is no safeguard that could be taken away";
    std::string text = views::counted(teeth.mutants.size(), "mutant") + ", " +
                       std::to_string(teeth.count(Fate::killed)) + " killed";
    if (auto left = teeth.count(Fate::survived)) text += ", " + std::to_string(left) + " survived";
    if (auto open = teeth.count(Fate::undecided)) {
        text += ", " + std::to_string(open) + " undecided";
    }
    return text;
}

// Killed ones, then what was not decided; survivors last, each a sentence.
std::string lines(const ScenarioFile& file, std::size_t meant_to_break, const Teeth& teeth) {
    std::string text = shown_path(file.path) + ": " +
                       verdict_of(file, teeth, meant_to_break == file.loaded.cases.size()) + "\n";
    if (meant_to_break != 0) {
        text += "  " + views::counted(meant_to_break, "case") +
                " left out: meant to break, so nothing more can be noticed there\n";
    }
    views::Table table;
    for (Fate fate : {Fate::killed, Fate::undecided}) {
        for (const MutantReport& each : teeth.mutants) {
            if (each.fate != fate) continue;
            std::string by = fate == Fate::killed ? told(each.by, each.faults, each.sites) +
                                                        printable(in_case(file, each.case_name))
                                                  : printable(each.why);
            table.add({std::string(explore::fate_name(fate)),
                       printable(each.name) + " (" + printable(each.place) + ")", by});
        }
    }
    for (const std::string& line : table.lines()) text += "  " + line + "\n";
    for (const MutantReport& each : teeth.mutants) {
        if (each.fate != Fate::survived) continue;
        text += "  survived  nothing in this file notices that " + printable(each.name) + " (" +
                printable(each.place) + ")\n";
    }
    return text;
}

std::string json(const std::string& path, const Teeth& teeth) {
    std::vector<Value> mutants;
    for (const MutantReport& each : teeth.mutants) {
        const bool killed = each.fate == Fate::killed;
        mutants.push_back(Value::map(
            {{"mutant", each.name},
             {"at", each.place},
             {"killed", killed},
             {"by", killed ? Value(each.by) : Value()},
             {"faults", killed ? Value(static_cast<std::int64_t>(each.faults)) : Value()},
             {"case", killed ? Value(each.case_name) : Value()},
             {"stopped", each.fate == Fate::undecided ? Value(each.why) : Value()}}));
    }
    const bool broken = teeth.ending == TeethEnding::broken;
    const bool stopped = teeth.ending == TeethEnding::stopped;
    return Value::map({{"file", path},
                       {"broken", broken ? Value(teeth.why) : Value()},
                       {"stopped", stopped ? Value(teeth.why) : Value()},
                       {"mutants", Value::list(mutants)}})
               .json() +
           "\n";
}

int status_of(const Teeth& teeth) {
    if (teeth.ending == TeethEnding::broken) return exit_code::failed;
    if (teeth.ending == TeethEnding::stopped) return exit_code::limit;
    if (teeth.count(Fate::survived) != 0) return exit_code::failed;
    return teeth.count(Fate::undecided) != 0 ? exit_code::limit : exit_code::ok;
}

}  // namespace

int explore_mutate(const ExploreSettings& settings, const std::vector<ScenarioFile>& files,
                   Console& console) {
    explore::SearchOptions search;
    search.threads = settings.threads;
    search.reduce = settings.reduce;
    search.states = settings.states;
    search.bytes = settings.memory;
    search.stop = &stop_asked();
    search.out_of_time = timer_of(settings);
    int status = exit_code::ok;
    for (const ScenarioFile& file : files) {
        std::vector<Program> programs;
        std::size_t meant_to_break = 0;
        for (const auto& loaded : file.loaded.cases) {
            if (!is_wanted(*loaded, settings.cases)) continue;
            if (loaded->expect.breaks.empty() && loaded->explore.breaks.empty()) {
                programs.push_back(explore::prepared(*loaded));
            } else {
                ++meant_to_break;
            }
        }
        if (programs.empty() && meant_to_break == 0) continue;
        std::vector<explore::MutatedCase> cases;
        for (const Program& program : programs) {
            cases.push_back({&program, settings.bounds(program)});
        }
        const Teeth teeth = explore::bite(cases, search);
        console.out().write(settings.json ? json(file.path, teeth)
                                          : lines(file, meant_to_break, teeth));
        if (was_interrupted()) return exit_code::interrupted;
        const int own = status_of(teeth);
        if (status == exit_code::ok || own == exit_code::failed) status = own;
    }
    return status;
}

}  // namespace sagalab::cli
