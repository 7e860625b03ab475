#include "cli/run_command.h"

#include <array>
#include <memory>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/case_choice.h"
#include "cli/case_report.h"
#include "cli/case_runner.h"
#include "cli/console.h"
#include "cli/interrupt.h"
#include "cli/preset_runs.h"
#include "cli/run_settings.h"
#include "cli/run_tally.h"
#include "cli/scenario_files.h"
#include "views/layout.h"

namespace sagalab::cli {
namespace {

using drivers::RunResult;

constexpr std::string_view preset_names = "camunda8-like eventuate-like seata-like temporal-like";

constexpr std::array<Option, 12> options{{
    {"case", 'c', "NAME", "only the case of that name; may be repeated", "", false},
    {"set", 0, "NAME=VALUE", "override a param; may be repeated", "", false},
    {"preset", 0, "NAME", "undo as that engine does; several are compared", preset_names, false},
    {"seed", 0, "N", "another seed than the file's", "", false},
    {"random", 0, "", "draw open choices (`choose`) from the seed", "", false},
    {"threads", 'j', "N", "threads of the driver (1); results do not change", "", false},
    {"pace", 0, "FACTOR", "tie virtual time to the clock: 1x, 0.5x, 10x", "", false},
    {"format", 'f', "NAME", "text (the story), jsonl (the trace), none", "text jsonl none", false},
    {"output", 'o', "FILE", "write the format to FILE; \"-\" is standard output", "", true},
    {"check-determinism", 0, "", "run twice, compare the traces byte by byte", "", false},
    {"loose", 0, "", "skip pins that fit nowhere, with a warning", "", false},
    {"strict", 0, "", "warnings and vacuous expectations are errors", "", false},
}};

bool refuse_parts(const std::vector<ScenarioFile>& files, Console& console) {
    bool good = true;
    for (const ScenarioFile& file : files) {
        if (!file.loaded.is_part || file.loaded.diagnostics.has_errors()) continue;
        console.error("\"" + shown_path(file.path) +
                      "\" is part of a system (it has no \"scenario\"): nothing to run");
        good = false;
    }
    return good;
}

Tally run_all(const std::vector<ScenarioFile>& files, const RunSettings& settings, Console& console,
              views::Output& results) {
    catch_interrupts();
    if (settings.presets.size() > 1) return compare_presets(files, settings, console, results);
    std::string preset = settings.presets.empty() ? "" : settings.presets[0];
    CaseRunner runner(settings, console, results);
    Tally tally;
    for (const ScenarioFile& file : files) {
        std::vector<RunResult> of_file;
        for (const auto& program : file.loaded.cases) {
            if (!is_wanted(*program, settings.cases) || stop_asked()) continue;
            auto chosen = preset.empty() ? program : under_preset(*program, preset);
            of_file.push_back(runner.run(*chosen, file.path));
            tally.add(of_file.back(), check_vacuous(*program, of_file.back(), settings,
                                                    reproduction_of(settings, file.path), console));
        }
        if (!check_whole_file(file, of_file, settings, preset, console)) tally.broken = true;
    }
    if (!runner.deterministic()) tally.broken = true;
    bool trace_on_out = settings.format == Format::jsonl && !settings.output;
    if (tally.total > 1 && !trace_on_out && !console.quiet()) {
        bool after_story = settings.format == Format::text && !settings.output;
        console.out().write((after_story ? "\n" : "") + std::to_string(tally.holds) + " of " +
                            views::counted(tally.total, "case") + " hold\n");
    }
    return tally;
}

int run(const Arguments& arguments, Console& console) {
    RunSettings settings = run_settings(arguments);
    std::vector<ScenarioFile> files = load_files(settings.files, settings.load);
    bool readable = report_diagnostics(files, settings.strict, console);
    if (!refuse_parts(files, console) || !readable) return exit_code::bad_input;
    check_names(files, settings.cases);
    check_sagas(files, settings);
    if (!settings.output) return run_all(files, settings, console, console.out()).code();
    FileOutput output(*settings.output, input_paths(files));
    Tally tally = run_all(files, settings, console, output);
    output.commit();
    return tally.code();
}

}  // namespace

const Command run_command{
    "run",
    "[OPTION]... FILE...",
    "Runs every case of scenario files and checks what they expect.",
    options,
    "Virtual time, fixed order, chance from the seed only: the same file gives the\n"
    "same run, byte for byte, on any number of threads. FILE may be \"-\" for standard\n"
    "input. With -o the format goes to FILE, which appears only when it is complete,\n"
    "and the verdict is still printed. --preset gives every saga the rules by which a\n"
    "well-known engine undoes, in place of its own; of several presets a table says\n"
    "where they differ. Ctrl-C ends the run with the report so far; a second Ctrl-C\n"
    "kills. Every failure ends with the command that reproduces it.\n",
    "  0 all holds; 1 an expectation failed; 2 bad input; 3 a limit; 130 interrupted\n",
    "  sagalab run order.json --case 'the payment is declined'\n"
    "  sagalab run order.json --format jsonl -o trace.jsonl\n"
    "  sagalab run order.json --set patience=50ms --seed 17\n"
    "  sagalab run order.json --preset seata-like --preset temporal-like\n"
    "  sagalab run order.json --pace 0.1x\n",
    Words::files,
    run,
};

}  // namespace sagalab::cli
