#include "cli/test_tally.h"

#include "cli/command.h"
#include "cli/interrupt.h"
#include "views/layout.h"

namespace sagalab::cli {

void TestTally::add(CaseStatus status) {
    switch (status) {
        case CaseStatus::passed: ++passed; break;
        case CaseStatus::demonstration: ++demonstrations; break;
        case CaseStatus::failed: ++failed; break;
        case CaseStatus::limit: ++limits; break;
        case CaseStatus::interrupted: ++interrupted; break;
    }
}

std::size_t TestTally::done() const {
    return passed + demonstrations + failed + limits + interrupted;
}

std::string TestTally::summary() const {
    std::string out = views::counted(cases, "case") + " in " + views::counted(files, "file");
    if (seeds > 0) out += ", each under " + views::counted(seeds, "seed");
    out += ": " + std::to_string(passed) + " passed";
    auto add_some = [&](std::size_t count, const std::string& what) {
        if (count > 0) out += ", " + std::to_string(count) + " " + what;
    };
    add_some(failed, "failed");
    add_some(limits, "stopped at a limit");
    if (demonstrations > 0) out += ", " + views::counted(demonstrations, "demonstration");
    add_some(interrupted, "interrupted");
    add_some(cases - done(), "not run");
    if (unmet > 0) out += "; " + std::to_string(unmet) + " \"sometimes\" that never held";
    if (untested > 0) out += "; " + views::counted(untested, "claim") + " never tested";
    if (unread > 0) out += "; " + views::counted(unread, "file") + " with errors";
    return out;
}

int TestTally::code() const {
    if (was_interrupted()) return exit_code::interrupted;
    if (unread > 0) return exit_code::bad_input;
    if (limits > 0) return exit_code::limit;
    return failed + unmet + untested > 0 ? exit_code::failed : exit_code::ok;
}

}  // namespace sagalab::cli
