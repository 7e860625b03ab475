// Schedules of retries against ones worked out by hand, and against what the engine does.
#include "program/retry.h"

#include <algorithm>
#include <string>
#include <vector>

#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using program::Call;
using program::Program;
using program::Retry;
using program::Schedule;
using program::schedule_of;
using program::Try;

namespace {

using Times = std::vector<Nanos>;  // in milliseconds

// Every try lasts the 50ms that the call waits.
constexpr Nanos timeout = 50 * millisecond;

struct Expected {
    const char* policy;
    Times waits;          // before each try but the first
    Times begins;         // of every try, if each before it lasted 50ms
    std::uint64_t count;  // of tries, if each fails at once; 0: without bound
    Nanos last_begin;     // of the last one of those
};

const std::vector<Expected>& by_hand() {
    static const std::vector<Expected> all = {
        // One try is no retry.
        {R"({"maxAttempts": 1})", {}, {0}, 1, 0},
        // The defaults: 3 tries, 50ms, backoff 2.
        {R"({})", {50, 100}, {0, 100, 250}, 3, 150},
        // All tries count, the first as well.
        {R"({"maxAttempts": 4, "delay": "50ms"})", {50, 100, 200}, {0, 100, 250, 500}, 4, 350},
        // No backoff.
        {R"({"maxAttempts": 3, "delay": "10ms", "backoff": "1"})", {10, 10}, {0, 60, 120}, 3, 20},
        // A backoff with a fraction.
        {R"({"maxAttempts": 4, "delay": "100ms", "backoff": "1.5"})",
         {100, 150, 225},
         {0, 150, 350, 625},
         4,
         475},
        // A backoff that makes waits shorter.
        {R"({"maxAttempts": 4, "delay": "80ms", "backoff": "0.5"})",
         {80, 40, 20},
         {0, 130, 220, 290},
         4,
         140},
        // A cap: 40, 120, 360 are 40, 100, 100.
        {R"({"maxAttempts": 5, "delay": "40ms", "backoff": "3", "maxDelay": "100ms"})",
         {40, 100, 100, 100},
         {0, 90, 240, 390, 540},
         5,
         340},
        // A cap below the delay.
        {R"({"maxAttempts": 3, "delay": "2s", "maxDelay": "30ms"})", {30, 30}, {0, 80, 160}, 3, 60},
        // No wait at all.
        {R"({"maxAttempts": 3, "delay": "0ms"})", {0, 0}, {0, 50, 100}, 3, 0},
        // The budget is for the begin of a try: the fourth begins exactly then.
        {R"({"maxAttempts": 10, "delay": "50ms", "maxElapsed": "500ms"})",
         {50, 100, 200},
         {0, 100, 250, 500},
         4,
         350},
        // A millisecond less, and it does not, unless those before it fail sooner.
        {R"({"maxAttempts": 10, "delay": "50ms", "maxElapsed": "499ms"})",
         {50, 100, 200},
         {0, 100, 250},
         4,
         350},
        // For ever, but for the budget: 210 would be too late.
        {R"({"maxAttempts": "forever", "delay": "20ms", "backoff": "1", "maxElapsed": "200ms"})",
         {20, 20, 20, 20, 20, 20, 20, 20, 20, 20},
         {0, 70, 140},
         11,
         200},
        // A budget that leaves no time for a second try.
        {R"({"delay": "50ms", "maxElapsed": "20ms"})", {}, {0}, 1, 0},
    };
    return all;
}

Scenario calling(const std::string& policy, const std::string& seed = "1") {
    Scenario scenario;
    scenario.services = R"("S": {"api": {"Go": [{"call": "T.Do", "timeout": "50ms", "retry": )" +
                        policy + R"(}, {"reply": {}}]}}, "T": {"api": {"Do": [{"reply": {}}]}})";
    scenario.workload = R"({"call": "S.Go", "timeout": "1h", "as": "r"})";
    scenario.faults = R"({"drop": "T.Do"})";
    scenario.more = R"("seed": )" + seed + ",";
    return scenario;
}

// When the tries of T.Do were sent, counted from the first one.
Times sent(const Ran& ran) {
    Times times;
    Nanos first = never;
    for (const trace::Record& record : ran.of(trace::RecordKind::sent)) {
        if ((*ran.program)[record.operation].name != "Do") continue;
        first = std::min(first, record.at);
        times.push_back((record.at - first) / millisecond);
    }
    return times;
}

const Retry& policy_of(const Program& program) {
    for (const Call& call : program.calls) {
        if (call.retry) return program.retries[call.retry.value];
    }
    FAIL("no call is tried again");
    return program.retries[0];
}

}  // namespace

TEST_CASE("retry schedules: as they were worked out by hand") {
    for (const Expected& expected : by_hand()) {
        INFO(expected.policy);
        const Schedule schedule = schedule_of(policy_of(*load(calling(expected.policy))), timeout);
        Times waits;
        Times begins;
        for (const Try& one : schedule.tries) {
            CHECK(one.least_wait == one.most_wait);
            if (one.number > 1) waits.push_back(one.most_wait / millisecond);
            if (one.certain) begins.push_back(one.most_begin / millisecond);
            CHECK(one.most_end == one.most_begin + timeout);
        }
        CHECK(waits == expected.waits);
        CHECK(begins == expected.begins);
        CHECK(schedule.count == expected.count);
        REQUIRE_FALSE(schedule.last);
        CHECK(schedule.tries.back().least_begin / millisecond == expected.last_begin);
    }
}

TEST_CASE("retry schedules: the engine tries when the table says") {
    for (const Expected& expected : by_hand()) {
        INFO(expected.policy);
        const Ran ran = run(calling(expected.policy));
        CHECK(sent(ran) == expected.begins);
        // The caller hears of it when the last try has timed out.
        const Nanos end = schedule_of(policy_of(*ran.program), timeout).most_end;
        const bool all_certain = expected.begins.size() == expected.count;
        if (all_certain) CHECK(end / millisecond == expected.begins.back() + 50);
    }
}

TEST_CASE("retry schedules: with jitter a wait is between nothing and the whole") {
    const std::string policy =
        R"({"maxAttempts": 4, "delay": "40ms", "maxDelay": "100ms", "jitter": "full"})";
    const Schedule schedule = schedule_of(policy_of(*load(calling(policy))), timeout);
    REQUIRE(schedule.tries.size() == 4);
    const Times whole = {0, 40, 80, 100};
    const Times latest = {0, 90, 220, 370};
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(schedule.tries[i].least_wait == 0);
        CHECK(schedule.tries[i].most_wait / millisecond == whole[i]);
        CHECK(schedule.tries[i].least_begin == 0);
        CHECK(schedule.tries[i].most_begin / millisecond == latest[i]);
    }
    bool early = false;
    bool late = false;
    for (int seed = 1; seed <= 40; ++seed) {
        const Times begins = sent(run(calling(policy, std::to_string(seed))));
        REQUIRE(begins.size() == 4);
        for (std::size_t i = 1; i < 4; ++i) {
            const Nanos wait = begins[i] - begins[i - 1] - 50;
            CHECK(wait >= 0);
            CHECK(wait <= whole[i]);
            early = early || wait * 4 < whole[i];
            late = late || wait * 4 > whole[i] * 3;
        }
    }
    CHECK(early);
    CHECK(late);
}

TEST_CASE("retry schedules: many tries are not counted one by one") {
    Retry retry;
    retry.max_attempts = 4'000'000'000U;
    retry.delay = 10 * millisecond;
    retry.max_delay = 40 * millisecond;
    const Schedule schedule = schedule_of(retry, timeout, 3);
    CHECK(schedule.tries.size() == 3);
    CHECK(schedule.count == 4'000'000'000U);
    REQUIRE(schedule.last);
    CHECK(schedule.last->number == 4'000'000'000U);
    // 10 and 20, then 40 each.
    const Nanos waits = 30 + 40 * (4'000'000'000 - 3);
    CHECK(schedule.last->least_begin == waits * millisecond);
    CHECK(schedule.last->most_begin == (waits + 50 * (4'000'000'000 - 1)) * millisecond);
    CHECK(schedule.most_end == schedule.last->most_begin + timeout);
}

TEST_CASE("retry schedules: without a bound there is no last try") {
    Retry retry;
    retry.max_attempts = 0;
    CHECK(schedule_of(retry, timeout).count == 0);
    CHECK_FALSE(schedule_of(retry, timeout).last);
    CHECK(schedule_of(retry, timeout).tries.size() == 12);
    CHECK(schedule_of(retry, timeout).most_end == never);
    // With jitter a budget bounds the time and not the number.
    retry.jitter = true;
    retry.max_elapsed = second;
    CHECK(schedule_of(retry, timeout).count == 0);
    CHECK(schedule_of(retry, timeout).most_end == second + timeout);
    // A try that nothing ends.
    retry = Retry();
    CHECK(schedule_of(retry, never).most_end == never);
    CHECK(schedule_of(retry, never).count == 3);
    CHECK(schedule_of(retry, never).tries[2].least_begin == 150 * millisecond);
}

TEST_CASE("retry schedules: a shrinking backoff comes to nothing") {
    Retry retry;
    retry.max_attempts = 0;
    retry.delay = 4;
    retry.backoff_millionths = 500'000;
    retry.max_elapsed = 7;
    // 4, 2, 1, 0, 0, ...: tries without end, all by then.
    const Schedule schedule = schedule_of(retry, 0, 6);
    CHECK(schedule.count == 0);
    REQUIRE(schedule.tries.size() == 6);
    CHECK(schedule.tries[3].most_begin == 7);
    CHECK(schedule.tries[5].most_begin == 7);
    CHECK(schedule.most_end == 7);
}
