// Circuit breakers: closed, open, half-open.
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

// A.Go calls B.Do through the breaker; every client asks A at the given times.
Scenario guarded(const std::string& breaker, const std::vector<int>& times,
                 const std::string& faults, const std::string& more = "") {
    Scenario scenario;
    scenario.services = R"js("A": {"api": {"Go": [
  {"call": "B.Do", "data": {}, "timeout": "8ms", "breaker": "careful"}, {"reply": 1}]}},
"B": {"api": {"Do": [{"reply": 1}]}})js" +
                        more;
    for (const int at : times) {
        scenario.workload += (scenario.workload.empty() ? "" : ", ") +
                             (R"({"at": ")" + std::to_string(at) +
                              R"(ms", "call": "A.Go", "as": "r)" + std::to_string(at) + R"("})");
    }
    scenario.faults = faults;
    scenario.more = R"("policies": {"breaker": {"careful": )" + breaker + "}}, ";
    return scenario;
}

std::string replies(const Ran& ran, const std::vector<int>& times) {
    std::string out;
    for (const int at : times) {
        out += (out.empty() ? "" : ", ") + ran.reply("r" + std::to_string(at));
    }
    return out;
}

std::string states(const Ran& ran) {
    std::string out;
    for (const trace::Record& each : ran.of(RecordKind::breaker)) {
        out +=
            (out.empty() ? "" : ", ") + format_time(each.at) + " " + std::string(each.code.text());
    }
    return out;
}

const std::string two = R"({"failures": 2, "open": "20ms"})";

}  // namespace

TEST_CASE("after enough failures a breaker lets no call through") {
    const std::vector<int> times{0, 5, 10, 15};
    const Ran ran = run(guarded(two, times, R"({"fail": "B.Do"})"));
    CHECK(replies(ran, times) ==
          "failed Unavailable, failed Unavailable, failed BreakerOpen, failed BreakerOpen");
    CHECK(states(ran) == "8ms open");
    // The third was answered without a message.
    CHECK(ran.story().find("14ms") == std::string::npos);
}

TEST_CASE("a success begins the count anew, and a rejection is one") {
    const std::vector<int> times{0, 5, 10, 15};
    const Ran ran =
        run(guarded(two, times, R"({"fail": "B.Do", "nth": 1}, {"fail": "B.Do", "nth": 3})"));
    CHECK(states(ran).empty());
    CHECK(replies(ran, times) ==
          "failed Unavailable, succeeded 1, failed Unavailable, succeeded 1");
    const Ran rejected = run(guarded(two, times, R"({"reject": "B.Do"})"));
    CHECK(states(rejected).empty());
}

TEST_CASE("a timeout is a failure") {
    const std::vector<int> times{0, 15, 30};
    const Ran ran = run(guarded(two, times, R"({"drop": "B.Do", "times": 2})"));
    CHECK(replies(ran, times) == "unknown Timeout, unknown Timeout, failed BreakerOpen");
}

TEST_CASE("half open it lets its probes through, and closes when they succeed") {
    const std::vector<int> times{0, 5, 30, 31, 32, 40};
    const Ran ran = run(guarded(R"({"failures": 2, "open": "20ms", "probes": 2})", times,
                                R"({"fail": "B.Do", "times": 2})"));
    // Open from 8ms to 28ms; of three that come then the third finds both probes under way.
    CHECK(replies(ran, times) ==
          "failed Unavailable, failed Unavailable, succeeded 1, succeeded 1,"
          " failed BreakerOpen, succeeded 1");
    CHECK(states(ran) == "8ms open, 31ms half-open, 34ms closed");
}

TEST_CASE("a probe that fails opens it once more") {
    const std::vector<int> times{0, 5, 30, 40, 60};
    const Ran ran = run(guarded(two, times, R"({"fail": "B.Do", "times": 3})"));
    CHECK(replies(ran, times) ==
          "failed Unavailable, failed Unavailable, failed Unavailable, "
          "failed BreakerOpen, succeeded 1");
    CHECK(states(ran) == "8ms open, 31ms half-open, 33ms open, 61ms half-open, 63ms closed");
}

TEST_CASE("results of an earlier generation are ignored") {
    // The first two time out at 9ms and 10ms and open it until 15ms. The third left at 4ms while
    // it was closed, and ends at 17ms: after the probe of 16ms began, and before that is answered.
    const std::vector<int> times{0, 1, 3, 15, 30};
    Scenario scenario =
        guarded(R"({"failures": 2, "open": "2ms"})", times, R"({"drop": "B.Do", "times": 3})");
    const Ran ran = run(scenario);
    CHECK(states(ran) == "10ms open, 16ms half-open, 18ms closed");
    CHECK(ran.reply("r3") == "unknown Timeout");
    CHECK(ran.reply("r15") == "succeeded 1");
    // Without the third the same happens.
    const std::vector<int> fewer{0, 1, 15, 30};
    CHECK(states(run(guarded(R"({"failures": 2, "open": "2ms"})", fewer,
                             R"({"drop": "B.Do", "times": 2})"))) == states(ran));
}

TEST_CASE("failures count within a time, where one is given") {
    const std::string within = R"({"failures": 2, "within": "10ms", "open": "20ms"})";
    CHECK(states(run(guarded(within, {0, 20, 40}, R"({"fail": "B.Do"})"))).empty());
    CHECK(states(run(guarded(within, {0, 20, 25}, R"({"fail": "B.Do"})"))) == "28ms open");
    // A success in between takes nothing back then.
    CHECK(states(run(guarded(within, {0, 3, 6},
                             R"({"fail": "B.Do", "nth": 1}, {"fail": "B.Do", "nth": 3})"))) ==
          "9ms open");
}

TEST_CASE("each calling service has a breaker of its own, and a crash forgets it") {
    const std::string other = R"js(, "C": {"api": {"Go": [
      {"call": "B.Do", "data": {}, "breaker": "careful"}, {"reply": 1}]}})js";
    Scenario scenario = guarded(two, {0, 5, 20}, R"({"fail": "B.Do", "of": "A"})", other);
    scenario.workload += R"(, {"at": "15ms", "call": "C.Go", "as": "c"})";
    const Ran ran = run(scenario);
    CHECK(ran.reply("r20") == "failed BreakerOpen");
    CHECK(ran.reply("c") == "succeeded 1");
    scenario.faults += R"(, {"crash": "A", "at": "10ms", "restartAfter": "1ms"})";
    CHECK(run(scenario).reply("r20") == "failed Unavailable");
}

TEST_CASE("a probe that nobody waits for any more does not keep it half open") {
    Scenario scenario;
    scenario.services = R"js("Gate": {"routes": {"GET /a": {"timeout": "10ms", "steps": [
  {"call": "B.Do", "data": {}, "timeout": "1s", "breaker": "careful"}, {"reply": {"ok": true}}]}}},
"B": {"api": {"Do": [{"reply": 1}]}})js";
    for (const char* at : {"0ms", "20ms", "50ms"}) {
        scenario.workload += (scenario.workload.empty() ? "" : ", ") +
                             (R"({"at": ")" + std::string(at) +
                              R"(", "request": "GET /a", "to": "Gate", "as": "r)" + at + R"("})");
    }
    scenario.faults = R"({"fail": "B.Do", "nth": 1}, {"drop": "B.Do", "nth": 2})";
    scenario.more = R"("policies": {"breaker": {"careful": {"failures": 1, "open": "5ms"}}}, )";
    const Ran ran = run(scenario);
    CHECK(ran.reply("r20ms").substr(0, 7) == "unknown");
    CHECK(ran.reply("r50ms").substr(0, 9) == "succeeded");
    CHECK(states(ran) == "3ms open, 21ms half-open, 31ms open, 51ms half-open, 53ms closed");
}
