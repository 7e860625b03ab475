// Deliveries: redelivery, dead letters, ordered links; faults; the steps of a handler.
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

Scenario events(const std::string& steps, const std::string& workload = R"({"publish": "E"})",
                const std::string& faults = "", const std::string& bus = "") {
    Scenario scenario;
    scenario.services = R"js("A": {"store": {"t": {}}, "on": {"E": [)js" + steps +
                        R"js(], "F": [{"log": "f"}]}, "api": {"Op": [)js" + steps + R"js(]}})js";
    scenario.workload = workload;
    scenario.faults = faults;
    scenario.more = R"("bus": {)" + bus + "},";
    return scenario;
}

// The texts of all `log` steps.
std::string logged(const Ran& ran) {
    std::string out;
    for (const trace::Record& record : ran.of(RecordKind::logged)) {
        if (!out.empty()) out += ", ";
        const Value& text = record.value;
        out += text.is(Value::Kind::string) ? std::string(text.text()) : text.json();
    }
    return out;
}

constexpr const char* five =
    R"({"publish": "E", "every": "1ms", "times": 5, "data": {"n": "${i}"}})";

}  // namespace

TEST_CASE("a failed delivery comes again until it succeeds") {
    const Ran ran = run(events(R"({"if": "meta.attempt < 3", "fail": "NotYet"}, {"log": "done"})"));
    CHECK(ran.times(RecordKind::delivered) == "1ms 11ms 21ms");
    CHECK(ran.count(RecordKind::dead_letter) == 0);
    CHECK(logged(ran) == "done");
}

TEST_CASE("a delivery that always fails ends as a dead letter") {
    for (const char* ending : {R"({"fail": "Never"})", R"({"reject": "Never"})"}) {
        const Ran ran = run(events(ending, R"({"publish": "E"})", "",
                                   R"("maxDeliveries": 3, "redeliverAfter": "5ms")"));
        CHECK(ran.times(RecordKind::delivered) == "1ms 6ms 11ms");
        REQUIRE(ran.count(RecordKind::dead_letter) == 1);
        CHECK(ran.of(RecordKind::dead_letter)[0].code.text() == "Never");
        CHECK(ran.of(RecordKind::dead_letter)[0].attempt == 3);
    }
}

TEST_CASE("a bus that delivers at most once gives up at once") {
    const Ran ran = run(
        events(R"({"fail": "Never"})", R"({"publish": "E"})", "", R"("delivery": "at-most-once")"));
    CHECK(ran.times(RecordKind::delivered) == "1ms");
}

TEST_CASE("a command that is rejected is acknowledged and one that fails comes again") {
    const char* send = R"({"send": "A.Op"})";
    CHECK(run(events(R"({"reject": "No"})", send)).times(RecordKind::delivered) == "1ms");
    CHECK(run(events(R"({"if": "meta.attempt < 2", "fail": "NotYet"})", send))
              .times(RecordKind::delivered) == "1ms 11ms");
}

TEST_CASE("an ordered link is held by a message that comes again") {
    const char* steps =
        R"({"if": "msg.n == 1 && meta.attempt == 1", "fail": "NotYet"}, {"log": "${msg.n}"})";
    CHECK(logged(run(events(steps, five))) == "0, 1, 2, 3, 4");
    CHECK(logged(run(events(steps, five, "", R"("order": "none")"))) == "0, 2, 3, 4, 1");
}

TEST_CASE("an ordered link is held by a handler that waits") {
    const char* steps = R"({"wait": "7ms"}, {"log": "${msg.n}"})";
    CHECK(run(events(steps, five)).times(RecordKind::logged) == "8ms 15ms 22ms 29ms 36ms");
    CHECK(run(events(steps, five, "", R"("order": "none")")).times(RecordKind::logged) ==
          "8ms 9ms 10ms 11ms 12ms");
}

TEST_CASE("a late message holds an ordered link and is overtaken beside it") {
    const char* steps = R"({"log": "${msg.n}"})";
    const char* late = R"({"delay": "E", "by": "500ms", "nth": 2})";
    CHECK(logged(run(events(steps, five, late))) == "0, 1, 2, 3, 4");
    CHECK(run(events(steps, five, late)).times(RecordKind::logged) ==
          "1ms 502ms 502ms 502ms 502ms");
    CHECK(logged(run(events(steps, five, late, R"("order": "none")"))) == "0, 2, 3, 4, 1");
}

TEST_CASE("many calls overtake a late one") {
    const Ran ran =
        run(events(R"({"log": "${msg.n}"})",
                   R"({"publish": "E", "every": "1ms", "times": 200, "data": {"n": "${i}"}})",
                   R"({"delay": "E", "by": "150500us", "nth": 1})", R"("order": "none")"));
    CHECK(ran.count(RecordKind::logged) == 200);
    CHECK(ran.of(RecordKind::logged)[0].value == Value(1));
    CHECK(ran.of(RecordKind::logged)[150].value == Value(0));
}

TEST_CASE("an injected rejection comes before the effects, or after them") {
    const char* steps =
        R"js({"upsert": "t", "key": "'k'", "set": {"n": 1}}, {"reply": {"n": 1}})js";
    const char* call = R"({"call": "A.Op", "as": "r1"})";
    Ran ran = run(events(steps, call, R"({"reject": "A.Op", "with": "No"})"));
    CHECK(ran.reply("r1") == "rejected No");
    CHECK(ran.rows("A.t") == 0);
    ran = run(events(steps, call, R"({"reject": "A.Op", "with": "No", "when": "after"})"));
    CHECK(ran.reply("r1") == "rejected No");
    CHECK(ran.rows("A.t") == 1);
    ran = run(events(steps, call, R"({"fail": "A.Op", "with": "No"})"));
    CHECK(ran.reply("r1") == "failed No");
    CHECK(ran.rows("A.t") == 0);
}

TEST_CASE("what narrows a fault") {
    struct Row {
        const char* narrow;
        const char* struck;  // which of five calls, a millisecond apart, the first arriving at 1 ms
    };
    const Row rows[] = {{"", "01234"},
                        {R"(, "nth": 3)", "2"},
                        {R"(, "times": 2)", "01"},
                        {R"(, "at": "3ms")", "234"},
                        {R"(, "until": "3ms")", "01"},
                        {R"(, "at": "2ms", "until": "4ms")", "12"},
                        {R"(, "to": "A")", "01234"},
                        {R"(, "attempt": 1)", "01234"},
                        {R"(, "at": "2ms", "nth": 2)", "2"},
                        {R"(, "probability": "100%")", "01234"}};
    for (const Row& row : rows) {
        INFO(row.narrow);
        const Ran ran = run(events(
            R"({"reply": {}})",
            R"({"call": "A.Op", "every": "1ms", "times": 5, "as": "r${i}", "data": {"n": "${i}"}})",
            R"({"reject": "A.Op", "with": "No")" + std::string(row.narrow) + "}"));
        std::string struck;
        for (int i = 0; i < 5; ++i) {
            if (ran.reply("r" + std::to_string(i)) == "rejected No") struck += std::to_string(i);
        }
        CHECK(struck == row.struck);
    }
}

TEST_CASE("a fault narrowed to an attempt strikes that one") {
    const Ran ran = run(events(R"({"log": "${meta.attempt}"}, {"fail": "Again"})",
                               R"({"send": "A.Op"})", R"({"reject": "A.Op", "attempt": 3})"));
    CHECK(logged(ran) == "1, 2");
}

TEST_CASE("a fault narrowed to a sender strikes what comes from there") {
    Scenario scenario;
    scenario.services = R"js(
"A": {"on": {"E": [{"call": "C.Op"}]}}, "B": {"on": {"E": [{"call": "C.Op"}]}},
"C": {"api": {"Op": [{"reply": {}}]}})js";
    scenario.workload = R"({"publish": "E"})";
    scenario.faults = R"({"fail": "C.Op", "of": "B", "times": 1})";
    const Ran ran = run(scenario);
    std::string failed;
    for (const trace::Record& record : ran.of(RecordKind::returned)) {
        if (record.outcome == program::Outcome::failed) {
            failed += (*ran.program)[record.service].name;
        }
    }
    CHECK(failed == "B");
}

TEST_CASE("the n-th match is counted for each sender") {
    Scenario scenario;
    scenario.services = R"js(
"A": {"on": {"E": [{"call": "C.Op", "onError": [{"log": "A"}]}]}},
"B": {"on": {"E": [{"call": "C.Op", "onError": [{"log": "B"}]}]}},
"C": {"api": {"Op": [{"reply": {}}]}})js";
    scenario.workload = R"({"publish": "E"})";
    scenario.faults = R"({"fail": "C.Op", "nth": 1})";
    CHECK(logged(run(scenario)) == "A, B");
}

TEST_CASE("a late message that is then rejected is answered late") {
    const Ran ran =
        run(events(R"({"reply": {}})", R"({"call": "A.Op", "as": "r1"})",
                   R"({"delay": "A.Op", "by": "20ms"}, {"reject": "A.Op", "with": "No"})"));
    CHECK(ran.reply("r1") == "rejected No");
    CHECK(ran.times(RecordKind::returned) == "22ms");
}

TEST_CASE("a fault that never fired fails the run unless it is optional") {
    const char* unused = R"({"fail": "A.Op")";
    Ran ran = run(events(R"({"log": "x"})", R"({"publish": "E"})", std::string(unused) + "}"));
    CHECK_FALSE(ran.result.passed);
    CHECK_FALSE(ran.verdict("fail A.Op").holds);
    ran = run(events(R"({"log": "x"})", R"({"publish": "E"})",
                     std::string(unused) + R"(, "optional": true})"));
    CHECK(ran.result.passed);
}

TEST_CASE("steps branch, loop, bind and wait") {
    CHECK(logged(run(events(R"({"let": {"total": "${2 * msg.n}"}},
{"if": "total > 4", "then": [{"log": "large ${total}"}], "else": [{"log": "small ${total}"}]},
{"for": "x", "in": "[1, 2, 3]", "do": [{"if": "x == 2", "then": [{"log": "two"}], "else": [{"log": "${x}"}]}]},
{"for": "x", "in": "[]", "do": [{"log": "never"}]},
{"for": "x", "in": "[1, 2]", "do": [{"for": "y", "in": "[x, x * 10]", "do": [{"wait": "1ms"}, {"log": "y${y}"}]}]})",
                            R"({"publish": "E", "data": {"n": 3}})"))) ==
          "large 6, 1, two, 3, y1, y10, y2, y20");
    CHECK(logged(run(events(R"({"log": "a"}, {"if": "1 < 2", "stop": "enough"}, {"log": "b"})"))) ==
          "a");
}

TEST_CASE("a false assertion ends the run and fails it") {
    const Ran ran =
        run(events(R"({"assert": "1 > 2", "message": "numbers are odd"}, {"log": "x"})"));
    CHECK(ran.result.ending == drivers::Ending::assertion);
    CHECK_FALSE(ran.result.passed);
    CHECK_FALSE(ran.verdict("numbers are odd").holds);
    CHECK(run(events(R"({"assert": "1 < 2"})")).result.ending == drivers::Ending::quiescent);
}

// Who watches must not change what happens.
TEST_CASE("a log step whose text is an error ends the handler whether it is recorded or not") {
    const ProgramPtr program = load(
        events(R"js({"log": "${msg.none}"}, {"upsert": "t", "key": "'k'", "set": {"n": 1}})js"));
    drivers::RunOptions unheard;
    CHECK(summary(drivers::run(*program, unheard)) == summary(run(program).result));
}
