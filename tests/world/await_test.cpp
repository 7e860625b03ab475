// `await`: a handler waits for an event.
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

Scenario awaiting(const std::string& workload, const std::string& more = "") {
    Scenario scenario;
    scenario.services = R"js(
"A": {"store": {"t": {}}, "api": {"Ask": [
  {"await": "Paid", "if": "event.id == msg.id", "timeout": "20ms", "as": "paid",
   "onError": {"unknown": [{"reply": "${error.code}"}]}},
  {"reply": "${paid.amount}"}]})js" +
                        more + "}";
    scenario.workload = R"({"call": "A.Ask", "data": {"id": "k"}, "as": "r"},)" + workload;
    return scenario;
}

}  // namespace

TEST_CASE("await goes on with the event that fits") {
    const Ran ran = run(awaiting(
        R"({"at": "5ms", "publish": "Paid", "data": {"id": "other", "amount": 1}},
           {"at": "6ms", "publish": "Paid", "data": {"id": "k", "amount": 2}},
           {"at": "7ms", "publish": "Paid", "data": {"id": "k", "amount": 3}})"));
    CHECK(ran.reply("r") == "succeeded 2");
    CHECK(ran.times(RecordKind::resumed) == "7ms");
}

TEST_CASE("an event that nobody awaits any more changes nothing") {
    const Ran ran = run(awaiting(R"({"publish": "Paid", "data": {"id": "k", "amount": 2}})"));
    CHECK(ran.reply("r") == "succeeded \"Timeout\"");
    CHECK(ran.times(RecordKind::timed_out) == "21ms");
}

TEST_CASE("a handler of the event runs beside those who await it") {
    const Ran ran =
        run(awaiting(R"({"at": "5ms", "publish": "Paid", "data": {"id": "k", "amount": 2}})",
                     R"(, "on": {"Paid": [{"insert": "t", "key": "msg.id", "row": {}}]})"));
    CHECK(ran.reply("r") == "succeeded 2");
    CHECK(ran.rows("A.t") == 1);
    CHECK(ran.count(RecordKind::delivered) == 2);
}

TEST_CASE("every handler that awaits an event gets it") {
    Scenario scenario = awaiting(R"({"call": "A.Ask", "data": {"id": "k"}, "as": "r2"},
        {"at": "5ms", "publish": "Paid", "data": {"id": "k", "amount": 2}})");
    const Ran ran = run(scenario);
    CHECK(ran.reply("r") == "succeeded 2");
    CHECK(ran.reply("r2") == "succeeded 2");
}

TEST_CASE("a condition that goes wrong ends the handler") {
    const Ran ran = run(awaiting(R"({"at": "5ms", "publish": "Paid", "data": {"amount": 2}})"));
    CHECK(ran.reply("r") == "failed ExpressionError");
}

TEST_CASE("a saga awaits an event in a step of its log") {
    Scenario scenario;
    scenario.services = R"js(
"S": {"sagas": {"G": {"id": "msg.id", "steps": [
  {"await": "Paid", "if": "event.id == msg.id", "timeout": "1m", "as": "payment"},
  {"reply": "${payment.amount}"}]}}})js";
    scenario.workload = R"({"call": "S.G", "data": {"id": "k"}, "as": "r"},
        {"at": "5ms", "publish": "Paid", "data": {"id": "k", "amount": 2}})";
    const Ran ran = run(scenario);
    CHECK(ran.reply("r") == "succeeded 2");
    CHECK(ran.saga_log("S.G", "k") == "await Paid started, await Paid succeeded");
}
