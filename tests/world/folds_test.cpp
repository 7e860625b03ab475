// Folds: the state of a stream against a plain list of its events, with snapshots, upcasts and
// restarts in between.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "support/draws.h"
#include "support/worlds.h"
#include "world/seeds.h"
#include "world/world.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;
using world::World;

namespace {

// Two kinds of events, so that their order shows in what they come to.
struct Event {
    bool doubled = false;
    std::int64_t n = 0;
};

struct Model {
    std::vector<Event> events;

    [[nodiscard]] Value row() const {
        std::int64_t sum = 0;
        for (const Event& event : events) {
            sum = event.doubled ? (sum * 2 + event.n) % 1009 : sum + event.n;
        }
        return Value::map({{"sum", sum}, {"version", std::int64_t(events.size())}});
    }
};

// One call of a client: what it appends where, and what it expects.
struct Step {
    std::string key;
    std::vector<Event> events;
    std::string expected;  // JSON; "read" and "" stand for no expectation, after a read or none
};

std::vector<Step> random_steps(Source& source, std::size_t count) {
    std::vector<Step> steps;
    for (std::size_t i = 0; i < count; ++i) {
        Step step;
        step.key = "k" + std::to_string(source.below(3));
        const std::uint64_t events = 1 + source.below(3);
        for (std::uint64_t e = 0; e < events; ++e) {
            step.events.push_back({source.below(2) == 0, std::int64_t(source.below(9))});
        }
        switch (source.below(5)) {
            case 0: step.expected = "\"any\""; break;
            case 1: step.expected = "\"none\""; break;
            case 2: step.expected = std::to_string(source.below(12)); break;
            case 3: step.expected = "read"; break;
            default: break;
        }
        steps.push_back(step);
    }
    return steps;
}

// What the model says of a step: it is accepted, or at which versions it is refused.
std::string accept(std::map<std::string, Model>& model, const Step& step) {
    std::vector<Event>& events = model[step.key].events;
    const auto version = std::to_string(events.size());
    const std::string expected = step.expected == "\"none\"" ? "0" : step.expected;
    const bool any = expected == "\"any\"" || expected == "read" || expected.empty();
    if (!any && expected != version) {
        return R"(rejected WrongExpectedVersion {"actual": )" + version + R"(, "expected": )" +
               expected + "}";
    }
    events.insert(events.end(), step.events.begin(), step.events.end());
    return "succeeded " + std::to_string(events.size());
}

// One operation for each step, called 10ms after the one before; crashes fall in between.
Scenario scenario_of(const std::vector<Step>& steps, std::uint64_t every, Source& source) {
    Scenario scenario;
    scenario.services = R"js("B": {"aggregates": {"A": {"initial": {"sum": 0}, "apply": {
  "Added": {"sum": "${state.sum + event.n}"},
  "Doubled": {"sum": "${(state.sum * 2 + event.n) % 1009}"}}, "snapshot": {"every": )js" +
                        std::to_string(every) + "}}}, \"api\": {";
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const Step& step = steps[i];
        const std::string name = "Do" + std::to_string(i);
        scenario.services += (i > 0 ? ",\n\"" : "\n\"") + name + "\": [";
        if (step.expected == "read") {
            scenario.services += R"({"let": {"a": "${store.A[')" + step.key + "']}\"}}, ";
        }
        scenario.services += R"({"append": [)";
        for (std::size_t e = 0; e < step.events.size(); ++e) {
            scenario.services += std::string(e > 0 ? ", " : "") + R"({"event": ")" +
                                 (step.events[e].doubled ? "Doubled" : "Added") +
                                 R"(", "data": {"n": )" + std::to_string(step.events[e].n) + "}}";
        }
        scenario.services += R"(], "to": "A", "key": "')" + step.key + "'\"";
        if (!step.expected.empty() && step.expected != "read") {
            scenario.services += R"(, "expectedVersion": )" + step.expected;
        }
        scenario.services += R"(}, {"reply": "${store.A[')" + step.key + "'].version}\"}]";
        const std::string at = std::to_string(10 * i) + "ms";
        scenario.workload += (i > 0 ? ",\n" : "") + std::string(R"({"at": ")") + at +
                             R"(", "call": "B.)" + name + R"(", "as": ")" + name + "\"}";
        if (source.below(4) != 0) continue;
        scenario.faults += (scenario.faults.empty() ? "" : ",\n") +
                           std::string(R"({"crash": "B", "at": ")") + std::to_string(10 * i + 5) +
                           R"(ms", "restartAfter": "2ms"})";
    }
    scenario.services += "}}";
    return scenario;
}

world::Interest everything() {
    world::Interest interest;
    interest.everything = true;
    return interest;
}

const program::Aggregate& aggregate_of(const program::Program& program) {
    return program.aggregates.at(0);
}

const world::Service& owner_of(const program::Program& program, const World& world) {
    return *world.services[program[aggregate_of(program).table].service.value];
}

// The rows as they are, and as a restart would make them.
void check_refold(const program::Program& program, const World& world) {
    const world::Service& service = owner_of(program, world);
    world::Service again = service;
    refold(program, again);
    const std::uint32_t local = program[aggregate_of(program).table].local;
    REQUIRE(again.tables[local].fingerprint() == service.tables[local].fingerprint());
}

// Takes every choice in canonical order and looks after each; returns the world at its end.
World walk(const program::Program& program) {
    World world = world::initial_world(program);
    check_refold(program, world);
    for (std::vector<world::Choice> choices; !(choices = enabled(world)).empty();) {
        apply(program, everything(), world, choices.front(), nullptr);
        check_refold(program, world);
    }
    return world;
}

// How many events a restart has to apply.
std::size_t replayed(const program::Program& program, const World& world, const char* key) {
    const program::Aggregate& aggregate = aggregate_of(program);
    const world::Streams& streams = owner_of(program, world).streams[aggregate.local];
    const world::Stream* stream = streams.find(Value(key));
    REQUIRE(stream != nullptr);
    std::size_t count = 0;
    const Value row = fold_stream(program, aggregate, Value(key), *stream, &count);
    REQUIRE_FALSE(row.is_error());
    return count;
}

}  // namespace

TEST_CASE("random appends, snapshots and restarts come to what a plain list comes to") {
    std::size_t refused = 0;
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        INFO("seed " << seed);
        Source source(seed);
        const std::vector<Step> steps = random_steps(source, 25);
        const Ran ran = run(scenario_of(steps, 1 + seed % 5, source));
        std::map<std::string, Model> model;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            const std::string expected = accept(model, steps[i]);
            refused += expected[0] == 'r' ? 1 : 0;
            INFO("step " << i);
            REQUIRE(ran.reply("Do" + std::to_string(i)) == expected);
        }
        for (const auto& [key, expected] : model) {
            if (expected.events.empty()) continue;
            CHECK(ran.row("B.A", key) == expected.row());
        }
    }
    CHECK(refused > 50);
}

TEST_CASE("a restart finds the state that was there at every moment") {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        INFO("seed " << seed);
        Source source(seed);
        const std::uint64_t every = 1 + seed % 4;
        const ProgramPtr program = load(scenario_of(random_steps(source, 25), every, source));
        const World world = walk(*program);
        // A batch of three may end two behind a snapshot's due version, never further.
        for (const char* key : {"k0", "k1", "k2"}) CHECK(replayed(*program, world, key) < every);
    }
}

namespace {

// An aggregate of revision 4 whose history was written by all four.
Scenario history(const std::string& streams, const std::string& more = "") {
    Scenario scenario;
    scenario.services = R"js("B": {"aggregates": {"A": {"initial": {"sum": 0, "read": []},
  "apply": {"Added": {"sum": "${state.sum * 3 + event.n}", "fields": "${size(event)}",
                      "read": "${state.read + [meta.revision]}"},
            "Closed": {"closed": "${meta.type + ' ' + meta.stream + ' ' + string(meta.version)}"}},
  "upcast": [
    {"event": "Added", "from": 3, "to": 4, "remove": ["legacy", "none"]},
    {"event": "Added", "from": 1, "to": 2, "rename": {"sum": "n"}},
    {"event": "Added", "from": 2, "to": 3, "set": {"n": "${event.n * 10}", "by": "us"}}],
  "streams": {)js" + streams +
                        "}" + more + R"js(}},
"api": {"Put": [{"append": "Added", "to": "A", "key": "msg.key", "data": {"n": 1, "by": "x"}}]}})js";
    return scenario;
}

std::string added(int revision, const std::string& data) {
    return R"({"event": "Added", "revision": )" + std::to_string(revision) + R"(, "data": )" +
           data + "}";
}

}  // namespace

TEST_CASE("events of every older revision are read as the newest one") {
    Scenario scenario = history(
        "\"k\": [" + added(1, R"({"sum": 1, "legacy": true})") + ", " + added(2, R"({"n": 2})") +
        ", " + added(3, R"({"n": 3, "legacy": 0, "by": "y"})") + ", " +
        added(4, R"({"n": 4, "by": "z"})") + R"(, {"event": "Added", "data": {"n": 5, "by": ""}},
        {"event": "Closed"}])");
    scenario.workload = R"({"call": "B.Put", "data": {"key": "k"}}, {"call": "B.Put",
        "data": {"key": "new"}})";
    scenario.faults = R"({"crash": "B", "at": "5ms"})";
    const ProgramPtr program = load(scenario);
    const World start = world::initial_world(*program);
    const world::Rows& rows = owner_of(*program, start).tables[0];
    // ((((10 * 3 + 20) * 3 + 3) * 3) + 4) * 3 + 5
    CHECK(rows.find(Value("k"))->json() ==
          R"({"closed": "Closed k 6", "fields": 2, "read": [4, 4, 4, 4, 4], "sum": 1394, )"
          R"("version": 6})");
    const Ran ran = run(program);
    CHECK(ran.row("B.A", "k").find("sum")->json() == "4183");
    CHECK(ran.row("B.A", "new").json() == R"({"fields": 2, "read": [4], "sum": 1, "version": 1})");
}

TEST_CASE("a snapshot of the aggregate's revision stands for what is before it") {
    const std::string stream = "\"k\": [" + added(4, R"({"n": 1})") + ", " +
                               added(4, R"({"n": 2})") + ", " + added(4, R"({"n": 3})") + "]";
    const auto sum = [&](const std::string& more) {
        const ProgramPtr program = load(history(stream, more));
        const World world = world::initial_world(*program);
        const std::size_t count = replayed(*program, world, "k");
        return owner_of(*program, world).tables[0].find(Value("k"))->find("sum")->json() + " of " +
               std::to_string(count);
    };
    const auto snapshot = [](int revision, int version) {
        return R"(, "snapshots": {"k": {"version": )" + std::to_string(version) +
               R"(, "revision": )" + std::to_string(revision) +
               R"(, "state": {"sum": 1000, "read": []}}})";
    };
    const std::string revised = R"(, "snapshot": {"every": 10, "revision": 2})";
    CHECK(sum("") == "18 of 3");
    CHECK(sum(snapshot(1, 2)) == "3003 of 1");
    CHECK(sum(snapshot(2, 2)) == "18 of 3");
    CHECK(sum(revised + snapshot(1, 2)) == "18 of 3");
    CHECK(sum(revised + snapshot(2, 2)) == "3003 of 1");
    CHECK(sum(revised + snapshot(2, 3)) == "1000 of 0");
    CHECK(sum(revised + snapshot(3, 3)) == "18 of 3");
}

TEST_CASE("expressions see the initial state of a stream that is not there") {
    Scenario scenario = history("");
    scenario.services.insert(scenario.services.find("\"Put\""), R"js("Look": [{"reply": {
  "row": "${store.A['k']}", "sum": "${store.A['k'].sum}", "there": "${'k' in store.A}",
  "got": "${get(store.A, 'k', 'none')}", "size": "${size(store.A)}"}}], )js");
    scenario.workload = R"({"call": "B.Look", "as": "before"},
        {"at": "5ms", "call": "B.Put", "data": {"key": "k"}},
        {"at": "10ms", "call": "B.Look", "as": "after"})";
    scenario.expect = R"js("finally": {"rows": "B.A['none'].version == 0 && B.A['k'].version == 1",
        "keys": "'k' in B.A && !('none' in B.A) && B.A.all(k, a, a.version == 1)"})js";
    const Ran ran = run(scenario);
    CHECK(ran.reply("before") == R"(succeeded {"got": "none", )"
                                 R"("row": {"read": [], "sum": 0, "version": 0}, "size": 0, )"
                                 R"("sum": 0, "there": false})");
    CHECK(ran.reply("after").find(R"("size": 1, "sum": 1, "there": true)") != std::string::npos);
    CHECK(ran.result.passed);
}
