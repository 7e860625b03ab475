#include "expect/load.h"

#include <algorithm>
#include <span>

#include "base/hash.h"

namespace sagalab::expect {
namespace {

Value percentile(const std::vector<Nanos>& sorted, std::size_t percent) {
    if (sorted.empty()) return {};
    const std::size_t rank = (sorted.size() * percent + 99) / 100;
    return Value::duration(sorted[rank - 1]);
}

}  // namespace

void Load::ended(Nanos begun, Nanos at, program::Outcome outcome) {
    lengths_.push_back(at - begun);
    ++outcomes_[static_cast<std::size_t>(outcome)];
    first_ = std::min(first_, begun);
    last_ = std::max(last_, at);
}

Value Load::figures() const {
    using program::Outcome;
    std::vector<Nanos> sorted = lengths_;
    std::sort(sorted.begin(), sorted.end());
    const auto count = static_cast<std::int64_t>(sorted.size());
    std::vector<MapEntry> entries = {{"count", count},
                                     {"p50", percentile(sorted, 50)},
                                     {"p95", percentile(sorted, 95)},
                                     {"p99", percentile(sorted, 99)},
                                     {"max", percentile(sorted, 100)},
                                     {"perSecond", 0}};
    for (Outcome outcome :
         {Outcome::succeeded, Outcome::rejected, Outcome::failed, Outcome::unknown}) {
        entries.push_back(
            {program::outcome_name(outcome), outcomes_[static_cast<std::size_t>(outcome)]});
    }
    if (count > 0) {
        const Wide span = std::max(last_ - first_, Nanos{1});
        entries[5].value = Value(static_cast<std::int64_t>(Wide{count} * second / span));
    }
    return Value::map(std::span(entries));
}

}  // namespace sagalab::expect
