// What goes wrong between services, and services that stand still.
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

// A.Go publishes three numbered events; B logs them.
Scenario events(const std::string& faults, const std::string& options = "",
                const std::string& bus = "") {
    Scenario scenario;
    scenario.services = R"js("A": {)js" + options + R"js("on": {"Go": [
  {"publish": "E", "data": {"n": 1}}, {"publish": "E", "data": {"n": 2}},
  {"publish": "E", "data": {"n": 3}}]}},
"B": {"on": {"E": [{"log": "${msg.n}"}]}, "api": {"Do": [{"log": "do"}, {"reply": 1}]}})js";
    scenario.workload = R"({"publish": "Go"})";
    scenario.faults = faults;
    scenario.more = bus.empty() ? "" : R"("bus": {)" + bus + "}, ";
    return scenario;
}

// "2ms 1, 2ms 2"
std::string logged(const Ran& ran) {
    std::string out;
    for (const trace::Record& each : ran.of(RecordKind::logged)) {
        const bool word = each.value.is(Value::Kind::string);
        out += (out.empty() ? "" : ", ") + format_time(each.at) + " " +
               (word ? std::string(each.value.text()) : each.value.json());
    }
    return out;
}

const std::string outbox = R"("outbox": true, )";

Scenario caller(const std::string& faults, const std::string& more = "") {
    Scenario scenario;
    scenario.services = R"js("B": {"store": {"t": {}}, "api": {"Do": [
  {"upsert": "t", "key": "'n'", "set": {"n": "${get(row, 'n', 0) + 1}"}}, {"reply": 1}]}},
"C": {"api": {"Go": [{"call": "B.Do", "data": {}, "timeout": "10ms"}, {"reply": 1}],
              "ByBus": [{"call": "B.Do", "data": {}, "timeout": "200ms", "via": "bus"}, {"reply": 1}]}},
"A": {"on": {"X": [{"log": "x"}]}})js";
    scenario.workload = R"({"call": "C.Go", "as": "r"})" + more;
    scenario.faults = faults;
    return scenario;
}

}  // namespace

TEST_CASE("a plain message that is dropped is gone, what a relay sends comes again") {
    CHECK(logged(run(events(R"({"drop": "E", "nth": 2})"))) == "2ms 1, 2ms 3");
    // On a FIFO link those behind it wait.
    CHECK(logged(run(events(R"({"drop": "E", "nth": 2})", outbox))) == "2ms 1, 12ms 2, 12ms 3");
    CHECK(logged(run(events(R"({"drop": "E", "nth": 2})", outbox, R"("order": "none")"))) ==
          "2ms 1, 2ms 3, 12ms 2");
    CHECK(run(events(R"({"drop": "E", "nth": 2})")).count(RecordKind::lost) == 1);
}

TEST_CASE("a scheduled message is kept by a relay as well") {
    Scenario scenario = events(R"({"drop": "E", "nth": 1})");
    scenario.services.replace(scenario.services.find(R"({"n": 1})"), 8,
                              R"({"n": 1}, "after": "4ms")");
    CHECK(logged(run(scenario)) == "2ms 3, 6ms 1");
    scenario.faults = R"({"drop": "E", "nth": 3})";
    CHECK(logged(run(scenario)) == "2ms 2, 2ms 3, 16ms 1");
}

TEST_CASE("a call that is dropped has no effect, one whose reply is has") {
    const Ran call = run(caller(R"({"drop": "B.Do"})"));
    CHECK(call.reply("r") == "unknown Timeout");
    CHECK(call.rows("B.t") == 0);
    const Ran reply = run(caller(R"({"dropReply": "B.Do"})"));
    CHECK(reply.reply("r") == "unknown Timeout");
    CHECK(reply.row("B.t", "n").json() == R"({"n": 1})");
}

TEST_CASE("a copy stands right behind its original") {
    CHECK(logged(run(events(R"({"duplicate": "E", "nth": 2})"))) == "2ms 1, 2ms 2, 2ms 2, 2ms 3");
    CHECK(logged(run(events(R"({"duplicate": "E"})"))) ==
          "2ms 1, 2ms 1, 2ms 2, 2ms 2, 2ms 3, 2ms 3");
    CHECK(logged(run(events(R"({"duplicate": "E"})", outbox))) ==
          "2ms 1, 2ms 1, 2ms 2, 2ms 2, 2ms 3, 2ms 3");
    CHECK(
        run(events(R"({"duplicate": "E"})", "", R"("order": "none")")).count(RecordKind::logged) ==
        6);
}

TEST_CASE("a delay holds up a FIFO link, and is overtaken on others") {
    CHECK(logged(run(events(R"({"delay": "E", "by": "5ms", "nth": 2})"))) == "2ms 1, 7ms 2, 7ms 3");
    CHECK(logged(run(events(R"({"delay": "E", "by": "5ms", "nth": 2})", "",
                            R"("order": "none")"))) == "2ms 1, 2ms 3, 7ms 2");
}

TEST_CASE("faults are narrowed by party, attempt, time and number") {
    CHECK(logged(run(events(R"({"drop": "E", "of": "A", "to": "B", "times": 2})"))) == "2ms 3");
    CHECK(logged(run(events(R"({"drop": "E", "during": "Go", "nth": 1})"))) == "2ms 2, 2ms 3");
    CHECK(logged(run(events(R"({"drop": "E", "at": "3ms", "optional": true})"))).size() ==
          logged(run(events(""))).size());
    CHECK(logged(run(events(R"({"drop": "E", "until": "2ms", "optional": true})"))).size() ==
          logged(run(events(""))).size());
    CHECK(logged(run(events(R"({"drop": "E", "attempt": 2, "optional": true})"))).size() ==
          logged(run(events(""))).size());
    CHECK_FALSE(run(events(R"({"drop": "E", "attempt": 2})")).result.passed);
}

TEST_CASE("across a partition calls are lost and bus messages wait") {
    const std::string cut = R"({"partition": [["C"], ["B"]], "at": "0ms", "until": "50ms"})";
    const Ran ran = run(caller(cut, R"(, {"call": "C.ByBus", "as": "b"})"));
    CHECK(ran.reply("r") == "unknown Timeout");
    CHECK(ran.reply("b") == "succeeded 1");
    CHECK(ran.row("B.t", "n").json() == R"({"n": 1})");
    CHECK(ran.result.passed);
    const std::string between = R"({"partition": [["A"], ["B"]], "at": "0ms", "until": "50ms"})";
    CHECK(logged(run(events(between))) == "50ms 1, 50ms 2, 50ms 3");
    CHECK(logged(run(events(between, outbox))) == "50ms 1, 50ms 2, 50ms 3");
    CHECK(logged(run(events(between, "", R"("delivery": "at-most-once")"))).empty());
}

TEST_CASE("a reply is cut off like a call") {
    const Ran ran = run(caller(R"({"partition": [["C"], ["B"]], "at": "3ms", "until": "50ms"})"));
    CHECK(ran.reply("r") == "unknown Timeout");
    CHECK(ran.row("B.t", "n").json() == R"({"n": 1})");
}

TEST_CASE("who is on no side reaches everybody") {
    const Ran ran = run(caller(R"({"partition": [["C"], ["A"]], "at": "0ms", "until": "50ms",
                                   "optional": true})",
                               R"(, {"publish": "X"})"));
    CHECK(ran.reply("r") == "succeeded 1");
}

TEST_CASE("the bus can be a side") {
    const std::string cut = R"({"partition": [["bus"], ["B"]], "at": "0ms", "until": "50ms"})";
    CHECK(logged(run(events(cut))) == "50ms 1, 50ms 2, 50ms 3");
    const Ran ran = run(caller(R"({"partition": [["bus"], ["B"]], "at": "0ms", "until": "50ms"})",
                               R"(, {"call": "C.ByBus", "as": "b"})"));
    CHECK(ran.reply("r") == "succeeded 1");
    CHECK(ran.reply("b") == "succeeded 1");
    CHECK(ran.times(RecordKind::delivered).find("50ms") != std::string::npos);
}

namespace {

Scenario paused(const std::string& options, const std::string& fault) {
    Scenario scenario;
    scenario.services = R"js("A": {)js" + options + R"js("store": {"t": {}},
  "jobs": {"j": {"every": "10ms", "times": 2, "steps": [{"log": "job"}]}},
  "on": {"E": [{"log": "begun"}, {"wait": "4ms"}, {"log": "waited"}]}})js";
    scenario.workload = R"({"publish": "E"}, {"at": "7ms", "publish": "E"})";
    scenario.faults = fault;
    return scenario;
}

}  // namespace

TEST_CASE("nothing of a paused service runs, and its timers are late") {
    CHECK(logged(run(paused("", ""))) ==
          "1ms begun, 5ms waited, 8ms begun, 10ms job, 12ms waited, "
          "20ms job");
    CHECK(logged(run(paused("", R"({"pause": "A", "at": "3ms", "until": "30ms"})"))) ==
          "1ms begun, 30ms begun, 30ms waited, 30ms job, 34ms waited, 40ms job");
}

TEST_CASE("a replica that is paused leaves the others to work") {
    const Ran ran =
        run(paused(R"("replicas": 2, )", R"({"pause": "A/1", "at": "3ms", "until": "30ms"})"));
    CHECK(logged(ran) == "1ms begun, 8ms begun, 10ms job, 12ms waited, 20ms job, 30ms waited");
    CHECK(ran.result.passed);
}

TEST_CASE("a reply waits for a caller that is paused") {
    const Ran ran = run(caller(R"({"pause": "C", "at": "2ms", "until": "6ms"})"));
    CHECK(ran.reply("r") == "succeeded 1");
    CHECK(ran.times(RecordKind::replied) == "7ms");
    // At the end of a long one it is too late: who called has given up.
    CHECK(run(caller(R"({"pause": "B", "at": "0ms", "until": "30ms"})")).reply("r") ==
          "unknown Timeout");
}

TEST_CASE("a slow service takes longer while it is slow") {
    Scenario scenario;
    scenario.services = R"js("A": {"takes": "2ms", "api": {"Do": [{"reply": 1}]}})js";
    scenario.workload = R"({"call": "A.Do", "as": "a"}, {"at": "50ms", "call": "A.Do", "as": "b"})";
    scenario.faults = R"({"slow": "A", "by": "10", "until": "20ms"})";
    const Ran ran = run(scenario);
    CHECK(ran.times(RecordKind::replied) == "22ms 54ms");
    CHECK(ran.result.passed);
}

TEST_CASE("a write to a store fails when it is told to") {
    const auto codes = [](const std::string& options, const std::string& narrowing) {
        Scenario scenario;
        scenario.services =
            R"js("A": {)js" + options + R"js("store": {"t": {}, "u": {}}, "api": {"Do": [
  {"upsert": "u", "key": "'a'", "set": {}}, {"upsert": "t", "key": "'a'", "set": {}}, {"reply": 1}]}})js";
        scenario.workload =
            R"({"call": "A.Do", "as": "a"}, {"at": "5ms", "call": "A.Do", "as": "b"},
                               {"at": "10ms", "call": "A.Do", "as": "c"})";
        scenario.faults = R"({"failStore": "A.t", "with": "DiskFull")" + narrowing + "}";
        const Ran ran = run(scenario);
        CHECK(ran.result.passed);
        return ran.reply("a") + ", " + ran.reply("b") + ", " + ran.reply("c");
    };
    CHECK(codes("", R"(, "nth": 2)") == "succeeded 1, unknown DiskFull, succeeded 1");
    CHECK(codes(outbox, R"(, "nth": 2)") == "succeeded 1, failed DiskFull, succeeded 1");
    CHECK(codes(outbox, R"(, "at": "5ms")") == "succeeded 1, failed DiskFull, failed DiskFull");
    CHECK(codes(outbox, R"(, "times": 2)") == "failed DiskFull, failed DiskFull, succeeded 1");
}
