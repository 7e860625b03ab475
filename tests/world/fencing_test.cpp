// Two orchestrators: a lease that expires while its owner stands still, and epochs.
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

// A saga in two replicas; T counts what it is asked to do.
Scenario orchestrators(const std::string& options, const std::string& faults,
                       const std::string& inbox = R"("inbox": true, )") {
    Scenario scenario;
    scenario.services = R"js("S": {"replicas": 2, "lease": "20ms", )js" + options +
                        R"js("sagas": {"G": {"id": "msg.id", "steps": [
  {"call": "T.Do", "copy": ["id"], "timeout": "1s"},
  {"wait": "10ms"},
  {"send": "T.Ship", "data": {"epoch": "${meta.epoch}"}},
  {"reply": "${meta.epoch}"}]}}},
"T": {)js" + inbox + R"js("store": {"done": {}, "shipped": {}}, "api": {
  "Do": [{"upsert": "done", "key": "msg.id", "set": {"n": "${get(row, 'n', 0) + 1}"}}],
  "Ship": [{"upsert": "shipped", "key": "'n'", "set": {"n": "${get(row, 'n', 0) + 1}"}}]}})js";
    scenario.workload = R"({"call": "S.G", "data": {"id": "k"}, "as": "r", "timeout": "1h"})";
    scenario.faults = faults;
    return scenario;
}

const std::string long_pause = R"({"pause": "S/1", "at": "6ms", "until": "100ms"})";
const std::string unfenced = R"("fencing": false, )";

std::string shipped(const Ran& ran) {
    const Value row = ran.row("T.shipped", "n");
    return row.is_null() ? "0" : row.find("n")->json();
}

}  // namespace

TEST_CASE("a pause longer than the lease moves a saga to another replica") {
    const Ran ran = run(orchestrators("", long_pause));
    CHECK(ran.reply("r") == "succeeded 2");
    CHECK(ran.row("T.done", "k").json() == R"({"n": 1})");
    CHECK(shipped(ran) == "1");
    CHECK(ran.row("S.G", "k").find("state")->json() == R"("completed")");
    CHECK(ran.row("S.G", "k").find("epoch")->json() == "2");
    CHECK(ran.count(RecordKind::fenced) >= 1);
    CHECK(ran.result.passed);
}

TEST_CASE("a pause shorter than the lease does not") {
    const Ran ran = run(orchestrators("", R"({"pause": "S/1", "at": "6ms", "until": "20ms"})"));
    CHECK(ran.reply("r") == "succeeded 1");
    CHECK(ran.count(RecordKind::fenced) == 0);
    CHECK(shipped(ran) == "1");
}

TEST_CASE("without fencing the effect comes twice") {
    // Nothing remembers the key: T has no inbox, or the owner sends under a key of its own.
    const Ran ran = run(orchestrators(unfenced, long_pause, ""));
    CHECK(shipped(ran) == "2");
    CHECK(shipped(run(orchestrators("", long_pause, ""))) == "1");
}

TEST_CASE("an inbox refuses what a lower epoch has sent") {
    // The call of the first epoch is late: the second has been heard by then.
    const std::string late = R"({"delay": "T.Do", "by": "60ms", "nth": 1},
                                {"pause": "S/1", "at": "2ms", "until": "500ms"})";
    Scenario scenario = orchestrators("", late);
    const Ran ran = run(scenario);
    CHECK(ran.reply("r") == "succeeded 2");
    CHECK(ran.row("T.done", "k").json() == R"({"n": 1})");
    bool refused = false;
    for (const trace::Record& each : ran.of(RecordKind::fenced)) {
        refused = refused || (*ran.program)[each.service].name == "T";
    }
    CHECK(refused);
}

TEST_CASE("the deadline of an orchestrator that was fenced ends with it") {
    Scenario scenario = orchestrators("", long_pause);
    const std::string steps = R"("steps": [)";
    scenario.services.insert(scenario.services.find(steps), R"("deadline": "1m", )");
    const Ran ran = run(scenario);
    CHECK(ran.reply("r") == "succeeded 2");
    CHECK(ran.result.virtual_time < second);
}

TEST_CASE("a saga that was taken over is not taken from the old owner once more") {
    const std::string twice = long_pause + R"(, {"pause": "S/1", "at": "30ms", "until": "200ms"})";
    Scenario scenario = orchestrators("", twice);
    scenario.expect = R"("finally": {"nobody waits": "size(waiting) == 0"})";
    CHECK(run(scenario).result.passed);
    CHECK(shipped(run(orchestrators(unfenced, twice, ""))) == "2");
}

TEST_CASE("a worker of a replica that was fenced is free again") {
    Scenario scenario = orchestrators(R"("workers": 1, )", long_pause);
    scenario.workload +=
        R"(, {"at": "200ms", "call": "S.G", "data": {"id": "l"}, "as": "l", "timeout": "1s"},
            {"at": "201ms", "call": "S.G", "data": {"id": "m"}, "as": "m", "timeout": "1s"})";
    const Ran ran = run(scenario);
    CHECK(ran.reply("l") == "succeeded 1");
    CHECK(ran.reply("m") == "succeeded 1");
}

TEST_CASE("a saga that is undoing moves as well") {
    Scenario scenario = orchestrators("", R"({"reject": "T.Do", "nth": 2},
                                             {"pause": "S/1", "at": "8ms", "until": "100ms"})");
    scenario.services =
        R"js("S": {"replicas": 2, "lease": "20ms", "sagas": {"G": {"id": "msg.id", "steps": [
  {"call": "T.Do", "copy": ["id"], "compensate": {"call": "T.Undo", "copy": ["id"]}},
  {"call": "T.Do", "copy": ["id"]}]}}},
"T": {"inbox": true, "store": {"done": {}, "shipped": {}}, "api": {
  "Do": [{"upsert": "done", "key": "msg.id", "set": {"n": "${get(row, 'n', 0) + 1}"}}],
  "Undo": [{"wait": "5ms"}, {"update": "done", "key": "msg.id", "set": {"n": "${row.n - 1}"}}]}})js";
    const Ran ran = run(scenario);
    CHECK(ran.row("S.G", "k").find("state")->json() == R"("compensated")");
    CHECK(ran.row("T.done", "k").json() == R"({"n": 0})");
    CHECK(ran.reply("r").substr(0, 8) == "rejected");
}

TEST_CASE("an event wakes only the orchestrator that has the saga") {
    const auto told = [](const std::string& options) {
        Scenario scenario = orchestrators("", long_pause);
        scenario.services = R"js("S": {"replicas": 2, "lease": "20ms", )js" + options +
                            R"js("sagas": {"G": {"id": "msg.id", "steps": [
  {"await": "E", "timeout": "10s"}, {"send": "T.Tell", "data": {}}]}}},
"T": {"store": {"told": {}}, "api": {"Tell": [
  {"upsert": "told", "key": "'n'", "set": {"n": "${get(row, 'n', 0) + 1}"}}]}})js";
        scenario.workload += R"(, {"at": "200ms", "publish": "E"})";
        return run(scenario).row("T.told", "n").json();
    };
    CHECK(told("") == R"({"n": 1})");
    CHECK(told(unfenced) == R"({"n": 2})");
}
