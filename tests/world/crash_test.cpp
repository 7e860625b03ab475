// A crash at a time: what is lost, what comes again, who learns of it.
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

// B.Do waits 10ms between two rows; E does the same.
Scenario crashing(const std::string& crash, const std::string& workload) {
    const std::string steps =
        R"js([{"upsert": "t", "key": "'first'", "set": {"n": "${get(row, 'n', 0) + 1}"}},
      {"wait": "10ms"}, {"upsert": "t", "key": "'second'", "set": {}}, {"reply": 1}])js";
    Scenario scenario;
    scenario.services = R"js("B": {"store": {"t": {}}, "api": {"Do": )js" + steps +
                        R"js(}, "on": {"E": )js" + steps + "}}";
    scenario.workload = workload;
    scenario.faults = crash;
    return scenario;
}

const std::string at5 = R"({"crash": "B", "at": "5ms", "restartAfter": "20ms"})";

}  // namespace

TEST_CASE("who called a service that crashed learns that the outcome is unknown") {
    const Ran ran = run(crashing(at5, R"({"call": "B.Do", "as": "r"})"));
    CHECK(ran.reply("r") == "unknown Crashed");
    CHECK(ran.times(RecordKind::replied) == "6ms");
    CHECK(ran.row("B.t", "first").json() == R"({"n": 1})");
    CHECK(ran.row("B.t", "second").is_null());
    CHECK(ran.result.passed);
}

TEST_CASE("a call to a service that is down has failed") {
    const Ran ran = run(crashing(at5, R"({"at": "9ms", "call": "B.Do", "as": "r"},
                                         {"at": "30ms", "call": "B.Do", "as": "later"})"));
    CHECK(ran.reply("r") == "failed Unavailable");
    CHECK(ran.reply("later") == "succeeded 1");
}

TEST_CASE("an event that was not acknowledged comes again after the restart") {
    const Ran ran = run(crashing(at5, R"({"publish": "E"}, {"at": "9ms", "publish": "E"})"));
    CHECK(ran.row("B.t", "first").json() == R"({"n": 3})");
    CHECK(ran.times(RecordKind::restarted) == "25ms");
    // The first once more at 25ms; the second, of another client, meanwhile.
    CHECK(ran.times(RecordKind::delivered) == "1ms 25ms 25ms");
    CHECK(ran.result.passed);
}

TEST_CASE("a service that never comes back leaves its messages undelivered") {
    Scenario scenario = crashing(R"({"crash": "B", "at": "5ms", "restartAfter": "never"})",
                                 R"({"at": "9ms", "publish": "E"})");
    scenario.expect = R"("finally": {"down": "up == [] && size(undelivered) == 1"})";
    CHECK(run(scenario).result.passed);
}

TEST_CASE("a crash before anything and after everything changes nothing") {
    for (const char* at : {"0ms", "500ms"}) {
        const Ran ran = run(
            crashing(std::string(R"({"crash": "B", "at": ")") + at + R"(", "restartAfter": "1us"})",
                     R"({"call": "B.Do", "as": "r"})"));
        CHECK(ran.reply("r") == "succeeded 1");
        CHECK(ran.result.passed);
    }
}

TEST_CASE("scheduled messages survive a crash and leave when the service is up again") {
    Scenario scenario;
    scenario.services = R"js("A": {"on": {"Go": [{"publish": "L", "after": "10ms"}]}},
"B": {"on": {"L": [{"log": "here"}]}})js";
    scenario.workload = R"({"publish": "Go"})";
    scenario.faults = R"({"crash": "A", "at": "5ms", "restartAfter": "50ms"})";
    CHECK(run(scenario).times(RecordKind::logged) == "56ms");
}

TEST_CASE("jobs that fall into a crash are left out") {
    Scenario scenario;
    scenario.services =
        R"js("A": {"jobs": {"j": {"every": "10ms", "times": 4, "steps": [{"log": "j"}]}}})js";
    scenario.faults = R"({"crash": "A", "at": "15ms", "restartAfter": "10ms"})";
    CHECK(run(scenario).times(RecordKind::logged) == "10ms 30ms 40ms");
}

namespace {

Scenario saga(const std::string& faults, const std::string& options = "") {
    Scenario scenario;
    scenario.services = R"js(
"S": {)js" + options + R"js("sagas": {"G": {"id": "msg.id", "deadline": "1m", "steps": [
  {"call": "T.Do", "copy": ["id"], "compensate": {"call": "T.Undo", "copy": ["id"]}},
  {"wait": "10ms"},
  {"call": "T.Do", "copy": ["id"], "data": {"twice": true}},
  {"reply": "${meta.epoch}"}]}}},
"T": {"store": {"done": {}}, "api": {
  "Do": [{"log": "${meta.idempotencyKey}"}, {"wait": "5ms"}, {"upsert": "done", "key": "msg.id",
          "set": {"n": "${get(row, 'n', 0) + 1}"}}],
  "Undo": [{"delete": "done", "key": "msg.id"}]}})js";
    scenario.workload = R"({"call": "S.G", "data": {"id": "k"}, "as": "r", "timeout": "1h"})";
    scenario.faults = faults;
    return scenario;
}

}  // namespace

TEST_CASE("a saga goes on from its log with the same key and a higher epoch") {
    const Ran ran = run(saga(R"({"crash": "S", "at": "4ms", "restartAfter": "30ms"})"));
    CHECK(ran.reply("r") == "succeeded 2");
    const std::vector<trace::Record> logged = ran.of(RecordKind::logged);
    REQUIRE(logged.size() == 3);
    CHECK(logged[0].value == logged[1].value);
    CHECK(logged[2].value != logged[1].value);
    CHECK(ran.saga_log("S.G", "k") ==
          "T.Do started, T.Do started, T.Do succeeded, T.Do#2 started, T.Do#2 succeeded");
    CHECK(ran.row("S.G", "k").find("epoch")->json() == "2");
    CHECK(ran.row("T.done", "k").json() == R"({"n": 3})");
}

TEST_CASE("a wait of a saga ends when it would have, or at the restart") {
    // The first call is answered at 8ms; the wait ends at 18ms.
    CHECK(run(saga(R"({"crash": "S", "at": "10ms", "restartAfter": "2ms"})"))
              .times(RecordKind::resumed) == "7ms 18ms 24ms");
    CHECK(run(saga(R"({"crash": "S", "at": "10ms", "restartAfter": "20ms"})"))
              .times(RecordKind::resumed) == "7ms 30ms 36ms");
}

TEST_CASE("an undo that was under way is begun again") {
    Scenario scenario = saga(R"({"crash": "S", "at": "20ms", "restartAfter": "5ms"},
                                {"reject": "T.Do", "nth": 2})");
    const Ran ran = run(scenario);
    CHECK(ran.reply("r").substr(0, 8) == "rejected");
    CHECK(ran.row("S.G", "k").find("state")->json() == R"("compensated")");
    CHECK(ran.rows("T.done") == 0);
}

TEST_CASE("when the lease has expired another replica takes the saga over") {
    const std::string two = R"("replicas": 2, "lease": "100ms", )";
    const Ran taken = run(saga(R"({"crash": "S/1", "at": "4ms", "restartAfter": "10s"})", two));
    CHECK(taken.reply("r") == "succeeded 2");
    CHECK(taken.times(RecordKind::replied) == "129ms");
    const Ran back = run(saga(R"({"crash": "S/1", "at": "4ms", "restartAfter": "30ms"})", two));
    CHECK(back.reply("r") == "succeeded 2");
    const Ran other = run(saga(R"({"crash": "S/2", "at": "4ms", "restartAfter": "10s"})", two));
    CHECK(other.reply("r") == "succeeded 1");
}

TEST_CASE("what a crashed replica had not acknowledged goes to one that is up") {
    Scenario scenario = crashing(R"({"crash": "B/1", "at": "5ms", "restartAfter": "never"})",
                                 R"({"publish": "E"})");
    scenario.services.insert(scenario.services.find('{') + 1, R"("replicas": 2, )");
    const Ran ran = run(scenario);
    CHECK(ran.row("B.t", "first").json() == R"({"n": 2})");
    CHECK_FALSE(ran.row("B.t", "second").is_null());
    CHECK(ran.times(RecordKind::delivered) == "1ms 15ms");
}
