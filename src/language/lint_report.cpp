#include "language/lint_report.h"

#include <utility>

namespace sagalab::language {

void LintReport::warn(Lint lint, const Place& place, std::string message) {
    if (allowed_ && allowed_->covers(lint, place)) return;
    Entry& entry = entries_[key_of(lint, place)];
    if (!entry.message.empty()) return;
    entry.message = std::move(message);
    entry.place = place;
}

void LintReport::fine(Lint lint, const Place& place) {
    if (several_cases_ && row_of(lint).in_every_case) entries_[key_of(lint, place)].fine = true;
}

void LintReport::tell(Diagnostics& diagnostics) const {
    for (const auto& [key, entry] : entries_) {
        if (entry.fine || entry.message.empty()) continue;
        diagnostics.warning(std::get<0>(key), entry.place, entry.message);
    }
}

}  // namespace sagalab::language
