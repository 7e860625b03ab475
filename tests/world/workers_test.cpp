// `takes`, `workers`, `queueLimit`, jobs and replicas: who works when.
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

Scenario busy(const std::string& options, const std::string& steps = R"({"reply": "${meta.time}"})",
              const std::string& more = "") {
    Scenario scenario;
    scenario.services = R"js("A": {)js" + options + R"js(, "store": {"t": {}}, "api": {"Do": [)js" +
                        steps + "]}" + more + "}";
    scenario.workload = R"({"call": "A.Do", "as": "a"}, {"call": "A.Do", "as": "b"},
                           {"call": "A.Do", "as": "c"})";
    return scenario;
}

}  // namespace

TEST_CASE("all effects of a handler that takes its time come at its end") {
    const Ran ran =
        run(busy(R"("takes": "10ms")", R"({"insert": "t", "key": "meta.id", "row": {}})"));
    CHECK(ran.times(RecordKind::delivered) == "1ms 1ms 1ms");
    CHECK(ran.times(RecordKind::row_changed) == "11ms 11ms 11ms");
    CHECK(ran.times(RecordKind::replied) == "12ms 12ms 12ms");
}

TEST_CASE("a handler's own takes is for it alone") {
    Scenario scenario = busy(R"("takes": "10ms")", R"({"reply": 1})",
                             R"(, "on": {"E": {"takes": "30ms", "steps": [{"log": "done"}]}})");
    scenario.workload = R"({"call": "A.Do", "as": "a"}, {"publish": "E"})";
    const Ran ran = run(scenario);
    CHECK(ran.times(RecordKind::replied) == "12ms");
    CHECK(ran.times(RecordKind::logged) == "31ms");
}

TEST_CASE("one worker does one thing after another, waiting included") {
    CHECK(run(busy(R"("takes": "10ms", "workers": 1)")).times(RecordKind::replied) ==
          "12ms 22ms 32ms");
    CHECK(run(busy(R"("takes": "10ms", "workers": 2)")).times(RecordKind::replied) ==
          "12ms 12ms 22ms");
    CHECK(run(busy(R"("workers": 1)", R"({"wait": "5ms"}, {"reply": 1})"))
              .times(RecordKind::replied) == "7ms 12ms 17ms");
    CHECK(run(busy(R"("workers": 1)")).times(RecordKind::replied) == "2ms 2ms 2ms");
}

TEST_CASE("who finds the queue full is refused") {
    const Ran ran = run(busy(R"("takes": "10ms", "workers": 1, "queueLimit": 1)"));
    CHECK(ran.reply("a").substr(0, 9) == "succeeded");
    CHECK(ran.reply("b").substr(0, 9) == "succeeded");
    CHECK(ran.reply("c") == "failed QueueFull");
    CHECK(run(busy(R"("takes": "10ms", "workers": 1, "queueLimit": 0)")).reply("b") ==
          "failed QueueFull");
}

TEST_CASE("an event that finds the queue full comes again") {
    Scenario scenario = busy(R"("takes": "10ms", "workers": 1, "queueLimit": 0)", R"({"reply": 1})",
                             R"(, "on": {"E": [{"log": "done"}]})");
    scenario.workload = R"({"call": "A.Do", "as": "a"}, {"at": "5ms", "publish": "E"})";
    const Ran ran = run(scenario);
    CHECK(ran.count(RecordKind::redelivering) == 1);
    CHECK(ran.times(RecordKind::logged) == "26ms");
}

TEST_CASE("a job runs once a period and as often as it says") {
    Scenario scenario;
    scenario.services = R"js("A": {"store": {"t": {"rows": {"n": {"n": 0}}}}, "jobs": {"sweep": {
      "every": "5s", "times": 3, "steps": [{"update": "t", "key": "'n'", "set": {"n": "${row.n + 1}"}}]}}})js";
    const Ran ran = run(scenario);
    CHECK(ran.row("A.t", "n").json() == R"({"n": 3})");
    CHECK(ran.times(RecordKind::row_changed) == "5s 10s 15s");
    CHECK(ran.result.passed);
}

TEST_CASE("a job that publishes begins a story of its own") {
    Scenario scenario;
    scenario.services = R"js("A": {"jobs": {"tick": {"every": "1s", "times": 2,
      "steps": [{"publish": "Tick"}]}}}, "B": {"on": {"Tick": [{"log": "${meta.correlationId}"}]}})js";
    const std::vector<trace::Record> logged = run(scenario).of(RecordKind::logged);
    REQUIRE(logged.size() == 2);
    CHECK(logged[0].value.json() == R"("A.tick")");
}

TEST_CASE("replicas take messages in turn and have workers of their own") {
    CHECK(run(busy(R"("takes": "10ms", "workers": 1, "replicas": 2)")).times(RecordKind::replied) ==
          "12ms 12ms 22ms");
    CHECK(run(busy(R"("takes": "10ms", "workers": 1, "replicas": 3)")).times(RecordKind::replied) ==
          "12ms 12ms 12ms");
}

TEST_CASE("replicas share the store") {
    const Ran ran =
        run(busy(R"("replicas": 2)",
                 R"({"upsert": "t", "key": "'n'", "set": {"n": "${get(row, 'n', 0) + 1}"}})"));
    CHECK(ran.row("A.t", "n").json() == R"({"n": 3})");
}
