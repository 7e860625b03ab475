// Calls: their four outcomes, onError, retries, fallbacks; as short scenarios.
#include <algorithm>

#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

// A's event E calls B.Do with `options` and puts what became of it into its store.
Scenario calling(const std::string& options, const std::string& callee,
                 const std::string& faults = "") {
    Scenario scenario;
    scenario.services = R"js("A": {"store": {"t": {}}, "on": {"E": [
  {"call": "B.Do", "data": {"n": 2}, "as": "r")js" +
                        options + R"js(},
  {"upsert": "t", "key": "'after'", "set": {"r": "${r}"}}]},
  "api": {"Ask": [{"call": "B.Do", "data": {"n": 2}, "as": "r", "timeout": "10ms"}, {"reply": "${r}"}]}},
"B": {"store": {"t": {}}, "api": {"Do": [)js" +
                        callee + R"js(]}})js";
    scenario.workload = R"({"publish": "E"})";
    scenario.faults = faults;
    scenario.more = R"("bus": {"maxDeliveries": 1},)";
    return scenario;
}

// As `onError`: what the error was goes into the store.
constexpr const char* keep_error =
    R"js(, "onError": [{"upsert": "t", "key": "'error'",
  "set": {"outcome": "${error.outcome}", "code": "${error.code}"}}, {"stop": "kept"}])js";

std::string error_of(const Ran& ran) {
    const Value row = ran.row("A.t", "error");
    if (row.is_null()) return "none";
    return std::string(row.find(std::string_view("outcome"))->text()) + " " +
           std::string(row.find(std::string_view("code"))->text());
}

}  // namespace

TEST_CASE("a call that succeeds binds its reply") {
    const Ran ran = run(calling(keep_error, R"({"reply": {"twice": "${msg.n * 2}"}})"));
    CHECK(ran.row("A.t", "after").json() == R"({"r": {"twice": 4}})");
    CHECK(error_of(ran) == "none");
    CHECK(ran.story() == "1ms E -> A\n2ms Do -> B\n3ms Do = succeeded\n");
}

TEST_CASE("a call without a reply succeeds with null") {
    const Ran ran = run(calling(keep_error, R"({"log": "nothing"})"));
    CHECK(ran.row("A.t", "after").json() == R"({"r": null})");
}

TEST_CASE("a rejection is an answer and what was written is kept") {
    const Ran ran = run(calling(
        keep_error, R"({"insert": "t", "key": "'k'", "row": {"n": 1}}, {"reject": "NoWay"})"));
    CHECK(error_of(ran) == "rejected NoWay");
    CHECK(ran.row("B.t", "k").json() == R"({"n": 1})");
    CHECK(ran.row("A.t", "after").is_null());
    CHECK(ran.story() == "1ms E -> A\n2ms Do -> B\n3ms Do = rejected NoWay\n");
}

TEST_CASE("a refused call has failed and had no effect") {
    const Ran ran = run(calling(keep_error, R"({"insert": "t", "key": "'k'", "row": {"n": 1}})",
                                R"({"fail": "B.Do", "with": "Refused"})"));
    CHECK(error_of(ran) == "failed Refused");
    CHECK(ran.rows("B.t") == 0);
    CHECK(ran.result.passed);
}

TEST_CASE("a failure before any lasting effect reaches the caller as failed") {
    const Ran ran = run(calling(keep_error, R"({"fail": "Unavailable"})"));
    CHECK(error_of(ran) == "failed Unavailable");
}

TEST_CASE("a failure after a lasting effect reaches the caller as unknown") {
    const char* insert = R"({"insert": "t", "key": "'k'", "row": {"n": 1}}, {"fail": "Broken"})";
    CHECK(error_of(run(calling(keep_error, insert))) == "unknown Broken");
    // A message that left is one, too; a delete of nothing is none.
    CHECK(error_of(run(calling(keep_error, R"({"publish": "Gone"}, {"fail": "Broken"})"))) ==
          "unknown Broken");
    CHECK(error_of(run(
              calling(keep_error, R"({"delete": "t", "key": "'none'"}, {"fail": "Broken"})"))) ==
          "failed Broken");
}

TEST_CASE("an error of an expression ends a handler as fail would") {
    CHECK(error_of(run(calling(keep_error, R"({"reply": {"n": "${msg.none}"}})"))) ==
          "failed ExpressionError");
    CHECK(
        error_of(run(calling(keep_error, R"({"let": {"x": "${9223372036854775807 + msg.n}"}})"))) ==
        "failed ExpressionError");
}

TEST_CASE("a reply that is late leaves the call unknown and is recorded") {
    const std::string options = R"(, "timeout": "5ms")" + std::string(keep_error);
    const Ran ran = run(calling(options, R"({"wait": "10ms"}, {"reply": {}})"));
    CHECK(error_of(ran) == "unknown Timeout");
    CHECK(ran.story() == "1ms E -> A\n2ms Do -> B\n6ms Do timed out\n13ms Do = succeeded late\n");
    CHECK(ran.count(RecordKind::late) == 1);
}

TEST_CASE("a reply in the instant of the timeout is in time") {
    const std::string options = R"(, "timeout": "12ms")" + std::string(keep_error);
    const Ran ran = run(calling(options, R"({"wait": "10ms"}, {"reply": {}})"));
    CHECK(error_of(ran) == "none");
    CHECK(ran.count(RecordKind::timed_out) == 0);
}

TEST_CASE("an unhandled error travels from callee to client") {
    struct Row {
        const char* callee;
        const char* reply;
    };
    const Row rows[] = {
        {R"({"reject": "NoWay"})", "rejected NoWay"},
        {R"({"fail": "Down"})", "failed Down"},
        {R"({"insert": "t", "key": "'k'", "row": {}}, {"fail": "Down"})", "unknown Down"},
        {R"({"wait": "1h"})", "unknown Timeout"},
        {R"({"reply": {"n": 1}})", R"(succeeded {"n": 1})"}};
    for (const Row& row : rows) {
        Scenario scenario = calling("", row.callee);
        scenario.workload = R"({"call": "A.Ask", "as": "r1"})";
        CHECK(run(scenario).reply("r1") == row.reply);
    }
}

TEST_CASE("onError takes the most specific arm and leaves the rest unhandled") {
    const auto arms = [](const std::string& members) {
        return R"(, "onError": {)" + members + "}";
    };
    // What a handled call has not bound cannot be read after it.
    const auto handling = [](const std::string& options, const std::string& callee) {
        Scenario scenario = calling(options, callee);
        const std::string_view use = R"({"r": "${r}"})";
        scenario.services.replace(scenario.services.find(use), use.size(), R"({"n": 1})");
        return scenario;
    };
    const auto put = [](const std::string& key) {
        return R"js([{"upsert": "t", "key": "')js" + key + R"js('", "set": {"n": 1}}])js";
    };
    const std::string both =
        arms(R"("rejected": )" + put("outcome") + R"(, "NoWay": )" + put("code"));
    Ran ran = run(handling(both, R"({"reject": "NoWay"})"));
    CHECK_FALSE(ran.row("A.t", "code").is_null());
    CHECK(ran.row("A.t", "outcome").is_null());
    ran = run(handling(both, R"({"reject": "Other"})"));
    CHECK_FALSE(ran.row("A.t", "outcome").is_null());
    // Handled is handled: the handler goes on.
    CHECK_FALSE(ran.row("A.t", "after").is_null());
    ran = run(handling(both, R"({"fail": "NoWay"})"));  // the code alone decides
    CHECK_FALSE(ran.row("A.t", "code").is_null());
    ran = run(handling(both, R"({"fail": "Other"})"));
    CHECK(ran.row("A.t", "after").is_null());
    CHECK(ran.count(RecordKind::dead_letter) == 1);
}

TEST_CASE("onError stands at steps of the store, too") {
    Scenario scenario;
    scenario.services = R"js("A": {"store": {"t": {"rows": {"k": {"n": 1}}}}, "on": {"E": [
  {"insert": "t", "key": "'k'", "row": {}, "onError": {"AlreadyExists": [{"log": "there: ${error.outcome}"}]}},
  {"update": "t", "key": "'x'", "set": {}, "onError": [{"log": "${error.code}"}]},
  {"update": "t", "key": "'x'", "set": {}}]}})js";
    scenario.workload = R"({"publish": "E"})";
    scenario.more = R"("bus": {"maxDeliveries": 1},)";
    const Ran ran = run(scenario);
    const std::vector<trace::Record> logged = ran.of(RecordKind::logged);
    REQUIRE(logged.size() == 2);
    CHECK(logged[0].value.text() == "there: rejected");
    CHECK(logged[1].value.text() == "NotFound");
    REQUIRE(ran.count(RecordKind::dead_letter) == 1);
    CHECK(ran.of(RecordKind::dead_letter)[0].code.text() == "NotFound");
}

TEST_CASE("a fallback stands for what failed or is unknown and not for a rejection") {
    const std::string fallback = R"(, "timeout": "5ms", "fallback": {"n": 0})";
    CHECK(run(calling(fallback, R"({"fail": "Down"})")).row("A.t", "after").json() ==
          R"({"r": {"n": 0}})");
    CHECK(run(calling(fallback, R"({"wait": "1h"})")).row("A.t", "after").json() ==
          R"({"r": {"n": 0}})");
    CHECK(run(calling(fallback, R"({"reject": "NoWay"})")).row("A.t", "after").is_null());
    CHECK(run(calling(fallback, R"({"reply": {"n": 1}})")).row("A.t", "after").json() ==
          R"({"r": {"n": 1}})");
}

TEST_CASE("each attempt is a message of its own, and waits as the policy says") {
    const std::string retry =
        R"(, "idempotencyKey": "'key'", "retry": {"maxAttempts": 4, "delay": "10ms", "backoff": "3", "maxDelay": "50ms"})" +
        std::string(keep_error);
    const Ran ran = run(
        calling(retry, R"({"log": "${meta.idempotencyKey} ${meta.attempt}"}, {"fail": "Down"})"));
    CHECK(error_of(ran) == "failed Down");
    std::vector<Hash128> ids;
    std::string times;
    for (const trace::Record& record : ran.of(RecordKind::delivered)) {
        if (record.message_kind != trace::MessageKind::call) continue;
        ids.push_back(record.message);
        times += format_time(record.at) + " ";
        CHECK(record.attempt == ids.size());
    }
    // 2 + 1 back + 10, + 1 there, + 1 back + 30, ...
    CHECK(times == "2ms 14ms 46ms 98ms ");
    std::sort(ids.begin(), ids.end());
    CHECK(std::unique(ids.begin(), ids.end()) == ids.end());
    std::string logged;
    for (const trace::Record& record : ran.of(RecordKind::logged)) {
        logged += std::string(record.value.text()) + ", ";
    }
    CHECK(logged == "key 1, key 2, key 3, key 4, ");
    CHECK(ran.count(RecordKind::retrying) == 3);
}

TEST_CASE("retries end with success, by time, and at once for what is not named") {
    const std::string plain = R"(, "retry": {"delay": "10ms"})" + std::string(keep_error);
    Ran ran = run(calling(plain, R"({"reply": {}})", R"({"fail": "B.Do", "times": 2})"));
    CHECK(error_of(ran) == "none");
    CHECK(ran.count(RecordKind::retrying) == 2);

    ran = run(calling(plain, R"({"reject": "NoWay"})"));
    CHECK(error_of(ran) == "rejected NoWay");
    CHECK(ran.count(RecordKind::retrying) == 0);

    const std::string named =
        R"(, "retry": {"delay": "10ms", "on": ["rejected:Throttled"]})" + std::string(keep_error);
    CHECK(run(calling(named, R"({"reject": "Throttled"})")).count(RecordKind::retrying) == 2);
    CHECK(run(calling(named, R"({"reject": "NoWay"})")).count(RecordKind::retrying) == 0);
    CHECK(run(calling(named, R"({"fail": "Down"})")).count(RecordKind::retrying) == 0);

    const std::string elapsed =
        R"(, "retry": {"maxAttempts": "forever", "delay": "10ms", "backoff": "1", "maxElapsed": "30ms"})" +
        std::string(keep_error);
    // Attempts at 1, 13, 25 ms; the next would begin at 37, later than 1 + 30.
    CHECK(run(calling(elapsed, R"({"fail": "Down"})")).count(RecordKind::retrying) == 2);

    const std::string forever =
        R"(, "retry": {"maxAttempts": "forever", "delay": "1ms"})" + std::string(keep_error);
    ran = run(calling(forever, R"({"reply": {}})", R"({"fail": "B.Do", "times": 12})"));
    CHECK(error_of(ran) == "none");
    CHECK(ran.count(RecordKind::retrying) == 12);
}
