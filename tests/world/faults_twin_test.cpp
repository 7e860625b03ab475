// Scenarios with every kind of fault: the run driver against the slow twin.
#include "support/slow_twin.h"
#include "support/strikes.h"

using namespace sagalab;
using namespace sagalab::test;

namespace {

// Orders, payments by a saga, a stream and its view; many at once.
Scenario busy(const std::string& options) {
    Scenario scenario;
    scenario.services =
        R"js("S": {"replicas": 2, "lease": "20ms", "sagas": {"G": {"id": "msg.id", "deadline": "200ms", "steps": [
  {"call": "T.Do", "copy": ["id"], "timeout": "20ms", "breaker": {"failures": 2, "open": "10ms"},
   "retry": {"maxAttempts": 3, "delay": "5ms", "jitter": "full"},
   "compensate": {"call": "T.Undo", "copy": ["id"]}},
  {"wait": "2ms"},
  {"send": "T.Tell", "copy": ["id"]},
  {"call": "T.Last", "copy": ["id"], "timeout": "20ms"}]}}},
"T": {)js" +
        options + R"js("takes": "1ms", "workers": 2, "store": {"t": {}}, "api": {
  "Do": [{"upsert": "t", "key": "msg.id", "set": {"n": "${get(row, 'n', 0) + 1}"}}, {"publish": "Done", "copy": ["id"]}],
  "Undo": [{"delete": "t", "key": "msg.id"}],
  "Tell": [{"publish": "Later", "after": "3ms", "copy": ["id"]}],
  "Last": [{"if": "msg.id.endsWith('3')", "reject": "No"}]}},
"O": {)js" +
        options +
        R"js("aggregates": {"Order": {"initial": {"n": 0}, "apply": {"Placed": {"n": "${state.n + 1}"}}}},
  "on": {"Done": [{"append": "Placed", "to": "Order", "key": "msg.id", "data": {}}],
         "Later": [{"append": "Placed", "to": "Order", "key": "msg.id", "data": {}}]}},
"Q": {"projections": {"view": {"from": "O.Order", "key": "meta.stream", "checkpoint": "after", "on": {
  "Placed": {"set": {"n": "${get(row, 'n', 0) + 1}"}}}}},
  "jobs": {"sweep": {"every": "7ms", "times": 5, "steps": [{"log": "sweep"}]}}})js";
    scenario.workload =
        R"js({"call": "S.G", "data": {"id": "o-${i}"}, "every": "1ms", "times": 8, "as": "r${i}", "timeout": "1h"})js";
    scenario.more = R"("seed": 7, "bus": {"latency": {"uniform": ["0ms", "2ms"]}}, )";
    return scenario;
}

void check_with(Scenario scenario, const std::string& fault) {
    INFO(fault);
    scenario.faults = fault;
    check_agreement(load(scenario), {1, 2, 8});
}

const std::string both = R"("outbox": true, "inbox": true, )";

}  // namespace

TEST_CASE("the driver agrees with the slow twin on a crash or a stall at every point") {
    for (const std::string& options : {std::string(), both}) {
        const Scenario scenario = busy(options);
        for (const std::string& fault : strikes(scenario, "crash", R"(, "restartAfter": "30ms")")) {
            check_with(scenario, fault);
        }
        for (const std::string& fault : strikes(scenario, "stall", R"(, "for": "4ms")")) {
            check_with(scenario, fault);
        }
    }
}

TEST_CASE("the driver agrees with the slow twin on faults of the network and of services") {
    for (const std::string& options : {std::string(), both}) {
        for (const char* fault :
             {R"({"drop": "T.Do", "probability": "40%"}, {"drop": "Done", "nth": 2})",
              R"({"dropReply": "T.Do", "times": 3}, {"dropReply": "T.Last", "nth": 1})",
              R"({"duplicate": "Done"}, {"duplicate": "T.Do"}, {"duplicate": "T.Tell"})",
              R"({"delay": "Done", "by": "5ms", "probability": "50%"})",
              R"({"partition": [["S"], ["T"]], "at": "4ms", "until": "30ms"})",
              R"({"partition": [["bus"], ["O", "T"]], "at": "4ms", "until": "30ms"})",
              R"({"pause": "S/1", "at": "4ms", "until": "90ms"})",
              R"({"pause": "T", "at": "4ms", "until": "30ms"}, {"slow": "T", "by": "7"})",
              R"({"failStore": "T.t", "probability": "30%"}, {"failStore": "Q.view", "times": 2})",
              R"({"reject": "T.Do", "when": "after", "probability": "50%"})",
              R"({"fail": "T.Do", "until": "12ms"}, {"crash": "S", "at": "9ms"})"}) {
            check_with(busy(options), fault);
        }
    }
}
