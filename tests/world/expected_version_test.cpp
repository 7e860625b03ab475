// Which append is accepted: every line of the rule's table against the rule written a second time;
// and that what is appended again, in whatever order, has the same name.
#include <optional>

#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

// What a handler expects of the stream when it appends.
struct Expectation {
    const char* text;  // an expression; empty: it does not say
    bool reads = false;
    std::optional<int> version;  // that the text stands for; none: any
};

const Expectation expectations[] = {
    {"'any'", false, {}}, {"'none'", false, 0}, {"0", false, 0}, {"1", false, 1},
    {"2", false, 2},      {"3", false, 3},      {"4", false, 4}, {"'any'", true, {}},
    {"2", true, 2},       {"", true, {}},       {"", false, {}},
};

struct Line {
    int seeded = 0;
    int others = 0;      // that another handler appends between reading and appending
    bool there = false;  // the first attempt has appended it and failed then
    Expectation expects;
};

Scenario scenario_of(const Line& line) {
    const std::string reads = line.expects.reads ? R"({"let": {"a": "${store.A['k']}"}},)" : "";
    const std::string text = line.expects.text;
    const std::string expected =
        text.empty()
            ? ""
            : R"("expectedVersion": "${meta.attempt == 1 ? dyn('any') : dyn()" + text + R"()}",)";
    std::string seeds;
    for (int i = 0; i < line.seeded; ++i)
        seeds += (i > 0 ? ", " : "") + std::string(R"({"event": "Added"})");
    Scenario scenario;
    scenario.services = R"js("B": {"aggregates": {"A": {"apply": {"Added": {}},
  "streams": {)js" + (seeds.empty() ? "" : "\"k\": [" + seeds + "]") +
                        R"js(}}},
"on": {
  "E": [)js" + (line.there ? "" : R"({"if": "meta.attempt == 1", "fail": "Again"},)") +
                        reads + R"js(
    {"if": "meta.attempt == 2", "then": [{"wait": "10ms"}]},
    {"append": "Added", "to": "A", "key": "'k'", )js" +
                        expected + R"js("onError": {
      "WrongExpectedVersion": [{"log": "${error.body}"}, {"stop": "refused"}]}},
    {"if": "meta.attempt == 1", "fail": "Again"}, {"log": "accepted"}],
  "Other": [{"append": "Added", "to": "A", "key": "'k'", "expectedVersion": "any"}]}})js";
    scenario.workload = R"({"publish": "E"})";
    if (line.others > 0) scenario.workload += R"(, {"at": "15ms", "publish": "Other"})";
    return scenario;
}

// The rule: what the handler says in the end, and the version that the stream has then.
std::string ruled(const Line& line) {
    const int read = line.seeded + (line.there ? 1 : 0);
    const int actual = read + line.others;
    if (line.there) return "accepted at " + std::to_string(actual);
    std::optional<int> expected = line.expects.version;
    const bool says = std::string(line.expects.text) != "";
    if (!says && line.expects.reads) expected = read;
    if (!expected || *expected == actual) return "accepted at " + std::to_string(actual + 1);
    return R"({"actual": )" + std::to_string(actual) + R"(, "expected": )" +
           std::to_string(*expected) + "} at " + std::to_string(actual);
}

std::string found(const Ran& ran) {
    const Value row = ran.row("B.A", "k");
    std::string out;
    for (const trace::Record& record : ran.of(RecordKind::logged)) {
        out += record.value.is(Value::Kind::string) ? std::string(record.value.text())
                                                    : record.value.json();
    }
    return out + " at " + (row.is_null() ? "0" : row.find("version")->json());
}

}  // namespace

TEST_CASE("an append is accepted where the whole table says so") {
    std::size_t refused = 0;
    for (int seeded : {0, 2}) {
        for (int others : {0, 1}) {
            for (bool there : {false, true}) {
                for (const Expectation& expects : expectations) {
                    const Line line{seeded, others, there, expects};
                    INFO(seeded << " seeded, " << others << " by others, there: " << there
                                << ", expects " << expects.text << ", reads " << expects.reads);
                    CHECK(found(run(scenario_of(line))) == ruled(line));
                    refused += ruled(line)[0] == '{' ? 1 : 0;
                }
            }
        }
    }
    CHECK(refused > 15);
}

// Branches may come to their appends in another order the next time.
TEST_CASE("branches that append in another order append nothing twice") {
    Scenario scenario;
    scenario.services = R"js("B": {"aggregates": {"A": {"apply": {"Left": {}, "Right": {}}}},
  "on": {"Go": [{"parallel": {
      "left": [{"call": "T.Do", "timeout": "50ms"}, {"append": "Left", "to": "A", "key": "'k'"}],
      "right": [{"wait": "10ms"}, {"append": "Right", "to": "A", "key": "'k'"}]}},
    {"if": "meta.attempt == 1", "fail": "Again"}]}},
"T": {"api": {"Do": []}})js";
    scenario.workload = R"({"publish": "Go"})";
    scenario.faults = R"({"delay": "T.Do", "by": "20ms", "times": 1})";
    const Ran ran = run(scenario);
    CHECK(ran.count(RecordKind::appended) == 2);
    CHECK(ran.row("B.A", "k").find("version")->json() == "2");
}

// What is not appended the next time does not change the names of what is.
TEST_CASE("a loop that takes another way appends nothing twice") {
    Scenario scenario;
    scenario.services = R"js("B": {"aggregates": {"A": {"apply": {"Odd": {}, "Even": {}}}},
  "on": {"Go": [{"if": "meta.attempt == 1", "then": [{"append": "Odd", "to": "A", "key": "'k'"}]},
    {"for": "n", "in": "[1, 2]", "do": [{"append": "Even", "to": "A", "key": "'k'"}]},
    {"if": "meta.attempt == 1", "fail": "Again"}]}})js";
    scenario.workload = R"({"publish": "Go"})";
    CHECK(run(scenario).row("B.A", "k").find("version")->json() == "3");
}
