// Figures of repeated workload: percentiles by hand, and which calls count.
#include "expect/load.h"

#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using expect::Load;
using program::Outcome;

namespace {

// Calls of these lengths in milliseconds, all begun at zero.
std::string figures(std::initializer_list<int> lengths) {
    Load load;
    for (int length : lengths) load.ended(0, length * millisecond, Outcome::succeeded);
    const Value all = load.figures();
    std::string out;
    for (const char* name : {"p50", "p95", "p99", "max"}) {
        out += (out.empty() ? "" : " ") +
               (all.find(name)->is_null() ? "null" : format_time(all.find(name)->nanos()));
    }
    return out;
}

std::int64_t per_second(std::initializer_list<std::pair<Nanos, Nanos>> calls) {
    Load load;
    for (const auto& [begun, at] : calls) load.ended(begun, at, Outcome::succeeded);
    return load.figures().find("perSecond")->integer();
}

Scenario calls(const std::string& workload, const std::string& expect) {
    Scenario scenario;
    scenario.services = R"js("A": {"api": {
        "Wait1": [{"wait": "1ms"}, {"reply": 1}], "No": [{"reject": "No"}],
        "Down": [{"fail": "Down"}], "Slow": [{"wait": "1s"}],
        "Mixed": [{"if": "msg.i % 4 == 1", "reject": "No"}, {"if": "msg.i % 4 == 2", "fail": "F"},
                  {"if": "msg.i % 4 == 3", "then": [{"wait": "1s"}]}, {"reply": 1}],
        "Twice": [{"if": "meta.attempt == 1", "fail": "F"}, {"reply": 1}]}})js";
    scenario.workload = workload;
    scenario.expect = expect;
    return scenario;
}

std::string claims(std::initializer_list<const char*> all) {
    std::string out;
    for (const char* claim : all) {
        out += (out.empty() ? "" : ", ") + ("\"" + std::string(claim) + "\": \"" + claim + "\"");
    }
    return R"("finally": {)" + out + "}";
}

void check_all(const Scenario& scenario) {
    const Ran ran = run(scenario);
    for (const expect::Verdict& verdict : ran.result.verdicts) {
        std::string why = verdict.name;
        for (const std::string& reason : verdict.reasons) why += "\n" + reason;
        INFO(why);
        CHECK(verdict.holds);
    }
    CHECK(ran.result.passed);
}

}  // namespace

TEST_CASE("load: percentiles by nearest rank") {
    CHECK(figures({}) == "null null null null");
    CHECK(figures({7}) == "7ms 7ms 7ms 7ms");
    CHECK(figures({2, 1}) == "1ms 2ms 2ms 2ms");
    CHECK(figures({3, 1, 2}) == "2ms 3ms 3ms 3ms");
    CHECK(figures({4, 3, 2, 1}) == "2ms 4ms 4ms 4ms");
    // The example of five scores: ranks ceil(2.5), ceil(4.75), ceil(4.95).
    CHECK(figures({15, 20, 35, 40, 50}) == "35ms 50ms 50ms 50ms");
    // Twenty: ranks 10, 19, 20. Twenty-one: 11, 20, 21.
    CHECK(figures({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}) ==
          "10ms 19ms 20ms 20ms");
    CHECK(figures({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21}) ==
          "11ms 20ms 21ms 21ms");
    // Twelve: ceil(11.4) is no rounding.
    CHECK(figures({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}) == "6ms 12ms 12ms 12ms");
    CHECK(figures({5, 5, 5, 1}) == "5ms 5ms 5ms 5ms");
}

TEST_CASE("load: of a hundred and of two hundred calls") {
    for (int count : {100, 101, 200}) {
        Load load;
        for (int i = count; i >= 1; --i) load.ended(0, i, Outcome::succeeded);
        const Value all = load.figures();
        CHECK(all.find("p50")->nanos() == (count + 1) / 2);
        CHECK(all.find("p95")->nanos() == (count == 100 ? 95 : count == 101 ? 96 : 190));
        CHECK(all.find("p99")->nanos() == (count == 100 ? 99 : count == 101 ? 100 : 198));
        CHECK(all.find("max")->nanos() == count);
        CHECK(all.find("count")->integer() == count);
    }
}

TEST_CASE("load: per second counts from the first send to the last end") {
    CHECK(per_second({}) == 0);
    CHECK(per_second({{0, second}}) == 1);
    CHECK(per_second({{0, 2 * second}}) == 0);
    CHECK(per_second({{second, 2 * second}, {second, second + 1}}) == 2);
    CHECK(per_second({{5 * second, 6 * second}, {4 * second, 5 * second}}) == 1);
    CHECK(per_second({{0, 300 * millisecond}}) == 3);
    CHECK(per_second({{0, 333'333'334}}) == 2);
    CHECK(per_second({{7, 7}, {7, 7}}) == 2 * second);
}

TEST_CASE("load: what counts, and for how long") {
    check_all(calls(
        R"({"every": "10ms", "times": 8, "call": "A.Mixed", "data": {"i": "${i}"}, "as": "m${i}",
            "timeout": "20ms"},
           {"at": "5ms", "every": "1ms", "times": 3, "call": "A.Wait1", "as": "w${i}"})",
        claims({"load.m.count == 8", "load.m.succeeded == 2", "load.m.rejected == 2",
                "load.m.failed == 2", "load.m.unknown == 2", "load.m.p50 == duration('2ms')",
                "load.m.p95 == duration('20ms')", "load.m.max == duration('20ms')",
                // 8 in 70 ms and 20 ms more
                "load.m.perSecond == 88", "load.w.count == 3", "load.w.p50 == duration('3ms')",
                "load.w.perSecond == 600"})));
}

TEST_CASE("load: attempts are one call, from the first on") {
    check_all(calls(
        R"({"every": "1s", "times": 2, "call": "A.Twice", "as": "t${i}",
                  "retry": {"delay": "10ms"}})",
        claims({"load.t.count == 2", "load.t.succeeded == 2", "load.t.p50 == duration('14ms')"})));
}

TEST_CASE("load: steps of clients count under their own names") {
    check_all(calls(R"({"client": "ann", "clients": 3, "times": 4, "steps": [
                         {"call": "A.Wait1", "as": "w"}, {"wait": "1ms"}, {"call": "A.No", "as": "n"},
                         {"call": "A.Down"}]})",
                    claims({"load.w.count == 12", "load.w.p99 == duration('3ms')",
                            "load.n.count == 12", "load.n.rejected == 12", "size(load) == 2",
                            // four rounds of 3 + 1 + 2 + 2 ms, less the last call of the last
                            "load.n.perSecond == 461"})));
}

TEST_CASE("load: names that begin alike are one") {
    check_all(calls(R"({"every": "1ms", "times": 2, "call": "A.No", "as": "x${i}"},
                       {"every": "1ms", "times": 3, "call": "A.Wait1", "as": "x${i}b"},
                       {"every": "1ms", "times": 3, "call": "A.Wait1", "as": "${'y'}${i}"},
                       {"call": "A.Wait1", "as": "once"})",
                    claims({"load.x.count == 5", "load.x.rejected == 2", "size(load) == 1"})));
}
