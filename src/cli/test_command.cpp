#include "cli/test_command.h"

#include <array>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/interrupt.h"
#include "cli/test_list.h"
#include "cli/test_plan.h"
#include "cli/test_session.h"
#include "cli/test_settings.h"

namespace sagalab::cli {
namespace {

constexpr std::array<Option, 17> options{{
    {"filter", 'k', "TEXT", "only cases with TEXT in FILE / CASE, or a glob of all", "", false},
    {"jobs", 'j', "N", "cases at a time (all cores); results do not change", "", false},
    {"fail-fast", 'x', "", "stop after the first case that does not pass", "", false},
    {"list", 'l', "", "name the cases, as FILE / CASE, and run none", "", false},
    {"junit", 0, "FILE", "also write a JUnit report to FILE", "", true},
    {"repeat", 0, "N", "each case under N seeds, from its own on", "", false},
    {"update", 0, "", "write golden traces anew where there are some", "", false},
    {"coverage", 0, "", "also tell what no case of a file reached", "", false},
    {"strict", 0, "", "warnings are failures", "", false},
    {"set", 0, "NAME=VALUE", "override a param; may be repeated", "", false},
    {"seed", 0, "N", "another seed than the file's", "", false},
    {"case", 'c', "NAME", "only the case of that name; may be repeated", "", false, true},
    {"random", 0, "", "draw open choices (`choose`) from the seed", "", false, true},
    {"seed-from", 0, "N", "the first seed of --repeat", "", false, true},
    {"update-all", 0, "", "write a golden trace beside every file", "", false, true},
    {"format", 'f', "NAME", "form of --list: text, json, ctest", "text json ctest", false, true},
    {"no-times", 0, "", "all times in the JUnit report are 0", "", false, true},
}};

int run_all(const TestSettings& settings, const Plan& plan, Console& console) {
    catch_interrupts();
    TestSession session(settings, plan, console);
    if (!settings.junit) return session.run();
    if (settings.junit == "-") {
        int code = session.run();
        views::write_junit(session.junit(), console.out());
        return code;
    }
    FileOutput report(*settings.junit, input_paths(plan.files));
    int code = session.run();
    views::write_junit(session.junit(), report);
    report.commit();
    return code;
}

int run(const Arguments& arguments, Console& console) {
    TestSettings settings = test_settings(arguments);
    Plan plan = make_plan(settings, console);
    if (!settings.list) return run_all(settings, plan, console);
    console.out().write(list_of(plan, settings.list_form));
    return plan.unread.empty() ? exit_code::ok : exit_code::bad_input;
}

}  // namespace

const Command test_command{
    "test",
    "[OPTION]... PATH...",
    "Runs every case of files and folders, several at a time.",
    options,
    "Of a folder, every *.json file below it. A file without \"scenario\" is part of a\n"
    "system and no test; a case without \"expect\" is a demonstration. Output is the\n"
    "same for any number of jobs; times are shown on a terminal only. Each failure\n"
    "ends with the command that repeats it, under --repeat one for each seed.\n"
    "\n"
    "A filter finds cases by any part of \"FILE / CASE\"; with * and ? it may also be\n"
    "a glob that fits the whole of it. Of several filters one must fit.\n"
    "\n"
    "NAME.trace.jsonl beside NAME.json is its golden trace, if it is there: what\n"
    "\"sagalab run --format jsonl NAME.json\" prints in that folder. Every case must\n"
    "leave the same, byte for byte. It is compared unless --set, --seed, --random or\n"
    "--repeat is given; written by --update where it is there, by --update-all\n"
    "everywhere.\n"
    "\n"
    "Coverage is of a file over its cases that ran: handlers, branches, outcomes with\n"
    "which calls ended, compensations, and the points that \"sagalab points\" lists.\n"
    "\n"
    "JUnit: one suite a file; limits and unreadable files are errors, demonstrations\n"
    "skipped; times are by the clock. FILE appears when it is complete; with \"-\" it\n"
    "goes to standard output and the lines for people to standard error.\n",
    "  0 all passed; 1 some failed; 2 bad input; 3 a limit; 130 interrupted\n",
    "  sagalab test scenarios\n"
    "  sagalab test scenarios --filter declined --fail-fast\n"
    "  sagalab test scenarios --repeat 100 --junit report.xml\n"
    "  sagalab test scenarios --update-all\n",
    Words::files,
    run,
};

}  // namespace sagalab::cli
