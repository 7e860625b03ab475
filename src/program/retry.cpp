#include "program/retry.h"

#include <algorithm>
#include <limits>

#include "base/hash.h"

namespace sagalab::program {
namespace {

// The waits of a policy before jitter, one after the other.
class Backoff {
public:
    explicit Backoff(const Retry& retry)
        : retry_(retry), delay_(std::min(retry.delay, retry.max_delay)) {}

    [[nodiscard]] Nanos delay() const {
        return static_cast<Nanos>(std::min<Wide>(delay_, retry_.max_delay));
    }
    // On to the next one; false if all that follow are the same.
    bool advance() {
        constexpr Wide million = 1'000'000;
        if (delay_ >= retry_.max_delay) return false;
        const Wide next = delay_ * retry_.backoff_millionths / million;
        if (next == delay_) return false;
        delay_ = next;
        return true;
    }

private:
    const Retry& retry_;
    Wide delay_;
};

Nanos held(Wide time) { return static_cast<Nanos>(std::min<Wide>(time, never)); }

// Where a schedule stands, without the bound of max_elapsed.
struct Cursor {
    std::uint64_t number = 1;
    Wide least_wait = 0;
    Wide most_wait = 0;
    Wide least_begin = 0;
    Wide most_begin = 0;
};

class Planner {
public:
    Planner(const Retry& retry, Nanos timeout, std::size_t shown)
        : retry_(retry), timeout_(timeout), shown_(shown), backoff_(retry) {}

    Schedule plan() {
        keep();
        bool steady = false;
        while (!steady && may_go_on(next())) {
            cursor_ = next();
            keep();
            steady = !backoff_.advance();
        }
        // What follows is all alike: not counted one by one.
        while (steady && schedule_.tries.size() < shown_ && may_go_on(next())) {
            cursor_ = next();
            keep();
        }
        if (steady && may_go_on(next())) return to_the_end();
        schedule_.count = cursor_.number;
        return ended();
    }

private:
    [[nodiscard]] Cursor next(Wide more = 1) const {
        const Wide wait = backoff_.delay();
        Cursor then;
        then.number = cursor_.number + static_cast<std::uint64_t>(more);
        then.least_wait = retry_.jitter ? 0 : wait;
        then.most_wait = wait;
        then.least_begin = cursor_.least_begin + more * then.least_wait;
        // Held, so that a try without an end does not overflow.
        then.most_begin = std::min<Wide>(cursor_.most_begin + more * (wait + timeout_), never);
        return then;
    }

    [[nodiscard]] bool may_go_on(const Cursor& then) const {
        const bool counted = retry_.max_attempts == 0 || then.number <= retry_.max_attempts;
        return counted && (retry_.max_elapsed == never || then.least_begin <= retry_.max_elapsed);
    }

    [[nodiscard]] Try as_try() const {
        Try result;
        result.number = cursor_.number;
        result.least_wait = held(cursor_.least_wait);
        result.most_wait = held(cursor_.most_wait);
        result.least_begin = held(cursor_.least_begin);
        result.certain = retry_.max_elapsed == never || cursor_.most_begin <= retry_.max_elapsed;
        result.most_begin = std::min(held(cursor_.most_begin), retry_.max_elapsed);
        result.most_end = add_saturating(result.most_begin, timeout_);
        return result;
    }

    void keep() {
        if (schedule_.tries.size() < shown_) schedule_.tries.push_back(as_try());
    }

    // From where every wait is the same.
    Schedule to_the_end() {
        const Wide unbounded = std::numeric_limits<std::uint64_t>::max();
        Wide left =
            retry_.max_attempts == 0 ? unbounded : Wide{retry_.max_attempts} - Wide{cursor_.number};
        const Wide wait = next().least_wait;
        if (retry_.max_elapsed != never && wait > 0) {
            left = std::min(left, (Wide{retry_.max_elapsed} - cursor_.least_begin) / wait);
        }
        if (left == unbounded) {
            schedule_.most_end = add_saturating(retry_.max_elapsed, timeout_);
            return std::move(schedule_);
        }
        cursor_ = next(left);
        schedule_.count = cursor_.number;
        return ended();
    }

    Schedule ended() {
        const Try last = as_try();
        schedule_.most_end = last.most_end;
        if (schedule_.tries.empty() || schedule_.tries.back().number != last.number) {
            schedule_.last = last;
        }
        return std::move(schedule_);
    }

    const Retry& retry_;
    Nanos timeout_;
    std::size_t shown_;
    Backoff backoff_;
    Cursor cursor_;
    Schedule schedule_;
};

}  // namespace

Nanos full_delay(const Retry& retry, std::uint32_t tries) {
    Backoff backoff(retry);
    for (std::uint32_t n = 1; n < tries && backoff.advance(); ++n) {
    }
    return backoff.delay();
}

bool may_retry(const Retry& retry, std::uint32_t tries, Nanos begun, Nanos again) {
    if (retry.max_attempts != 0 && tries >= retry.max_attempts) return false;
    return retry.max_elapsed == never || again - begun <= retry.max_elapsed;
}

Schedule schedule_of(const Retry& retry, Nanos timeout, std::size_t shown) {
    return Planner(retry, timeout, shown).plan();
}

}  // namespace sagalab::program
