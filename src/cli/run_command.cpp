#include "cli/run_command.h"

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/case_choice.h"
#include "cli/case_report.h"
#include "cli/case_runner.h"
#include "cli/console.h"
#include "cli/interrupt.h"
#include "cli/run_settings.h"
#include "cli/scenario_files.h"
#include "views/layout.h"
#include "views/summary.h"

namespace sagalab::cli {
namespace {

using drivers::RunResult;
using views::Status;

constexpr std::array<Option, 10> options{{
    {"case", 'c', "NAME", "only the case of that name; may be repeated", "", false},
    {"set", 0, "NAME=VALUE", "override a param; may be repeated", "", false},
    {"seed", 0, "N", "another seed than the file's", "", false},
    {"random", 0, "", "draw open choices (`choose`) from the seed", "", false},
    {"threads", 'j', "N", "threads of the driver (1); results do not change", "", false},
    {"pace", 0, "FACTOR", "tie virtual time to the clock: 1x, 0.5x, 10x", "", false},
    {"format", 'f', "NAME", "text (the story), jsonl (the trace), none", "text jsonl none", false},
    {"output", 'o', "FILE", "write the format to FILE; \"-\" is standard output", "", true},
    {"check-determinism", 0, "", "run twice, compare the traces byte by byte", "", false},
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

// What all runs came to. Of several failures the gravest decides.
struct Tally {
    std::size_t holds = 0;
    std::size_t total = 0;
    bool broken = false;
    bool limit = false;

    // `good`: nothing else speaks against it.
    void add(const RunResult& result, bool good) {
        Status status = views::status_of(result);
        ++total;
        holds += status == Status::holds && good ? 1 : 0;
        broken = broken || status == Status::broken || !good;
        limit = limit || status == Status::limit;
    }
    [[nodiscard]] int code() const {
        if (was_interrupted()) return exit_code::interrupted;
        if (limit) return exit_code::limit;
        return broken ? exit_code::failed : exit_code::ok;
    }
};

// Claims of the whole file: only where all of it ran to its end. One that was never tested is as
// bad as a broken one under --strict.
bool check_whole_file(const ScenarioFile& file, const std::vector<RunResult>& results,
                      const RunSettings& settings, Console& console) {
    bool complete = settings.cases.empty() &&
                    std::all_of(results.begin(), results.end(), [](const RunResult& result) {
                        return result.ending == drivers::Ending::quiescent;
                    });
    if (!complete || stop_asked()) return true;
    bool trace_on_out = settings.format == Format::jsonl && !settings.output;
    DescriptorOutput& out = trace_on_out ? console.err() : console.out();
    std::vector<expect::Verdict> untested = views::untested_claims(results);
    for (const expect::Verdict& claim : untested) {
        if (console.quiet() && !settings.strict) break;
        out.write(untested_line(file.path, claim));
        if (settings.strict) {
            out.write("sagalab run " + views::shell_quote(file.path) + " --strict\n");
        }
    }
    std::vector<std::string> unmet = views::unmet_sometimes(results);
    for (const std::string& name : unmet) {
        out.write(unmet_line(file.path, name, results.size()) + "sagalab run " +
                  views::shell_quote(file.path) + "\n");
    }
    return unmet.empty() && (untested.empty() || !settings.strict);
}

// Under --strict a claim that had nothing to look at is as bad as a broken one.
bool check_vacuous(const ScenarioFile& file, const program::Program& program,
                   const RunResult& result, const RunSettings& settings, Console& console) {
    if (!settings.strict) return true;
    std::string text;
    for (const expect::Verdict& verdict : result.verdicts) {
        if (!verdict.vacuous || !verdict.holds || verdict.meant_to_break) continue;
        text += shown_path(file.path) + ": vacuous: " + expect::kind_name(verdict.kind) + " \"" +
                printable(verdict.name) + "\" had nothing to look at\n";
    }
    if (text.empty()) return true;
    text += views::reproduce_command(program, {file.path, settings.load.set}) + " --strict\n";
    bool trace_on_out = settings.format == Format::jsonl && !settings.output;
    (trace_on_out ? console.err() : console.out()).write(text);
    return false;
}

Tally run_all(const std::vector<ScenarioFile>& files, const RunSettings& settings, Console& console,
              views::Output& results) {
    catch_interrupts();
    CaseRunner runner(settings, console, results);
    Tally tally;
    for (const ScenarioFile& file : files) {
        std::vector<RunResult> of_file;
        for (const auto& program : file.loaded.cases) {
            if (!is_wanted(*program, settings.cases) || stop_asked()) continue;
            of_file.push_back(runner.run(*program, file.path));
            tally.add(of_file.back(),
                      check_vacuous(file, *program, of_file.back(), settings, console));
        }
        if (!check_whole_file(file, of_file, settings, console)) tally.broken = true;
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
    "and the verdict is still printed. Ctrl-C ends the run with the report so far; a\n"
    "second Ctrl-C kills. Every failure ends with the command that reproduces it.\n",
    "  0 all holds; 1 an expectation failed; 2 bad input; 3 a limit; 130 interrupted\n",
    "  sagalab run order.json --case 'the payment is declined'\n"
    "  sagalab run order.json --format jsonl -o trace.jsonl\n"
    "  sagalab run order.json --set patience=50ms --seed 17\n"
    "  sagalab run order.json --pace 0.1x\n",
    Words::files,
    run,
};

}  // namespace sagalab::cli
