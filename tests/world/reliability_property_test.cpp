// With outbox and inbox, what ends in the stores does not depend on a crash or on duplicates.
#include <algorithm>

#include "support/strikes.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

// "n" of a row counts how often it was written.
std::string count(const std::string& table, const std::string& key) {
    return R"js({"upsert": ")js" + table + R"js(", "key": ")js" + key +
           R"js(", "set": {"n": "${get(row, 'n', 0) + 1}"}})js";
}

// Orders go through three services by events; nothing waits.
Scenario chain(const std::string& options) {
    Scenario scenario;
    scenario.services =
        R"js("A": {)js" + options + R"js("store": {"orders": {}}, "on": {
  "Place": [)js" +
        count("orders", "msg.id") +
        R"js(, {"publish": "Pay", "copy": ["id"]}, {"publish": "Note", "copy": ["id"]}],
  "Paid": [)js" +
        count("orders", "msg.id") + R"js(, {"send": "C.Ship", "copy": ["id"]}]}},
"B": {)js" +
        options + R"js("store": {"payments": {}, "notes": {}}, "on": {
  "Pay": [)js" +
        count("payments", "msg.id") + R"js(, {"publish": "Paid", "copy": ["id"]}],
  "Note": [)js" +
        count("notes", "msg.id") + R"js(]}},
"C": {)js" +
        options + R"js("store": {"shipments": {}}, "api": {
  "Ship": [)js" +
        count("shipments", "msg.id") +
        R"js(, {"publish": "Note", "after": "3ms", "copy": ["id"]}]}})js";
    scenario.workload = R"({"publish": "Place", "data": {"id": "o"}},
                           {"at": "1ms", "publish": "Place", "data": {"id": "p"}})";
    return scenario;
}

// A calls B with an idempotency key, and then writes and publishes.
Scenario caller(const std::string& options, const std::string& via) {
    Scenario scenario;
    scenario.services = R"js("A": {)js" + options + R"js("store": {"orders": {}}, "on": {"Place": [
  {"call": "B.Charge", "copy": ["id"], "idempotencyKey": "msg.id", "timeout": "20ms", "as": "paid",
   "retry": {"maxAttempts": "forever", "on": ["unknown", "failed"], "delay": "5ms"})js" +
                        via + R"js(},
  )js" + count("orders", "msg.id") +
                        R"js(, {"publish": "Note", "data": {"id": "${paid}"}}]}},
"B": {)js" + options + R"js("store": {"charges": {}, "notes": {}}, "api": {
  "Charge": [)js" + count("charges", "msg.id") +
                        R"js(, {"reply": "${msg.id}"}]},
  "on": {"Note": [)js" + count("notes", "msg.id") +
                        R"js(]}})js";
    scenario.workload = R"({"publish": "Place", "data": {"id": "o"}})";
    return scenario;
}

// A saga whose last step is rejected, and what it undoes; steps count themselves.
Scenario saga(const std::string& options) {
    Scenario scenario;
    const auto operation = [](const std::string& name) {
        return "\"" + name + "\": [" + count("done", "'" + name + " ' + msg.id") + "]";
    };
    scenario.services = R"js("S": {"sagas": {"G": {"id": "msg.id", "steps": [
  {"call": "T.Book", "copy": ["id"], "retry": "stubborn",
   "compensate": {"call": "T.Cancel", "copy": ["id"], "retry": "stubborn"}},
  {"send": "T.Tell", "copy": ["id"], "compensate": {"send": "T.Untell", "copy": ["id"]}},
  {"call": "T.Pay", "copy": ["id"], "retry": "stubborn", "onError": [
    {"call": "T.Log", "copy": ["id"], "retry": "stubborn"}, {"reject": "NotPaid"}]}]}}},
"T": {)js" + options + R"js("store": {"done": {}}, "api": {)js" +
                        operation("Book") + "," + operation("Cancel") + "," + operation("Tell") +
                        "," + operation("Untell") + "," + operation("Log") +
                        R"js(, "Pay": [{"reject": "Declined"}]}})js";
    scenario.workload = R"({"call": "S.G", "data": {"id": "k"}, "as": "r", "timeout": "1h",
        "retry": {"maxAttempts": "forever", "on": ["unknown", "failed"], "delay": "5ms"}})";
    scenario.more = R"("policies": {"retry": {"stubborn": {"maxAttempts": "forever",
        "on": ["unknown", "failed"], "delay": "5ms"}}}, )";
    return scenario;
}

// Events of a stream feed a projection.
Scenario sourced(const std::string& options) {
    Scenario scenario;
    scenario.services =
        R"js("O": {)js" + options + R"js("aggregates": {"Order": {
  "initial": {"n": 0}, "apply": {"Placed": {"n": "${state.n + 1}"}, "Paid": {"n": "${state.n + 10}"}}}},
  "on": {"Place": [{"append": "Placed", "to": "Order", "key": "msg.id", "data": {"id": "${msg.id}"}}],
         "Pay": [{"append": "Paid", "to": "Order", "key": "msg.id", "data": {"id": "${msg.id}"}}]}},
"P": {)js" +
        options + R"js("store": {"seen": {}}, "on": {
  "Placed": [)js" +
        count("seen", "msg.id") + R"js(, {"publish": "Pay", "copy": ["id"]}]}},
"Q": {)js" +
        options + R"js("projections": {"view": {"from": "O.Order", "key": "meta.stream", "on": {
  "Placed": {"set": {"n": "${get(row, 'n', 0) + 1}"}}, "Paid": {"set": {"n": "${row.n + 10}"}}}}}})js";
    scenario.workload = R"({"publish": "Place", "data": {"id": "o"}})";
    return scenario;
}

std::vector<Scenario> reliable() {
    const std::string both = R"("outbox": true, "inbox": true, )";
    return {chain(both), caller(both, ""), caller(both, R"(, "via": "bus")"), saga(both),
            sourced(both)};
}

// How often the stores differ, of all single crashes.
int check_crashes(const Scenario& scenario, const std::string& more, bool must_agree) {
    const std::string expected = stores(run(scenario));
    int different = 0;
    for (const std::string& fault : strikes(scenario, "crash", more)) {
        INFO(fault);
        Scenario struck = scenario;
        struck.faults = fault;
        const Ran ran = run(struck);
        INFO(ran.story());
        CHECK(ran.result.passed);
        if (must_agree) CHECK(stores(ran) == expected);
        different += stores(ran) == expected ? 0 : 1;
    }
    return different;
}

}  // namespace

TEST_CASE("with outbox and inbox a crash at any point leaves the stores as they would be") {
    for (const Scenario& scenario : reliable()) {
        check_crashes(scenario, R"(, "restartAfter": "3ms")", true);
        check_crashes(scenario, R"(, "restartAfter": "200ms")", true);
        // The second time a point is passed, if it is.
        check_crashes(scenario, R"(, "nth": 2, "optional": true)", true);
    }
}

TEST_CASE("without them some crash does not") {
    CHECK(check_crashes(chain(""), "", false) > 0);
    CHECK(check_crashes(chain(R"("outbox": true, )"), "", false) > 0);
    CHECK(check_crashes(chain(R"("inbox": true, )"), "", false) > 0);
    CHECK(check_crashes(caller("", ""), "", false) > 0);
    CHECK(check_crashes(saga(""), "", false) > 0);
}

namespace {

// Every message of the scenario by the name that faults use, replies left out.
std::vector<std::string> messages(const Scenario& scenario) {
    const Ran ran = run(scenario);
    std::vector<std::string> names;
    for (const trace::Record& each : ran.of(RecordKind::delivered)) {
        const program::Operation& operation = (*ran.program)[each.operation];
        const bool named = operation.kind != program::OperationKind::feed &&
                           operation.kind != program::OperationKind::admin;
        if (named && std::find(names.begin(), names.end(), operation.label) == names.end()) {
            names.push_back(operation.label);
        }
    }
    return names;
}

void check_duplicates(const Scenario& scenario, const std::string& faults,
                      const std::string& expected) {
    INFO(faults);
    Scenario doubled = scenario;
    doubled.faults = faults;
    const Ran ran = run(doubled);
    INFO(ran.story());
    CHECK(ran.result.passed);
    CHECK(stores(ran) == expected);
}

}  // namespace

TEST_CASE("behind an inbox any schedule of duplicates leaves the same stores") {
    for (const Scenario& scenario : reliable()) {
        const std::string expected = stores(run(scenario));
        const std::vector<std::string> names = messages(scenario);
        REQUIRE(names.size() > 1);
        for (std::uint64_t subset = 1; subset < (1ULL << names.size()); ++subset) {
            std::string faults;
            for (std::size_t i = 0; i < names.size(); ++i) {
                if ((subset >> i & 1U) == 0) continue;
                faults += (faults.empty() ? "" : ", ") + (R"({"duplicate": ")" + names[i] + "\"}");
            }
            check_duplicates(scenario, faults, expected);
        }
        for (const std::string& name : names) {
            const std::string fault = R"({"duplicate": ")" + name + "\"";
            check_duplicates(scenario, fault + "}, " + fault + "}", expected);
            check_duplicates(scenario,
                             fault + R"(}, {"delay": ")" + name + R"(", "by": "7ms", "nth": 1})",
                             expected);
            check_duplicates(scenario, fault + R"(, "probability": "50%", "optional": true})",
                             expected);
        }
    }
}

TEST_CASE("behind an inbox duplicates do no harm where the bus keeps no order") {
    for (Scenario scenario : reliable()) {
        scenario.more += R"("bus": {"order": "none", "latency": {"uniform": ["0ms", "9ms"]}}, )";
        const std::string expected = stores(run(scenario));
        for (const std::string& name : messages(scenario)) {
            check_duplicates(scenario, R"({"duplicate": ")" + name + "\"}", expected);
        }
    }
}
