// The inbox: what was handled is not handled again, and what was answered is answered again.
#include "support/strikes.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

// B.Do and B.E count; the first reply says how often.
Scenario counting(const std::string& options, const std::string& steps,
                  const std::string& workload) {
    Scenario scenario;
    const std::string count =
        R"js({"upsert": "t", "key": "'n'", "set": {"n": "${get(row, 'n', 0) + 1}"}})js";
    scenario.services = R"js("B": {)js" + options + R"js("store": {"t": {}}, "api": {"Do": [)js" +
                        count + steps + R"js(]}, "on": {"E": [)js" + count + "]}}";
    scenario.workload = workload;
    return scenario;
}

const std::string inbox = R"("inbox": true, )";
const std::string outbox = R"("outbox": true, )";
const std::string keyed = R"js({"call": "B.Do", "idempotencyKey": "'k'", "as": "a"},
    {"at": "20ms", "call": "B.Do", "idempotencyKey": "'k'", "as": "b"})js";

std::string n(const Ran& ran) {
    const Value row = ran.row("B.t", "n");
    return row.is_null() ? "0" : row.find("n")->json();
}

}  // namespace

TEST_CASE("a duplicate is acknowledged and not handled again") {
    Scenario scenario = counting(inbox, "", R"({"publish": "E"}, {"at": "20ms", "publish": "E"})");
    scenario.faults = R"({"duplicate": "E"})";
    const Ran ran = run(scenario);
    CHECK(n(ran) == "2");
    CHECK(ran.count(RecordKind::deduplicated) == 2);
    scenario.services.replace(scenario.services.find("true"), 4, "false");
    CHECK(n(run(scenario)) == "4");
}

TEST_CASE("a repeated call is answered with what was replied") {
    const Ran ran = run(counting(inbox, R"(, {"reply": "${store.t.n.n}"})", keyed));
    CHECK(ran.reply("a") == "succeeded 1");
    CHECK(ran.reply("b") == "succeeded 1");
    CHECK(n(ran) == "1");
}

TEST_CASE("a rejection is remembered with its code and its data") {
    const Ran ran =
        run(counting(inbox, R"(, {"reject": "No", "data": {"n": "${store.t.n.n}"}})", keyed));
    CHECK(ran.reply("a") == R"(rejected No {"n": 1})");
    CHECK(ran.reply("b") == R"(rejected No {"n": 1})");
    CHECK(n(ran) == "1");
}

TEST_CASE("a failure is not remembered") {
    const Ran ran = run(counting(inbox, R"(, {"if": "store.t.n.n < 2", "fail": "Busy"})", keyed));
    CHECK(ran.reply("a") == "unknown Busy");
    CHECK(ran.reply("b") == "succeeded");
    CHECK(n(ran) == "2");
    const Ran rolled = run(counting(inbox + outbox, R"(, {"fail": "Busy"})", keyed));
    CHECK(rolled.reply("b") == "failed Busy");
    CHECK(n(rolled) == "0");
}

TEST_CASE("an event that is rejected comes again to be handled") {
    Scenario scenario;
    scenario.services = R"js("B": {"inbox": true, "store": {"t": {}}, "on": {"E": [
  {"upsert": "t", "key": "'n'", "set": {"n": "${get(row, 'n', 0) + 1}"}},
  {"if": "meta.attempt < 3", "reject": "NotYet"}]}})js";
    scenario.workload = R"({"publish": "E"})";
    const Ran ran = run(scenario);
    CHECK(n(ran) == "3");
    CHECK(ran.times(RecordKind::delivered) == "1ms 11ms 21ms");
}

TEST_CASE("a copy that comes in between waits for the end") {
    const std::string both = R"js({"call": "B.Do", "idempotencyKey": "'k'", "as": "a"},
        {"at": "5ms", "call": "B.Do", "idempotencyKey": "'k'", "as": "b"})js";
    const Ran ran = run(counting(inbox, R"(, {"wait": "20ms"}, {"reply": 5})", both));
    CHECK(ran.reply("b") == "succeeded 5");
    CHECK(ran.times(RecordKind::replied) == "22ms 22ms");
    CHECK(n(ran) == "1");
    // And where there is no end to speak of, it is handled after all.
    const Ran failed = run(
        counting(inbox, R"(, {"wait": "20ms"}, {"if": "store.t.n.n < 2", "fail": "Busy"})", both));
    CHECK(failed.reply("a") == "unknown Busy");
    CHECK(failed.reply("b") == "succeeded");
    CHECK(n(failed) == "2");
}

TEST_CASE("copies that wait for a worker are handled once") {
    const std::string both = R"js({"call": "B.Do", "idempotencyKey": "'l'", "as": "a"},
        {"call": "B.Do", "idempotencyKey": "'k'", "as": "b"},
        {"call": "B.Do", "idempotencyKey": "'k'", "as": "c"},
        {"call": "B.Do", "idempotencyKey": "'m'", "as": "d"})js";
    const Ran ran = run(counting(inbox + R"("workers": 1, "takes": "5ms", )",
                                 R"(, {"reply": "${store.t.n.n}"})", both));
    CHECK(ran.reply("a") == "succeeded 1");
    CHECK(ran.reply("b") == "succeeded 2");
    CHECK(ran.reply("c") == "succeeded 2");
    CHECK(ran.reply("d") == "succeeded 3");
}

TEST_CASE("after its window a message is not known any more") {
    const std::string window = R"("inbox": {"window": "15ms"}, )";
    CHECK(n(run(counting(window, "", keyed))) == "2");
    const std::string longer = R"("inbox": {"window": "1h"}, )";
    CHECK(n(run(counting(longer, "", keyed))) == "1");
}

TEST_CASE("a key is of one operation") {
    Scenario scenario;
    scenario.services =
        R"js("B": {"inbox": true, "api": {"Do": [{"reply": 1}], "Other": [{"reply": 2}]}})js";
    scenario.workload = R"js({"call": "B.Do", "idempotencyKey": "'k'", "as": "a"},
        {"call": "B.Other", "idempotencyKey": "'k'", "as": "b"})js";
    const Ran ran = run(scenario);
    CHECK(ran.reply("a") == "succeeded 1");
    CHECK(ran.reply("b") == "succeeded 2");
}

TEST_CASE("only the key links the attempts of a call") {
    const auto attempts = [](const char* key) {
        Scenario scenario = counting(inbox, R"(, {"reply": 1})",
                                     std::string(R"({"call": "B.Do", "as": "r", "timeout": "5ms",
            "retry": {"on": ["unknown"], "delay": "1ms"})") +
                                         key + "}");
        scenario.faults = R"({"dropReply": "B.Do", "nth": 1})";
        const Ran ran = run(scenario);
        CHECK(ran.reply("r") == "succeeded 1");
        return n(ran);
    };
    CHECK(attempts("") == "2");
    CHECK(attempts(R"js(, "idempotencyKey": "'k'")js") == "1");
}

TEST_CASE("a crash between effects and record repeats them without an outbox only") {
    const auto struck = [](const std::string& options, const std::string& point) {
        Scenario scenario = counting(options, "", R"({"publish": "E"})");
        scenario.faults = R"({"crash": "B", "during": "E", "point": ")" + point + R"("})";
        return n(run(scenario));
    };
    CHECK(struck(inbox, "after upsert t") == "2");
    CHECK(struck(inbox, "before commit") == "2");
    CHECK(struck(inbox, "after commit") == "1");
    CHECK(struck(inbox, "before acknowledge") == "1");
    for (const char* point : {"after upsert t", "before commit", "after commit", "after send",
                              "after mark", "before acknowledge"}) {
        CHECK(struck(inbox + outbox, point) == "1");
    }
}

TEST_CASE("a copy that waits for what a crash ends is handled after all") {
    const std::string both = R"js({"call": "B.Do", "idempotencyKey": "'k'", "as": "a"},
        {"at": "5ms", "call": "B.Do", "idempotencyKey": "'k'", "as": "b"})js";
    Scenario scenario = counting(inbox, R"(, {"wait": "20ms"}, {"reply": 5})", both);
    scenario.faults = R"({"crash": "B", "at": "10ms", "restartAfter": "1ms"})";
    const Ran ran = run(scenario);
    CHECK(ran.reply("a") == "unknown Crashed");
    CHECK(ran.reply("b") == "unknown Crashed");
    CHECK(n(ran) == "1");
}

TEST_CASE("a rejection that a fault injects after the effects is what the inbox remembers") {
    Scenario scenario = counting(inbox, R"(, {"reply": 5})", keyed);
    scenario.faults = R"({"reject": "B.Do", "when": "after", "with": "Late", "times": 1})";
    const Ran ran = run(scenario);
    CHECK(ran.reply("a") == "rejected Late");
    CHECK(ran.reply("b") == "rejected Late");
    CHECK(n(ran) == "1");
}

TEST_CASE("a duplicate wakes nobody who awaits the event") {
    const auto woken = [](const std::string& options) {
        Scenario scenario;
        scenario.services =
            R"js("S": {)js" + options + R"js("sagas": {"G": {"id": "msg.id", "steps": [
  {"await": "E", "timeout": "1s", "as": "one"}, {"await": "E", "timeout": "1s", "as": "two"}]}}})js";
        scenario.workload = R"({"call": "S.G", "data": {"id": "k"}, "as": "r", "timeout": "1h"},
                               {"at": "10ms", "publish": "E"})";
        scenario.faults = R"({"duplicate": "E"})";
        return run(scenario).reply("r");
    };
    CHECK(woken("") == "succeeded");
    CHECK(woken(inbox) == "rejected Timeout");
}
