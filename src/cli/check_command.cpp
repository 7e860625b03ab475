#include "cli/check_command.h"

#include <array>

#include "cli/arguments.h"
#include "cli/case_report.h"
#include "cli/console.h"
#include "cli/scenario_files.h"
#include "explore/explain.h"
#include "explore/prepare.h"
#include "program/dump.h"
#include "views/layout.h"

namespace sagalab::cli {
namespace {

constexpr std::array<Option, 4> options{{
    {"set", 0, "NAME=VALUE", "override a param; may be repeated", "", false},
    {"strict", 0, "", "warnings are errors", "", false},
    {"dump", 0, "", "print what the files were compiled to", "", false},
    {"explain", 0, "", "what each handler touches, and what costs reduction", "", false},
}};

void report(const ScenarioFile& file, Console& console) {
    std::string out = shown_path(file.path) + ": ok (";
    out +=
        file.loaded.is_part ? "part of a system" : views::counted(file.loaded.cases.size(), "case");
    console.out().write(out + ")\n");
}

std::string explanation(const program::Program& program, const std::string& path) {
    const program::Program explored = explore::prepared(program);
    return title_of(program, path) + "\n" +
           explore::explained(explored, explore::bounds_of(explored));
}

int run(const Arguments& arguments, Console& console) {
    language::LoadOptions load = load_options(arguments);
    load.lints = true;
    std::vector<ScenarioFile> files = load_files(arguments.words(), load);
    bool strict = arguments.has("strict");
    bool good = report_diagnostics(files, strict, console);
    for (const ScenarioFile& file : files) {
        const language::Diagnostics& found = file.loaded.diagnostics;
        if (found.has_errors() || (strict && !found.sorted().empty())) continue;
        if (!console.quiet()) report(file, console);
        for (const auto& program : file.loaded.cases) {
            if (arguments.has("dump")) console.out().write(program::dump(*program));
            if (arguments.has("explain")) console.out().write(explanation(*program, file.path));
        }
    }
    return good ? exit_code::ok : exit_code::bad_input;
}

}  // namespace

const Command check_command{
    "check",
    "[OPTION]... FILE...",
    "Says all that is wrong with scenario files, without running them.",
    options,
    "Errors and warnings go to standard error, each with file, line and column; a\n"
    "file without errors is reported on standard output. FILE may be \"-\" for\n"
    "standard input. Among others, files called *.schema.json are passed over.\n"
    "What stands in brackets behind a warning is for explain; \"allow\" silences it.\n"
    "--explain is for explore: rows and all else that a handler reads and writes at\n"
    "once and \"then\", in all that may come of it; what two of them share, and one of\n"
    "them writes, has to be tried in both orders.\n",
    "  0 no errors; 2 errors, with --strict also warnings; bad usage\n",
    "  sagalab check scenarios/*.json\n"
    "  sagalab check --strict --set patience=50ms order.json\n"
    "  sagalab check --explain order.json\n",
    Words::files,
    run,
};

}  // namespace sagalab::cli
