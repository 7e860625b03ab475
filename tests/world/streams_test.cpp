// Streams: which append is accepted, and what a handler that fails or crashes leaves of it.
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

const std::string two_events =
    R"("k": [{"event": "Added", "data": {"n": 1}}, {"event": "Added", "data": {"n": 2}}])";

// Service B with an aggregate A whose state is what its events come to, order included.
Scenario bank(const std::string& behaviour, const std::string& workload,
              const std::string& streams = "") {
    Scenario scenario;
    scenario.services = R"js("B": {"aggregates": {"A": {
  "initial": {"sum": 0}, "apply": {"Added": {"sum": "${state.sum * 3 + event.n}"}},
  "streams": {)js" + streams +
                        "}}}, " + behaviour + "}";
    scenario.workload = workload;
    return scenario;
}

std::string api(const std::string& steps) { return R"("api": {"Put": [)" + steps + "]}"; }
std::string on_event(const std::string& steps) { return R"("on": {"E": [)" + steps + "]}"; }

// Appends 5 to the stream k.
std::string append(const std::string& more = "") {
    return R"({"append": "Added", "to": "A", "key": "'k'", "data": {"n": 5})" + more + "}";
}

std::string expecting(const std::string& expression) {
    return append(R"(, "expectedVersion": "${)" + expression + "}\"");
}

const std::string call = R"({"call": "B.Put", "as": "r"})";

std::int64_t version_of(const Ran& ran) {
    const Value row = ran.row("B.A", "k");
    return row.is_null() ? 0 : row.find("version")->integer();
}

std::string refusal(int expected, int actual) {
    return R"(rejected WrongExpectedVersion {"actual": )" + std::to_string(actual) +
           R"(, "expected": )" + std::to_string(expected) + "}";
}

// One line of the table: the version that is there, what is expected, what comes of it.
struct Rule {
    int version;
    const char* expected;
    bool accepted;
    int named;  // as expected, by a refusal
};

constexpr Rule rules[] = {
    {0, "'none'", true, 0}, {0, "'any'", true, 0}, {0, "0", true, 0},  {0, "1", false, 1},
    {0, "2", false, 2},     {2, "'any'", true, 0}, {2, "2", true, 0},  {2, "'none'", false, 0},
    {2, "0", false, 0},     {2, "1", false, 1},    {2, "3", false, 3},
};

}  // namespace

TEST_CASE("an append is accepted at the version that it expects and at no other") {
    for (const Rule& rule : rules) {
        INFO(rule.expected << " at " << rule.version);
        const Ran ran = run(bank(api(expecting(rule.expected) + R"(, {"reply": 1})"), call,
                                 rule.version == 2 ? two_events : ""));
        const std::string refused = refusal(rule.named, rule.version);
        CHECK(ran.reply("r") == (rule.accepted ? "succeeded 1" : refused));
        CHECK(version_of(ran) == rule.version + (rule.accepted ? 1 : 0));
        CHECK(ran.count(RecordKind::appended) == (rule.accepted ? 1 : 0));
    }
}

// The first attempt appends and fails; the second finds its event there.
TEST_CASE("an append that is there already succeeds whatever it expects and writes nothing") {
    for (const Rule& rule : rules) {
        INFO(rule.expected << " at " << rule.version);
        const std::string expected =
            "meta.attempt == 1 ? dyn('any') : dyn(" + std::string(rule.expected) + ")";
        const Ran ran =
            run(bank(on_event(expecting(expected) +
                              R"(, {"if": "meta.attempt == 1", "fail": "Again"}, {"log": "done"})"),
                     R"({"publish": "E"})", rule.version == 2 ? two_events : ""));
        CHECK(ran.count(RecordKind::logged) == 1);
        CHECK(ran.count(RecordKind::appended) == 1);
        CHECK(version_of(ran) == rule.version + 1);
    }
}

TEST_CASE("what is no version at all is an error and nothing is written") {
    for (const char* expected : {"-1", "'all'", "true", "null", "[1]"}) {
        INFO(expected);
        const Ran ran = run(bank(api(expecting(expected)), call, two_events));
        CHECK(ran.reply("r") == "failed ExpressionError");
        CHECK(version_of(ran) == 2);
    }
}

namespace {

// Two clients, of whom the second does its step while the first one waits.
Ran race(const std::string& read, const std::string& more = "", const std::string& streams = "") {
    return run(bank(R"("api": {"Put": [)" + read + append(more) + R"(, {"reply": 1}],
  "Other": [)" + expecting("'any'") +
                        "]}",
                    call + R"(, {"at": "5ms", "call": "B.Other", "as": "other"})", streams));
}

const std::string waits = R"({"wait": "10ms"}, )";
const std::string reads = R"({"let": {"a": "${store.A['k']}"}}, )";

}  // namespace

TEST_CASE("without a word the version that the handler last read is expected") {
    CHECK(race(reads + waits).reply("r") == refusal(0, 1));
    CHECK(race(reads + waits, "", two_events).reply("r") == refusal(2, 3));
    CHECK(race(waits + reads).reply("r") == "succeeded 1");
    CHECK(race(reads + waits + R"({"let": {"b": "${store.A['k']}"}}, )").reply("r") ==
          "succeeded 1");
}

TEST_CASE("a handler that has read nothing of the stream expects nothing") {
    CHECK(race(waits).reply("r") == "succeeded 1");
    CHECK(race(R"({"let": {"a": "${store.A['other']}"}}, )" + waits).reply("r") == "succeeded 1");
}

TEST_CASE("a field, get and the condition of a step are reads too") {
    CHECK(race(R"({"let": {"a": "${store.A['k'].sum}"}}, )" + waits).reply("r") == refusal(0, 1));
    CHECK(race(R"({"let": {"a": "${get(store.A, 'k', {})}"}}, )" + waits).reply("r") ==
          refusal(0, 1));
    CHECK(race(R"({"if": "store.A['k'].sum > 100", "reject": "Full"}, )" + waits).reply("r") ==
          refusal(0, 1));
}

TEST_CASE("an append moves the version that its handler has read") {
    const Ran own = run(bank(api(reads + append() + ", " + append() + R"(, {"reply": 1})"), call));
    CHECK(own.reply("r") == "succeeded 1");
    CHECK(version_of(own) == 2);
    CHECK(race(reads + append() + ", " + waits).reply("r") == refusal(1, 2));
    CHECK(race(append() + ", " + waits).reply("r") == "succeeded 1");
}

TEST_CASE("a batch is written whole or not at all") {
    const std::string batch = R"({"append": [{"event": "Added", "data": {"n": 1}},
        {"event": "Added", "copy": ["n"]}], "to": "A", "key": "'k'"}, {"reply": 1})";
    const Ran good = run(bank(api(batch), R"({"call": "B.Put", "as": "r", "data": {"n": 2}})"));
    CHECK(good.reply("r") == "succeeded 1");
    CHECK(good.row("B.A", "k").json() == R"({"sum": 5, "version": 2})");
    const Ran bad = run(bank(api(batch), R"({"call": "B.Put", "as": "r", "data": {"n": "two"}})"));
    CHECK(bad.reply("r") == "failed ExpressionError");
    CHECK(bad.rows("B.A") == 0);
    CHECK(bad.count(RecordKind::appended) == 0);
}

TEST_CASE("each event of a batch and of a loop has an identity of its own") {
    const std::string steps = R"({"for": "n", "in": "[1, 2, 3]", "do": [
        {"append": "Added", "to": "A", "key": "'k'", "data": {"n": "${n}"}},
        {"append": [{"event": "Added", "data": {"n": 7}}, {"event": "Added", "data": {"n": 7}}],
         "to": "A", "key": "'k'"}]},
        {"if": "meta.attempt < 3", "fail": "Again"})";
    const Ran ran = run(bank(on_event(steps), R"({"publish": "E"}, {"publish": "E"})"));
    CHECK(version_of(ran) == 18);
}

TEST_CASE("an error can be handled and names both versions") {
    const std::string steps = append(R"(, "expectedVersion": 4, "onError": {
        "WrongExpectedVersion": [{"reply": "${error.body}"}]})");
    const Ran ran = run(bank(api(steps), call, two_events));
    CHECK(ran.reply("r") == R"(succeeded {"actual": 2, "expected": 4})");
}

TEST_CASE("events reach those who subscribe once for each that was written") {
    Scenario scenario =
        bank(on_event(append() + R"(, {"if": "meta.attempt == 1", "fail": "Again"})"),
             R"({"publish": "E"}, {"at": "5ms", "publish": "E"})");
    scenario.services += R"js(, "C": {"store": {"got": {}}, "on": {"Added": [
        {"insert": "got", "key": "meta.id", "copy": ["n"]}]}})js";
    const Ran ran = run(scenario);
    CHECK(version_of(ran) == 2);
    CHECK(ran.rows("C.got") == 2);
    CHECK(ran.count(RecordKind::unheard) == 0);
}

TEST_CASE("under an outbox a handler that fails has appended nothing") {
    Scenario scenario = bank(R"("outbox": true, )" + on_event(append() + "," + append() + R"(,
        {"if": "meta.attempt == 1", "fail": "Again"})"),
                             R"({"publish": "E"})", two_events);
    scenario.services += R"js(, "C": {"on": {"Added": [{"log": "${msg.n}"}]}})js";
    const Ran ran = run(scenario);
    CHECK(version_of(ran) == 4);
    CHECK(ran.row("B.A", "k").json() == R"({"sum": 65, "version": 4})");
    CHECK(ran.count(RecordKind::logged) == 2);
    CHECK(ran.times(RecordKind::logged) == "12ms 12ms");
}

TEST_CASE("what was appended before a crash is published after it and not appended again") {
    for (const char* point : {"after append Added", "before acknowledge"}) {
        INFO(point);
        Scenario scenario = bank(on_event(append()), R"({"publish": "E"})");
        scenario.services += R"js(, "C": {"on": {"Added": [{"log": "${msg.n}"}]}})js";
        scenario.faults = R"({"crash": "B", "point": ")" + std::string(point) + "\"}";
        const Ran ran = run(scenario);
        CHECK(version_of(ran) == 1);
        CHECK(ran.count(RecordKind::appended) == 1);
        CHECK(ran.count(RecordKind::logged) >= 1);
    }
}

TEST_CASE("a saga that goes on after a crash finds what its step has appended") {
    const std::string step = R"({"step": "add", "do": [)" + append() + ", " + append() + "]}";
    for (const char* point : {"after append Added", "after append Added#2"}) {
        INFO(point);
        Scenario scenario = bank(R"("sagas": {"G": {"id": "'g'", "steps": [)" + step +
                                     R"(, {"wait": "1ms"}, )" + append() + "]}}",
                                 R"({"call": "B.G", "as": "r"})");
        scenario.faults = R"({"crash": "B", "point": ")" + std::string(point) + "\"}";
        const Ran ran = run(scenario);
        CHECK(ran.reply("r") == "succeeded");
        CHECK(version_of(ran) == 3);
    }
}

// Nobody may lose what was committed while a handler was held with something uncommitted.
TEST_CASE("a handler that is held before its commit does not undo what others append") {
    Scenario scenario = bank(R"("outbox": true, )" + on_event(append()),
                             R"({"publish": "E"}, {"at": "10ms", "publish": "E"})", two_events);
    scenario.faults = R"({"stall": "B", "point": "after append Added", "for": "50ms", "times": 1})";
    const Ran ran = run(scenario);
    CHECK(version_of(ran) == 4);
    CHECK(ran.row("B.A", "k").json() == R"({"sum": 65, "version": 4})");
}
