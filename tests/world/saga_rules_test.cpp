// Sagas where steps are groups, errors are handled, and deadlines meet pivots.
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

// S.G with these steps; T writes and removes rows that tell what was done.
Scenario saga(const std::string& steps, const std::string& options = "",
              const std::string& faults = "") {
    Scenario scenario;
    scenario.services = R"js(
"S": {"sagas": {"G": {"id": "msg.id", "steps": [)js" +
                        steps + "]" + options + R"js(}}},
"T": {"store": {"done": {}, "paid": {}}, "api": {
  "Do": [{"log": "${meta.idempotencyKey}"}, {"upsert": "done", "key": "msg.id", "set": {}}, {"reply": {}}],
  "Undo": [{"delete": "done", "key": "msg.id"}],
  "Pay": [{"upsert": "paid", "key": "msg.id", "set": {}}, {"wait": "50ms"}, {"reply": {}}],
  "No": [{"reject": "NoWay"}],
  "Slow": [{"upsert": "done", "key": "msg.id", "set": {}}, {"wait": "20ms"}]}})js";
    scenario.workload = R"({"call": "S.G", "data": {"id": "k"}, "as": "r", "timeout": "1h"})";
    scenario.faults = faults;
    return scenario;
}

std::string state(const Ran& ran) { return std::string(ran.row("S.G", "k").find("state")->text()); }

std::string logged(const Ran& ran) {
    std::string out;
    for (const trace::Record& record : ran.of(RecordKind::logged)) {
        out += std::string(record.value.text()) + "\n";
    }
    return out;
}

const std::string undo = R"js("compensate": {"call": "T.Undo", "copy": ["id"]})js";
const std::string work = R"js({"call": "T.Do", "copy": ["id"]})js";
const std::string handled = R"js({"call": "T.No", "onError": {"rejected": [{"log": "fine"}]}})js";

}  // namespace

TEST_CASE("a group that handled an error has succeeded, and is undone") {
    const Ran ran = run(saga(R"js({"step": "both", "do": [)js" + handled + ", " + work + "], " +
                             undo + R"js(}, {"reject": "Later"})js"));
    CHECK(ran.saga_log("S.G", "k") ==
          "both started, both succeeded, both undo started, both undo finished");
    CHECK(ran.rows("T.done") == 0);
}

TEST_CASE("a pivot that handled an error inside is passed") {
    const Ran ran = run(saga(R"js({"call": "T.Do", "copy": ["id"], )js" + undo +
                             R"js(}, {"step": "p", "kind": "pivot", "do": [)js" + handled +
                             R"js(, {"call": "T.Pay", "copy": ["id"]}]}, {"reject": "Later"})js"));
    CHECK(state(ran) == "parked");
    CHECK(ran.rows("T.done") == 1);
}

TEST_CASE("a group that did something before it was rejected is undone") {
    const Ran ran = run(saga(R"js({"step": "both", "do": [)js" + work +
                             R"js(, {"call": "T.No"}], )js" + undo + "}"));
    CHECK(ran.saga_log("S.G", "k") ==
          "both started, both unknown, both undo started, both undo finished");
    CHECK(ran.rows("T.done") == 0);
    CHECK(ran.reply("r") == "rejected NoWay");
}

TEST_CASE("what is unknown inside an error's handling is undone") {
    const Ran ran = run(saga(R"js({"call": "T.No", "onError": {"rejected": [
        {"call": "T.Slow", "copy": ["id"], "timeout": "5ms"}]}, )js" +
                             undo + "}"));
    CHECK(ran.rows("T.done") == 0);
    CHECK(state(ran) == "compensated");
}

TEST_CASE("a deadline waits for a pivot that is under way") {
    const std::string steps = R"js({"call": "T.Do", "copy": ["id"], )js" + undo +
                              R"js(}, {"call": "T.Pay", "kind": "pivot", "copy": ["id"]})js";
    const Ran paid = run(saga(steps, R"js(, "deadline": "20ms")js"));
    CHECK(state(paid) == "completed");
    CHECK(paid.rows("T.done") == 1);

    const Ran refused = run(
        saga(steps, R"js(, "deadline": "2500us")js", R"js({"reject": "T.Pay", "with": "Full"})js"));
    CHECK(state(refused) == "compensated");
    CHECK(refused.rows("T.done") == 0);
}

TEST_CASE("a pivot whose outcome is unknown is tried again, whatever onError says") {
    const Ran ran = run(saga(R"js({"call": "T.Do", "copy": ["id"], )js" + undo +
                                 R"js(}, {"call": "T.Pay", "kind": "pivot", "copy": ["id"],
        "timeout": "10ms", "onError": {"unknown": [{"log": "hm"}]}}, {"reject": "Later"})js",
                             "", R"js({"fail": "T.Pay", "attempt": 3})js"));
    // Two attempts time out, the third is refused: known to have failed.
    CHECK(logged(ran).find("hm") == std::string::npos);
    CHECK(ran.count(RecordKind::timed_out) == 2);
}

TEST_CASE("every call of a saga has a key of its own, the same for each attempt") {
    const Ran ran = run(saga(R"js({"step": "all", "do": [{"for": "n", "in": "[1, 2]", "do": [)js" +
                                 work + R"js(]}]}, )js" + work,
                             "", R"js({"fail": "T.Do", "nth": 4, "optional": true})js"));
    CHECK(logged(ran) == "S.G/k/1/T.Do\nS.G/k/1/T.Do#2\nS.G/k/2/T.Do\n");
}

TEST_CASE("a saga rejected after its effects has completed all the same") {
    const Ran ran =
        run(saga(work, "", R"js({"reject": "S.G", "with": "Boom", "when": "after"})js"));
    CHECK(ran.reply("r") == "rejected Boom");
    CHECK(state(ran) == "completed");
    CHECK(ran.rows("T.done") == 1);
}

TEST_CASE("attempts go on counting when a step or an undo is tried again") {
    const Ran ran =
        run(saga(R"js({"call": "T.Do", "copy": ["id"], "kind": "retriable"})js", "",
                 R"js({"fail": "T.Do", "attempt": 1}, {"fail": "T.Do", "attempt": 2})js"));
    CHECK(state(ran) == "completed");
    CHECK(ran.saga_log("S.G", "k").find("T.Do succeeded") != std::string::npos);
}

TEST_CASE("a step that is tried for a long time does not make the log long") {
    const Ran ran = run(saga(R"js({"call": "T.Do", "copy": ["id"], "kind": "retriable"})js", "",
                             R"js({"fail": "T.Do", "times": 300})js"));
    CHECK(state(ran) == "completed");
    CHECK(ran.row("S.G", "k").find("log")->items().size() < 40);
}

TEST_CASE("the compensation's retry policy decides which errors of an undo are tried again") {
    const std::string steps =
        R"js({"call": "T.Do", "copy": ["id"], )js" + undo + R"js(}, {"call": "T.No"})js";
    const std::string named = R"js(, "compensation": {"retry": {"maxAttempts": 5, "delay": "1ms",
        "on": ["rejected:Throttled"]}})js";
    const std::string throttled = R"js({"reject": "T.Undo", "with": "Throttled", "times": 1})js";
    CHECK(state(run(saga(steps, named, throttled))) == "compensated");
    CHECK(state(run(saga(steps, "", throttled))) == "parked");
    const std::string short_time = R"js(, "compensation": {"retry": {"maxAttempts": "forever",
        "delay": "10ms", "backoff": "1", "maxElapsed": "100ms"}})js";
    const Ran given_up = run(saga(steps, short_time, R"js({"fail": "T.Undo"})js"));
    CHECK(state(given_up) == "parked");
    CHECK(given_up.result.virtual_time < 200 * millisecond);
}
