// Points: each is passed in its place, and a crash at it strikes there and nowhere else.
#include <algorithm>

#include "support/strikes.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

using Names = std::vector<std::string>;

// A.E writes, publishes, calls, writes again.
Scenario handler(const std::string& options) {
    Scenario scenario;
    scenario.services = R"js("A": {)js" + options + R"js("store": {"t": {}}, "on": {"E": [
  {"insert": "t", "key": "'a'", "row": {}, "onError": []},
  {"publish": "F", "data": {}},
  {"call": "B.Do", "data": {}},
  {"upsert": "t", "key": "'a'", "set": {"n": 1}},
  {"upsert": "t", "key": "'b'", "set": {"n": 1}}]}},
"B": {"store": {"u": {}}, "on": {"F": [{"upsert": "u", "key": "'f'", "set": {}}]},
  "api": {"Do": [{"upsert": "u", "key": "'do'", "set": {}}, {"reply": 1}]}})js";
    scenario.workload = R"({"publish": "E"})";
    return scenario;
}

Names of_handler(std::initializer_list<const char*> points, const std::string& name = "E") {
    Names names;
    for (const char* point : points) names.push_back(name + ": " + point);
    return names;
}

}  // namespace

TEST_CASE("a handler passes its points in order") {
    CHECK(passes(handler(""), "A") ==
          of_handler({"before receive", "after dedup", "after insert t", "after publish F",
                      "after call B.Do", "after upsert t", "after upsert t#2", "before commit",
                      "after commit", "after send", "after mark", "before acknowledge"}));
}

TEST_CASE("with an outbox it passes those of the commit before it waits as well") {
    CHECK(passes(handler(R"("outbox": true, "inbox": true, )"), "A") ==
          of_handler({"before receive", "after dedup", "after insert t", "after publish F",
                      "before commit", "after commit", "after send", "after mark",
                      "after call B.Do", "after upsert t", "after upsert t#2", "before commit",
                      "after commit", "after send", "after mark", "before acknowledge"}));
}

TEST_CASE("who looks at points changes nothing") {
    const ProgramPtr program = load(handler(R"("outbox": true, )"));
    drivers::RunOptions options;
    Records seen;
    options.sink = &seen;
    options.points = true;
    drivers::run(*program, options);
    std::erase_if(seen.all,
                  [](const trace::Record& each) { return each.kind == RecordKind::passed; });
    CHECK(difference(lines(*program, run(program).records), lines(*program, seen.all)).empty());
}

namespace {

Scenario saga(const std::string& faults, const std::string& options = "") {
    Scenario scenario;
    scenario.services = R"js("S": {)js" + options + R"js("sagas": {"G": {"id": "msg.id", "steps": [
  {"call": "T.One", "data": {}, "retry": "stubborn", "compensate": {"call": "T.UndoOne", "data": {}}},
  {"call": "T.Two", "data": {}, "retry": "stubborn", "compensate": {"call": "T.UndoTwo", "data": {}}},
  {"call": "T.Three", "data": {}, "retry": "stubborn"}]}}},
"T": {"inbox": true, "outbox": true, "store": {"t": {}}, "api": {
  "One": [{"upsert": "t", "key": "'one'", "set": {"n": "${get(row, 'n', 0) + 1}"}}],
  "Two": [{"upsert": "t", "key": "'two'", "set": {"n": "${get(row, 'n', 0) + 1}"}}],
  "Three": [{"upsert": "t", "key": "'three'", "set": {"n": "${get(row, 'n', 0) + 1}"}}],
  "UndoOne": [{"upsert": "t", "key": "'one'", "set": {"n": "${row.n - 1}"}}],
  "UndoTwo": [{"upsert": "t", "key": "'two'", "set": {"n": "${row.n - 1}"}}]}})js";
    scenario.workload =
        R"({"call": "S.G", "data": {"id": "k"}, "as": "r", "timeout": "1h", "retry": "stubborn"})";
    scenario.more = R"("policies": {"retry": {"stubborn": {"maxAttempts": "forever",
        "on": ["unknown", "failed"], "delay": "5ms"}}}, )";
    scenario.faults = faults;
    return scenario;
}

const std::string three_rejected = R"({"reject": "T.Three"})";

}  // namespace

TEST_CASE("a saga passes each record of its log, undos included") {
    CHECK(passes(saga(three_rejected), "S") ==
          of_handler(
              {"before receive", "after dedup", "after started T.One", "after call T.One",
               "after succeeded T.One", "after started T.Two", "after call T.Two",
               "after succeeded T.Two", "after started T.Three", "after rejected T.Three",
               "after undo started T.Two", "after call T.UndoTwo", "after undo finished T.Two",
               "after undo started T.One", "after call T.UndoOne", "after undo finished T.One"},
              "G"));
}

TEST_CASE("an error that a step handles is a record that is passed before its onError") {
    Scenario scenario = saga(three_rejected);
    const std::string plain = R"({"call": "T.Three", "data": {}, "retry": "stubborn"})";
    scenario.services.replace(
        scenario.services.find(plain), plain.size(),
        R"({"call": "T.Three", "data": {}, "onError": [{"call": "T.Log", "data": {}}]})");
    scenario.services.replace(scenario.services.find(R"("api": {)"), 8,
                              R"("api": {"Log": [{"upsert": "t", "key": "'log'",
                                 "set": {"n": "${get(row, 'n', 0) + 1}"}}], )");
    Names found = passes(scenario, "S");
    found.erase(found.begin(), found.begin() + 8);
    CHECK(found ==
          of_handler({"after started T.Three", "after rejected T.Three", "after call T.Log"}, "G"));
    // What is in the log is never worked out again.
    for (const char* point : {"after rejected T.Three", "after call T.Log"}) {
        Scenario struck = scenario;
        struck.faults =
            std::string(R"({"reject": "T.Three", "nth": 1}, {"crash": "S", "point": ")") + point +
            R"("})";
        const Ran ran = run(struck);
        INFO(ran.story());
        CHECK(ran.reply("r").substr(0, 9) == "succeeded");
        CHECK(ran.row("T.t", "three").is_null());
        CHECK(ran.row("T.t", "log").json() == R"({"n": 1})");
    }
}

TEST_CASE("an undo that fails is a record, and so is an outcome that is unknown") {
    Scenario scenario = saga(R"({"dropReply": "T.Three"}, {"fail": "T.UndoTwo", "times": 1})");
    const std::string retry = R"({"call": "T.Three", "data": {}, "retry": "stubborn"})";
    scenario.services.replace(scenario.services.find(retry), retry.size(),
                              R"({"call": "T.Three", "data": {}})");
    const Names found = passes(scenario, "S");
    const auto has = [&](const char* name) {
        return std::count(found.begin(), found.end(), std::string("G: ") + name);
    };
    CHECK(has("after unknown T.Three") == 1);
    CHECK(has("after undo failed T.Two") == 1);
    CHECK(has("after undo started T.Two") == 2);
    CHECK(has("after undo finished T.Two") == 1);
}

namespace {

// Every service crashes at each point that the scenario passes: once, and it keeps still until it
// is back.
void check_every_crash(const Scenario& scenario, const std::string& expected_stores = "",
                       std::string_view service = {}) {
    const std::vector<std::string> faults =
        strikes(scenario, "crash", R"(, "restartAfter": "3ms")", service);
    REQUIRE_FALSE(faults.empty());
    for (const std::string& fault : faults) {
        INFO(fault);
        Scenario struck = scenario;
        struck.faults += (struck.faults.empty() ? "" : ", ") + fault;
        const Ran ran = run(struck);
        INFO(ran.story());
        CHECK(ran.result.passed);  // a fault that did not fire fails
        CHECK(ran.result.ending == drivers::Ending::quiescent);
        CHECK(ran.count(RecordKind::crashed) == 1);
        CHECK(ran.count(RecordKind::restarted) == 1);
        CHECK(done_while_down(ran).empty());
        if (!expected_stores.empty()) CHECK(stores(ran) == expected_stores);
    }
}

}  // namespace

TEST_CASE("a crash strikes at each point of the handler of an event") {
    check_every_crash(handler(""));
    check_every_crash(handler(R"("outbox": true, )"));
    check_every_crash(handler(R"("outbox": true, "inbox": true, )"));
}

TEST_CASE("a crash strikes at each point of an operation") {
    for (const char* options : {"", R"("outbox": true, )", R"("inbox": true, )"}) {
        Scenario scenario;
        scenario.services =
            std::string(R"js("B": {)js") + options + R"js("store": {"u": {}}, "api": {
  "Do": [{"upsert": "u", "key": "'do'", "set": {}}, {"wait": "1ms"}, {"publish": "F"},
         {"reply": 1}]}, "on": {"F": [{"delete": "u", "key": "'do'"}]}})js";
        scenario.workload = R"({"call": "B.Do", "as": "r", "retry": {"on": ["unknown", "failed"],
                                "delay": "5ms"}})";
        check_every_crash(scenario);
    }
}

TEST_CASE("a crash strikes at each record of a saga and leaves it the same end") {
    check_every_crash(saga(""), stores(run(saga(""))));
    const std::string undone = stores(run(saga(three_rejected)));
    CHECK(undone.find("G k \"compensated\"") != std::string::npos);
    check_every_crash(saga(three_rejected), undone);
    Scenario parallel = saga(three_rejected);
    parallel.services.replace(parallel.services.find(R"("steps")"), 7,
                              R"("compensation": {"order": "parallel"}, "steps")");
    check_every_crash(parallel, undone);
}

TEST_CASE("a crash strikes at each point of a saga whose undo fails for ever") {
    Scenario scenario = saga(R"({"reject": "T.Three"}, {"fail": "T.UndoTwo"})");
    scenario.workload = R"({"call": "S.G", "data": {"id": "k"}, "as": "r", "timeout": "1h",
                            "retry": {"on": ["failed"], "delay": "5ms"}})";
    for (const char* on_failure : {"retry-then-park", "stop", "continue"}) {
        Scenario each = scenario;
        each.services.replace(each.services.find(R"("steps")"), 7,
                              std::string(R"("compensation": {"onFailure": ")") + on_failure +
                                  R"(", "retry": {"maxAttempts": 2, "delay": "1ms"}}, "steps")");
        const std::string expected = stores(run(each));
        CHECK(expected.find("G k \"parked\"") != std::string::npos);
        check_every_crash(each, expected, "S");
    }
}

TEST_CASE("a crash strikes at each point of a route") {
    Scenario scenario;
    scenario.services = R"js("Gate": {"routes": {"POST /do": {"steps": [
  {"call": "B.Do", "data": {}, "as": "done"}, {"reply": "${done}"}]}}},
"B": {"store": {"u": {}}, "api": {"Do": [{"upsert": "u", "key": "'do'", "set": {}}, {"reply": 1}]}})js";
    scenario.workload = R"({"request": "POST /do", "to": "Gate", "as": "r"})";
    CHECK(passes(scenario, "Gate") ==
          of_handler({"before receive", "after dedup", "after call B.Do", "before commit",
                      "after commit", "after send", "after mark", "before acknowledge"},
                     "POST /do"));
    check_every_crash(scenario);
}

TEST_CASE("a crash strikes at each point of a job") {
    for (const char* options : {"", R"("outbox": true, )"}) {
        Scenario scenario;
        scenario.services = std::string(R"js("A": {)js") + options + R"js("store": {"t": {}},
  "jobs": {"sweep": {"every": "5ms", "times": 2, "steps": [
    {"upsert": "t", "key": "'a'", "set": {}}, {"publish": "F"}]}},
  "on": {"F": [{"delete": "t", "key": "'a'"}]}})js";
        const Names found = passes(scenario);
        CHECK(std::count(found.begin(), found.end(), "sweep: after publish F") == 2);
        CHECK(std::count(found.begin(), found.end(), "sweep: before receive") == 0);
        check_every_crash(scenario);
    }
}

TEST_CASE("a crash strikes at each point of a projection") {
    for (const char* checkpoint : {"atomic", "after", "before"}) {
        for (const char* options : {"", R"("outbox": true, "inbox": true, )"}) {
            Scenario scenario;
            scenario.services = std::string(R"js("O": {)js") + options +
                                R"js("aggregates": {"Order": {
  "initial": {}, "apply": {"Placed": {"n": "${event.n}"}}}},
  "on": {"Place": [{"append": "Placed", "to": "Order", "key": "msg.id", "data": {"n": 1}}]}},
"Q": {)js" + options + R"js("projections": {"seen": {"from": "O.Order", "key": "meta.stream",
  "on": {"Placed": {"set": {"n": "${get(row, 'n', 0) + event.n}"}}},
  "checkpoint": ")js" + checkpoint +
                                R"js("}}})js";
            scenario.workload = R"({"publish": "Place", "data": {"id": "o"}})";
            INFO(checkpoint << " " << options);
            CHECK(run(scenario).row("Q.seen", "o").json() == R"({"n": 1})");
            check_every_crash(scenario);
        }
    }
}

TEST_CASE("each stall holds its handler for as long as it says") {
    for (const Scenario& scenario :
         {handler(""), handler(R"("outbox": true, "inbox": true, )"), saga(""),
          saga(three_rejected),
          saga(R"({"reject": "T.Three"}, {"fail": "T.UndoTwo", "times": 1})")}) {
        const Ran plain = run(scenario);
        for (const std::string& fault :
             strikes(scenario, "stall", R"(, "for": "7us", "times": 1)")) {
            INFO(fault);
            Scenario held = scenario;
            held.faults += (held.faults.empty() ? "" : ", ") + fault;
            const Ran ran = run(held);
            INFO(ran.story());
            bool waits = fault.find("commit\"") != std::string::npos ||
                         fault.find("after send") != std::string::npos ||
                         fault.find("after mark") != std::string::npos;
            if (!waits) CHECK(ran.result.passed);
            CHECK(stores(ran) == stores(plain));
        }
    }
}

namespace {

// When A crashes while it handles three events and one of another sender.
std::string crashes(const std::string& narrowing, bool fires = true) {
    Scenario scenario;
    scenario.services = R"js("A": {"store": {"t": {}}, "on": {
  "E": [{"upsert": "t", "key": "'e'", "set": {}}],
  "F": [{"upsert": "t", "key": "'f'", "set": {}}]}},
"B": {"on": {"Go": [{"publish": "E"}]}})js";
    for (const char* at : {"0ms", "10ms", "20ms"}) {
        scenario.workload += std::string(R"({"at": ")") + at + R"(", "publish": "E"}, {"at": ")" +
                             at + R"(", "publish": "F"}, )";
    }
    scenario.workload += R"({"at": "30ms", "publish": "Go"})";
    scenario.faults =
        R"({"crash": "A", "point": "after upsert t", "restartAfter": "1us")" + narrowing + "}";
    const Ran ran = run(scenario);
    CHECK(ran.result.passed == fires);
    return ran.times(RecordKind::crashed);
}

}  // namespace

TEST_CASE("a crash at a point strikes once, unless it is told how often") {
    CHECK(crashes("") == "1ms");
    // Each attempt is one more: E, F and then both again.
    CHECK(crashes(R"(, "times": 2)") == "1ms 1.001ms");
    CHECK(crashes(R"(, "times": 1)") == "1ms");
}

TEST_CASE("a crash at a point is narrowed like every other fault") {
    CHECK(crashes(R"(, "during": "F")") == "1ms");
    CHECK(crashes(R"(, "during": "E", "nth": 2)") == "11ms");
    CHECK(crashes(R"(, "during": "E", "of": "B")") == "32ms");
    CHECK(crashes(R"(, "at": "15ms")") == "21ms");
    CHECK(crashes(R"(, "at": "5ms", "until": "11ms")", false).empty());
    CHECK(crashes(R"(, "at": "5ms", "until": "12ms")") == "11ms");
    CHECK(crashes(R"(, "attempt": 2)", false).empty());
    CHECK(crashes(R"(, "during": "E", "attempt": 1, "nth": 3)") == "21ms");
    CHECK(crashes(R"(, "probability": "0%")", false).empty());
    CHECK(crashes(R"(, "probability": "100%")") == "1ms");
}

TEST_CASE("probability falls the same way for the same seed") {
    const std::string half = crashes(R"(, "probability": "50%", "times": 100, "optional": true)");
    CHECK(half == crashes(R"(, "probability": "50%", "times": 100, "optional": true)"));
    const std::string all = crashes(R"(, "times": 4)");
    CHECK(std::count(all.begin(), all.end(), ' ') == 3);
}

TEST_CASE("a crash before receive strikes the replica whose turn it is") {
    Scenario scenario;
    scenario.services = R"js("A": {"replicas": 2, "store": {"t": {}}, "on": {
  "E": [{"upsert": "t", "key": "'e'", "set": {"n": "${get(row, 'n', 0) + 1}"}}]}})js";
    scenario.workload = R"({"at": "10ms", "publish": "E"})";
    scenario.faults = R"({"crash": "A/1", "at": "1ms", "restartAfter": "1s"},
                         {"crash": "A", "point": "before receive", "restartAfter": "5ms"})";
    const Ran ran = run(scenario);
    CHECK(ran.times(RecordKind::crashed) == "1ms 11ms");
    CHECK(ran.row("A.t", "e").json() == R"({"n": 1})");
    CHECK(ran.result.passed);
}

TEST_CASE("a fault at a point of one replica strikes no other") {
    Scenario scenario;
    scenario.services = R"js("A": {"replicas": 2, "on": {"E": [{"wait": "1ms"}, {"publish": "F"}]}},
"B": {"on": {"F": []}})js";
    scenario.workload = R"({"publish": "E"}, {"at": "10ms", "publish": "E"})";
    scenario.faults = R"({"crash": "A/2", "point": "after publish F"})";
    CHECK(run(scenario).times(RecordKind::crashed) == "12ms");
}
