// The lints, one function each: what they look at, and where they tell of it.
//
// They run at the end of loading a case without errors. None may be slower than the walk over the
// steps times a logarithm: files of many megabytes are checked at once.
#pragma once

#include "language/lint_report.h"
#include "language/lint_uses.h"
#include "language/load_context.h"

namespace sagalab::language {

struct LintContext {
    LoadContext& load;
    const program::Program& program;
    const ScenarioUses& uses;
    LintReport& report;

    // Warns, or says that the place is fine.
    void look(Lint lint, const Place& place, bool fires, const std::string& message) const {
        if (fires) {
            report.warn(lint, place, message);
        } else {
            report.fine(lint, place);
        }
    }
};

void lint_unheard_events(const LintContext& context);
void lint_unsent_events(const LintContext& context);
void lint_never_called(const LintContext& context);
void lint_unwritten_fields(const LintContext& context);
void lint_missing_rows(const LintContext& context);
void lint_retries(const LintContext& context);
void lint_dual_writes(const LintContext& context);
void lint_timeouts(const LintContext& context);

// All of them.
void lint_case(LoadContext& load, LintReport& report);

// " (did you mean "x"?)", or nothing where no name is near or there are too many to compare.
std::string meant(const std::string& name, const std::vector<std::string>& candidates);

}  // namespace sagalab::language
