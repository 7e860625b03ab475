// Scheduled messages, lanes of a bus with order per key, parked sequences, calls via the bus,
// choices.
#include <map>

#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

TEST_CASE("a scheduled event leaves when its time has come") {
    Scenario scenario;
    scenario.services = R"js(
"A": {"on": {"Go": [{"publish": "Later", "after": "10s"}, {"publish": "Now"},
                    {"send": "B.Do", "after": "20s"}]}},
"B": {"on": {"Later": [{"log": "later"}], "Now": [{"log": "now"}]}, "api": {"Do": [{"log": "do"}]}})js";
    scenario.workload = R"({"publish": "Go"})";
    const Ran ran = run(scenario);
    CHECK(ran.times(RecordKind::scheduled) == "1ms 1ms");
    CHECK(ran.times(RecordKind::logged) == "2ms 10.002s 20.002s");
}

namespace {

// K is handled by A, which fails for ever where msg.bad is true.
Scenario keyed(const std::string& bus, const std::string& workload) {
    Scenario scenario;
    scenario.services = R"js("P": {"on": {"Go": [{"publish": "K", "copy": ["k", "n", "bad"]}]}},
"A": {"store": {"t": {}}, "on": {"K": [{"if": "msg.bad", "fail": "Poison"},
  {"upsert": "t", "key": "msg.k", "set": {"seen": "${get(row, 'seen', []) + [msg.n]}", "at": "${meta.time}"}}]}})js";
    scenario.workload = workload;
    scenario.more = R"("bus": {"maxDeliveries": 2, "redeliverAfter": "10ms", )" + bus + "},";
    return scenario;
}

std::string go(const std::string& key, int number, bool bad = false) {
    return R"({"publish": "Go", "data": {"k": ")" + key + R"(", "n": )" + std::to_string(number) +
           R"(, "bad": )" + (bad ? "true" : "false") + "}}";
}

}  // namespace

TEST_CASE("on a bus with order per key only the messages of one key wait for each other") {
    const std::string workload = go("a", 1, true) + "," + go("a", 2) + "," + go("b", 3);
    const Ran per_key = run(keyed(R"("order": "per-key", "key": "msg.k")", workload));
    CHECK(per_key.row("A.t", "b").json() == R"({"at": "0.002s", "seen": [3]})");
    CHECK(per_key.row("A.t", "a").json() == R"({"at": "0.012s", "seen": [2]})");
    const Ran fifo = run(keyed(R"("order": "fifo")", workload));
    CHECK(fifo.row("A.t", "b").json() == R"({"at": "0.012s", "seen": [3]})");
}

TEST_CASE("what follows a dead letter of its key is parked with it, other keys go on") {
    const std::string workload =
        go("a", 1, true) + "," + go("a", 2) + "," + go("b", 3) + "," + go("a", 4);
    const Ran ran =
        run(keyed(R"("order": "per-key", "key": "msg.k", "deadLetter": "sequence")", workload));
    CHECK(ran.rows("A.t") == 1);
    CHECK(ran.count(RecordKind::dead_letter) == 3);
    CHECK(ran.of(RecordKind::dead_letter)[1].code.json() == R"("SequenceParked")");
    const Ran message =
        run(keyed(R"("order": "per-key", "key": "msg.k", "deadLetter": "message")", workload));
    CHECK(message.count(RecordKind::dead_letter) == 1);
    CHECK(message.row("A.t", "a").find("seen")->json() == "[2, 4]");
}

TEST_CASE("a topic overrides what the bus does") {
    const std::string workload = go("a", 1, true) + "," + go("b", 2);
    const Ran ran = run(keyed(R"("topics": {"K": {"maxDeliveries": 1}})", workload));
    CHECK(ran.row("A.t", "b").json() == R"({"at": "0.002s", "seen": [2]})");
}

namespace {

Scenario by_bus(const std::string& callee) {
    Scenario scenario;
    scenario.services = R"js("A": {"api": {"Ask": [
  {"call": "B.Do", "via": "bus", "timeout": "1s", "as": "r"}, {"reply": "${r}"}]}},
"B": {"store": {"t": {"rows": {"n": {"n": 0}}}}, "api": {"Do": [)js" +
                        callee + "]}}";
    scenario.workload = R"({"call": "A.Ask", "as": "r", "timeout": "1h"})";
    scenario.more = R"("bus": {"latency": "5ms", "maxDeliveries": 3},)";
    return scenario;
}

}  // namespace

TEST_CASE("a call via the bus takes the bus there and back") {
    const Ran ran = run(by_bus(R"({"reply": 5})"));
    CHECK(ran.reply("r") == "succeeded 5");
    CHECK(ran.times(RecordKind::replied) == "12ms");
}

TEST_CASE("a rejection comes back over the bus at once, a failure is delivered again") {
    CHECK(run(by_bus(R"({"reject": "NoWay"})")).reply("r") == "rejected NoWay");
    const Ran mended = run(by_bus(R"({"if": "meta.attempt < 3", "fail": "Down"}, {"reply": 5})"));
    CHECK(mended.reply("r") == "succeeded 5");
    CHECK(mended.count(RecordKind::redelivering) == 2);
    const Ran dead = run(by_bus(R"({"fail": "Down"})"));
    CHECK(dead.reply("r") == "unknown Timeout");
    CHECK(dead.count(RecordKind::dead_letter) == 1);
}

TEST_CASE("choose takes the first, and with a seed what the seed says") {
    const std::string text =
        R"js({"scenario": "choices", "services": {"A": {"store": {"t": {}}, "on": {"E": [
      {"choose": ["a", "b", "c"], "as": "x"}, {"insert": "t", "key": "meta.id", "row": {"x": "${x}"}}]}}},
      "workload": [{"publish": "E", "every": "1ms", "times": 60}]})js";
    const ProgramPtr program = load(text);
    std::size_t firsts = 0;
    for (const trace::Record& record : run(program).of(RecordKind::chosen)) {
        if (record.value == Value("a")) ++firsts;
    }
    CHECK(firsts == 60);
    program::Program random = *program;
    random.random = true;
    std::map<std::string, int> seen;
    for (const trace::Record& record :
         run(std::make_shared<const program::Program>(random)).of(RecordKind::chosen)) {
        ++seen[record.value.json()];
    }
    CHECK(seen.size() == 3);
    random.seed = 2;
    const Ran other = run(std::make_shared<const program::Program>(random));
    random.seed = 1;
    const Ran again = run(std::make_shared<const program::Program>(random));
    CHECK(lines(*program, again.records) ==
          lines(*program, run(std::make_shared<const program::Program>(random)).records));
    CHECK(lines(*program, again.records) != lines(*program, other.records));
}
