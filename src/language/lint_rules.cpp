#include "language/lint_rules.h"

#include "base/text.h"

namespace sagalab::language {

void lint_case(LoadContext& load, LintReport& report) {
    const ScenarioUses uses(load);
    const LintContext context{load, load.program, uses, report};
    lint_unheard_events(context);
    lint_unsent_events(context);
    lint_never_called(context);
    lint_unwritten_fields(context);
    lint_missing_rows(context);
    lint_retries(context);
    lint_dual_writes(context);
    lint_timeouts(context);
}

std::string meant(const std::string& name, const std::vector<std::string>& candidates) {
    constexpr std::size_t most = 200;
    if (candidates.size() > most) return "";
    const auto near = nearest(name, candidates);
    return near ? " (did you mean \"" + printable(*near) + "\"?)" : "";
}

}  // namespace sagalab::language
