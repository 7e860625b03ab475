#include "cli/run_tally.h"

#include <algorithm>

#include "base/text.h"
#include "cli/case_report.h"
#include "cli/interrupt.h"
#include "views/layout.h"

namespace sagalab::cli {

using drivers::RunResult;
using views::Status;

namespace {

// Where a trace takes standard output, what a person must know goes to standard error.
DescriptorOutput& talk(const RunSettings& settings, Console& console) {
    bool trace_on_out = settings.format == Format::jsonl && !settings.output;
    return trace_on_out ? console.err() : console.out();
}

}  // namespace

void Tally::add(const RunResult& result, bool good) {
    Status status = views::status_of(result);
    ++total;
    holds += status == Status::holds && good ? 1 : 0;
    broken = broken || status == Status::broken || !good;
    limit = limit || status == Status::limit;
}

int Tally::code() const {
    if (was_interrupted()) return exit_code::interrupted;
    if (limit) return exit_code::limit;
    return broken ? exit_code::failed : exit_code::ok;
}

bool check_whole_file(const ScenarioFile& file, const std::vector<RunResult>& results,
                      const RunSettings& settings, const std::string& preset, Console& console) {
    bool complete = settings.cases.empty() &&
                    std::all_of(results.begin(), results.end(), [](const RunResult& result) {
                        return result.ending == drivers::Ending::quiescent;
                    });
    if (!complete || stop_asked()) return true;
    DescriptorOutput& out = talk(settings, console);
    const std::string command = "sagalab run " + views::shell_quote(file.path) +
                                (preset.empty() ? "" : " --preset " + preset);
    std::vector<expect::Verdict> untested = views::untested_claims(results);
    for (const expect::Verdict& claim : untested) {
        if (console.quiet() && !settings.strict) break;
        out.write(untested_line(file.path, claim));
        // Under a preset the command also says under which.
        if (settings.strict || !preset.empty()) {
            out.write(command + (settings.strict ? " --strict\n" : "\n"));
        }
    }
    std::vector<std::string> unmet = views::unmet_sometimes(results);
    for (const std::string& name : unmet) {
        out.write(unmet_line(file.path, name, results.size()) + command + "\n");
    }
    return unmet.empty() && (untested.empty() || !settings.strict);
}

bool check_vacuous(const program::Program& program, const RunResult& result,
                   const RunSettings& settings, const views::Reproduction& from, Console& console) {
    if (!settings.strict) return true;
    std::string text;
    for (const expect::Verdict& verdict : result.verdicts) {
        if (!verdict.vacuous || !verdict.holds || verdict.meant_to_break) continue;
        text += shown_path(from.file) + ": vacuous: " + expect::kind_name(verdict.kind) + " \"" +
                printable(verdict.name) + "\" had nothing to look at\n";
    }
    if (text.empty()) return true;
    text += views::reproduce_command(program, from) + " --strict\n";
    talk(settings, console).write(text);
    return false;
}

}  // namespace sagalab::cli
