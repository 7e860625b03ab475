// Runs that do not come to rest.
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using drivers::Ending;

namespace {

Scenario ping_pong(std::string_view limits, std::string_view latency) {
    Scenario scenario;
    scenario.services = R"(
"A": {"on": {"Ping": [{"publish": "Pong"}]}},
"B": {"on": {"Pong": [{"publish": "Ping"}]}},
"C": {"on": {"Other": [{"log": "idle"}]}})";
    scenario.workload = R"({"publish": "Ping"}, {"publish": "Other", "at": "1ms"})";
    scenario.more = R"("bus": {"latency": ")" + std::string(latency) + R"("}, "limits": )" +
                    std::string(limits) + ",";
    return scenario;
}

// The same ending and message for 1, 2 and 8 threads.
drivers::RunResult ended(const Scenario& scenario) {
    const ProgramPtr program = load(scenario);
    const Ran one = run(program, 1);
    for (const unsigned threads : {2U, 8U}) {
        const Ran ran = run(program, threads);
        CHECK(summary(ran.result) == summary(one.result));
    }
    drivers::RunOptions unheard;
    CHECK(summary(drivers::run(*program, unheard)) == summary(one.result));
    return one.result;
}

bool mentions(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an endless exchange ends at the limit of events and names the cycle") {
    const drivers::RunResult result = ended(ping_pong(R"({"events": 1000})", "1ms"));
    CHECK(result.ending == Ending::limit);
    CHECK(result.events == 1000);
    CHECK_FALSE(result.passed);
    INFO(result.message);
    CHECK(mentions(result.message, "the limit of 1000 events was reached"));
    const bool named = mentions(result.message, "Ping -> A, Pong -> B") ||
                       mentions(result.message, "Pong -> B, Ping -> A");
    CHECK(named);
    CHECK_FALSE(mentions(result.message, "Other"));
}

TEST_CASE("a cycle that takes no time ends, though events are left") {
    const drivers::RunResult result = ended(ping_pong(R"({"events": 10000000})", "0ms"));
    CHECK(result.ending == Ending::limit);
    INFO(result.message);
    CHECK(mentions(result.message, "time stands still at 0ms"));
    CHECK(mentions(result.message, "Ping -> A"));
    CHECK(result.virtual_time == 0);
}

TEST_CASE("a redelivery that takes no time ends at its dead letter") {
    Scenario scenario;
    scenario.services = R"("A": {"on": {"E": [{"fail": "Never"}]}})";
    scenario.workload = R"({"publish": "E"})";
    scenario.more = R"("bus": {"latency": "0ms", "redeliverAfter": "0ms", "maxDeliveries": 7},)";
    const Ran ran = run(scenario);
    CHECK(ran.result.ending == Ending::quiescent);
    CHECK(ran.count(trace::RecordKind::delivered) == 7);
    CHECK(ran.count(trace::RecordKind::dead_letter) == 1);
}

TEST_CASE("virtual time has a limit") {
    const drivers::RunResult result = ended(ping_pong(R"({"virtualTime": "30ms"})", "1ms"));
    CHECK(result.ending == Ending::limit);
    INFO(result.message);
    CHECK(mentions(result.message, "the virtual time limit of 30ms was reached"));
    CHECK(mentions(result.message, "Ping -> A"));
    CHECK(result.virtual_time <= 31 * millisecond);
}

TEST_CASE("what lies within the limits runs to its end") {
    Scenario scenario;
    scenario.services = R"("A": {"on": {"E": [{"wait": "10ms"}]}})";
    scenario.workload = R"({"publish": "E"})";
    scenario.more = R"("limits": {"virtualTime": "11ms", "events": 4},)";
    const Ran ran = run(scenario);
    CHECK(ran.result.ending == Ending::quiescent);
    CHECK(ran.result.virtual_time == 11 * millisecond);
    CHECK(ran.result.events == 3);
}

namespace {

// A service that puts one row after another into its store.
constexpr const char* growing = R"js("B": {"store": {"t": {}}, "on": {"E": [
  {"insert": "t", "key": "'k' + string(msg.n)", "row": {"n": "${msg.n}"}},
  {"publish": "E", "data": {"n": "${msg.n + 1}"}}]}})js";

}  // namespace

TEST_CASE("rows without end reach the limit of memory") {
    Scenario scenario;
    scenario.services = growing;
    scenario.workload = R"({"publish": "E", "data": {"n": 0}})";
    scenario.more = R"("limits": {"memory": "100K"},)";
    const drivers::RunResult result = ended(scenario);
    CHECK(result.ending == Ending::limit);
    INFO(result.message);
    CHECK(mentions(result.message, "memory limit"));
    CHECK(mentions(result.message, "E -> B"));
    CHECK(result.events < 1000);
}

TEST_CASE("messages that double reach the limit of memory") {
    Scenario scenario;
    scenario.services = R"("A": {"on": {"E": [{"publish": "E"}, {"publish": "E"}]}})";
    scenario.workload = R"({"publish": "E"})";
    scenario.more = R"("limits": {"memory": "1M"}, "bus": {"order": "none"},)";
    const drivers::RunResult result = ended(scenario);
    CHECK(result.ending == Ending::limit);
    INFO(result.message);
    CHECK(mentions(result.message, "memory limit"));
}

// A delivery that fails is taken up again and again; what is counted for it must not run out.
TEST_CASE("redeliveries leave the estimate of memory as it is") {
    Scenario scenario;
    scenario.services = R"("A": {"on": {"Bad": [{"fail": "Never"}]}}, )" + std::string(growing);
    scenario.workload = R"({"publish": "Bad", "every": "0ms", "times": 20},
{"publish": "E", "data": {"n": 0}})";
    scenario.more = R"("limits": {"memory": "100K", "events": 100000},
"bus": {"order": "none", "maxDeliveries": 1000, "redeliverAfter": "1ms"},)";
    const drivers::RunResult result = ended(scenario);
    INFO(result.message);
    CHECK(mentions(result.message, "memory limit"));
    CHECK(result.virtual_time < 450 * millisecond);  // 256 bytes a row, 1 ms each
}

TEST_CASE("a false assertion ends the run at the same item for any number of threads") {
    Scenario scenario;
    scenario.services = R"("A": {"on": {"E": [
  {"if": "msg.n == 700", "then": [{"assert": "msg.n < 0", "message": "n is ${msg.n}"}]},
  {"log": "${msg.n}"}]}}, "B": {"on": {"E": [{"log": "b"}]}})";
    scenario.workload = R"({"publish": "E", "every": "0ms", "times": 1500, "data": {"n": "${i}"}})";
    const drivers::RunResult result = ended(scenario);
    CHECK(result.ending == Ending::assertion);
    CHECK_FALSE(result.passed);
    REQUIRE(result.verdicts.size() == 1);
    CHECK(result.verdicts[0].name == "n is 700");
    CHECK_FALSE(result.verdicts[0].holds);
}
