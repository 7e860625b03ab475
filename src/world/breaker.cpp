#include <algorithm>
#include <utility>

#include "world/execute.h"

namespace sagalab::world {

using Mode = BreakerState::Mode;
using trace::Record;
using trace::RecordKind;

namespace {

const char* mode_name(Mode mode) {
    switch (mode) {
        case Mode::closed: return "closed";
        case Mode::open: return "open";
        case Mode::half_open: break;
    }
    return "half-open";
}

}  // namespace

BreakerState& Execution::breaker_of(PolicyId policy) {
    std::vector<BreakerState>& all = service_.replicas[running_->replica].breakers;
    if (policy.value >= all.size()) all.resize(policy.value + 1);
    return all[policy.value];
}

void Execution::switch_breaker(PolicyId policy, BreakerState& breaker, Mode mode) {
    const program::Breaker& spec = program_.breakers[policy.value];
    breaker.mode = mode;
    ++breaker.generation;
    breaker.failures.clear();
    breaker.probes = 0;
    breaker.successes = 0;
    breaker.open_until = mode == Mode::open ? add_saturating(now_, spec.open) : 0;
    if (!listening()) return;
    Record& entry = record(RecordKind::breaker);
    entry.value = Value(spec.name);
    entry.code = Value(mode_name(mode));
    entry.time = breaker.open_until;
}

// Whether a call may leave. Open, it may not; once the time is over, so many probes may.
bool Execution::breaker_lets(PolicyId policy) {
    const program::Breaker& spec = program_.breakers[policy.value];
    BreakerState& breaker = breaker_of(policy);
    if (breaker.mode == Mode::open && now_ >= breaker.open_until) {
        switch_breaker(policy, breaker, Mode::half_open);
    }
    if (breaker.mode == Mode::open) return false;
    if (breaker.mode == Mode::half_open) {
        if (breaker.probes >= spec.probes) return false;
        ++breaker.probes;
    }
    fiber().generation = breaker.generation;
    return true;
}

// What became of a call that was let through. A rejection is an answer: the callee is well.
void Execution::breaker_hears(PolicyId policy, Outcome outcome) {
    const program::Breaker& spec = program_.breakers[policy.value];
    BreakerState& breaker = breaker_of(policy);
    std::uint32_t generation = std::exchange(fiber().generation, 0U);
    if (generation != breaker.generation) return;  // of an earlier time, or refused by it
    bool well = outcome == Outcome::succeeded || outcome == Outcome::rejected;
    if (breaker.mode == Mode::half_open) {
        if (!well) {
            switch_breaker(policy, breaker, Mode::open);
        } else if (++breaker.successes >= spec.probes) {
            switch_breaker(policy, breaker, Mode::closed);
        }
        return;
    }
    std::vector<Nanos>& failures = breaker.failures;
    if (spec.within == never) {
        if (well) failures.clear();
    } else {
        std::erase_if(failures, [&](Nanos at) { return add_saturating(at, spec.within) < now_; });
    }
    if (well) return;
    failures.push_back(now_);
    if (failures.size() >= spec.failures) switch_breaker(policy, breaker, Mode::open);
}

}  // namespace sagalab::world
