// The outbox: what a handler writes and sends is one commit, and a relay sends what was committed.
#include "support/strikes.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

// A.E writes two rows and sends two messages; B keeps the ids of what it hears.
Scenario writer(const std::string& faults, const std::string& last = "") {
    Scenario scenario;
    scenario.services =
        R"js("A": {"outbox": true, "store": {"t": {"rows": {"old": {"n": 7}, "gone": {}}}},
"on": {"E": [
  {"insert": "t", "key": "'new'", "row": {}},
  {"update": "t", "key": "'old'", "set": {"n": 8}},
  {"delete": "t", "key": "'gone'"},
  {"publish": "F"},
  {"publish": "L", "after": "5ms"},
  {"send": "B.Do"})js" +
        last + R"js(]}},
"B": {"store": {"heard": {}}, "on": {
  "F": [{"upsert": "heard", "key": "'F ' + meta.id", "set": {"n": "${get(row, 'n', 0) + 1}"}}],
  "L": [{"upsert": "heard", "key": "'L ' + meta.id", "set": {"n": "${get(row, 'n', 0) + 1}"}}]},
  "api": {"Do": [{"upsert": "heard", "key": "'Do ' + meta.id",
                  "set": {"n": "${get(row, 'n', 0) + 1}"}}]}})js";
    scenario.workload = R"({"publish": "E"})";
    scenario.faults = faults;
    scenario.more = R"("bus": {"maxDeliveries": 1}, )";
    return scenario;
}

bool nothing(const Ran& ran) {
    return ran.row("A.t", "new").is_null() && ran.row("A.t", "old").json() == R"({"n": 7})" &&
           !ran.row("A.t", "gone").is_null() && ran.rows("B.heard") == 0;
}

bool everything(const Ran& ran) {
    return !ran.row("A.t", "new").is_null() && ran.row("A.t", "old").json() == R"({"n": 8})" &&
           ran.row("A.t", "gone").is_null() && ran.rows("B.heard") == 3;
}

std::string crash(const std::string& point) {
    return R"({"crash": "A", "during": "E", "point": ")" + point + R"("})";
}

}  // namespace

TEST_CASE("a crash before the commit leaves neither rows nor messages, one after it both") {
    CHECK(everything(run(writer(""))));
    // One delivery only: what the crash has left is all there is.
    for (const char* point :
         {"before receive", "after dedup", "after insert t", "after update t", "after delete t",
          "after publish F", "after publish L", "after send B.Do", "before commit"}) {
        INFO(point);
        CHECK(nothing(run(writer(crash(point)))));
    }
    for (const char* point : {"after commit", "after send", "after mark", "before acknowledge"}) {
        INFO(point);
        CHECK(everything(run(writer(crash(point)))));
    }
}

TEST_CASE("a handler that fails leaves neither rows nor messages") {
    for (const char* end :
         {R"(, {"fail": "Broken"})", R"(, {"insert": "t", "key": "'old'", "row": {}})",
          R"(, {"let": {"x": "${msg.none}"}})"}) {
        INFO(end);
        Scenario scenario = writer("", end);
        const Ran ran = run(scenario);
        CHECK(nothing(ran));
        CHECK(ran.count(RecordKind::rolled_back) == 1);
        CHECK(ran.count(RecordKind::row_changed) == 0);
        CHECK(ran.count(RecordKind::scheduled) == 0);
    }
}

TEST_CASE("what is rejected is kept where a step says so, and taken back where nobody handles it") {
    Scenario scenario;
    scenario.services = R"js("A": {"outbox": true, "store": {"t": {"rows": {"old": {}}}}, "api": {
  "Reject": [{"insert": "t", "key": "'r'", "row": {}}, {"publish": "F"}, {"reject": "No"}],
  "Clash": [{"insert": "t", "key": "'c'", "row": {}}, {"publish": "F"},
            {"insert": "t", "key": "'old'", "row": {}}]}},
"B": {"store": {"heard": {}}, "on": {"F": [{"insert": "heard", "key": "meta.id", "row": {}}]}})js";
    scenario.workload = R"({"call": "A.Reject", "as": "r"}, {"call": "A.Clash", "as": "c"})";
    const Ran ran = run(scenario);
    CHECK(ran.reply("r") == "rejected No");
    CHECK(ran.reply("c") == "rejected AlreadyExists");
    CHECK_FALSE(ran.row("A.t", "r").is_null());
    CHECK(ran.row("A.t", "c").is_null());
    CHECK(ran.rows("B.heard") == 1);
}

TEST_CASE("a handler that failed has had no effect, and its caller knows") {
    const auto reply = [](const char* options) {
        Scenario scenario;
        scenario.services =
            std::string(R"js("A": {)js") + options + R"js("store": {"t": {}}, "api": {
  "Do": [{"insert": "t", "key": "'a'", "row": {}}, {"fail": "Broken"}]}})js";
        scenario.workload = R"({"call": "A.Do", "as": "r"})";
        return run(scenario).reply("r");
    };
    CHECK(reply(R"("outbox": true, )") == "failed Broken");
    CHECK(reply("") == "unknown Broken");
}

TEST_CASE("the relay sends again what a crash has left unmarked, under the same id") {
    const Ran ran = run(writer(crash("after send")));
    const auto ids = [&](const char* operation) {
        std::vector<Hash128> found;
        for (const trace::Record& sent : ran.of(RecordKind::sent)) {
            if ((*ran.program)[sent.operation].name == operation) found.push_back(sent.message);
        }
        return found;
    };
    REQUIRE(ids("F").size() == 2);
    CHECK(ids("F")[0] == ids("F")[1]);
    REQUIRE(ids("Do").size() == 2);
    CHECK(ids("Do")[0] == ids("Do")[1]);
    // B has no inbox: it hears it twice.
    CHECK(stores(ran).find(R"({"n": 2})") != std::string::npos);
    CHECK(run(writer(crash("after commit"))).of(RecordKind::sent).size() ==
          run(writer("")).of(RecordKind::sent).size());
}

TEST_CASE("another replica sends what a crashed one has committed") {
    for (const char* point : {"after commit", "after send"}) {
        Scenario scenario = writer(R"({"crash": "A", "point": ")" + std::string(point) +
                                   R"(", "during": "E", "restartAfter": "never"})");
        scenario.services.replace(scenario.services.find(R"("outbox")"), 8,
                                  R"("replicas": 2, "outbox")");
        const Ran ran = run(scenario);
        CHECK(everything(ran));
        CHECK(ran.result.passed);
    }
}

TEST_CASE("without an outbox a crash can fall between any two") {
    Scenario scenario = writer(crash("after publish F"));
    scenario.services.replace(scenario.services.find("true"), 4, "false");
    const Ran ran = run(scenario);
    CHECK_FALSE(ran.row("A.t", "new").is_null());
    CHECK(ran.rows("B.heard") == 1);
}

namespace {

// Two rows that must agree, and a third table that nobody looks at in between.
Scenario halves(const std::string& outbox) {
    Scenario scenario;
    scenario.services = R"js("A": {"outbox": )js" + outbox + R"js(, "store": {
  "left": {"rows": {"k": {"n": 0}}}, "right": {"rows": {"k": {"n": 0}}}, "other": {}},
"on": {"E": [
  {"update": "left", "key": "'k'", "set": {"n": "${row.n + 1}"}},
  {"upsert": "other", "key": "'k'", "set": {}},
  {"update": "right", "key": "'k'", "set": {"n": "${row.n + 1}"}},
  {"upsert": "other", "key": "'l'", "set": {}}]}})js";
    scenario.workload = R"({"publish": "E"}, {"at": "3ms", "publish": "E"})";
    scenario.expect = R"js("always": {
  "by row": "A.left.all(k, l, l.n == A.right[k].n)",
  "all together": "A.left['k'].n == A.right['k'].n",
  "never two": "A.right.all(k, r, r.n < 2)"})js";
    return scenario;
}

}  // namespace

TEST_CASE("nothing that must always hold sees half a commit") {
    for (const bool heard : {true, false}) {
        INFO((heard ? "with" : "without") << " a sink");
        const auto result = [&](const char* outbox) {
            const ProgramPtr program = load(halves(outbox));
            return heard ? run(program).result : drivers::run(*program, {});
        };
        const drivers::RunResult whole = result("true");
        const drivers::RunResult torn = result("false");
        REQUIRE(whole.verdicts.size() >= 3);
        int held = 0;
        int held_torn = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            held += whole.verdicts[i].holds ? 1 : 0;
            held_torn += torn.verdicts.at(i).holds ? 1 : 0;
            // The end of a commit is not missed.
            if (whole.verdicts[i].name == "never two") CHECK_FALSE(whole.verdicts[i].holds);
        }
        CHECK(held == 2);
        CHECK(held_torn == 0);
    }
}

TEST_CASE("what broke a claim is told by the step that wrote the row") {
    const Ran ran = run(halves("true"));
    CHECK(ran.verdict("never two").broken_by == "E -> A, update right 'k'");
}

TEST_CASE("a handler that is held before its commit shows nothing") {
    const auto seen = [](const std::string& options, const char* point) {
        Scenario scenario;
        scenario.services = R"js("A": {)js" + options + R"js("store": {"t": {}}, "on": {
  "E": [{"insert": "t", "key": "'a'", "row": {}}, {"publish": "F"}],
  "Look": [{"log": "seen ${'a' in store.t}"}]}},
"B": {"on": {"F": [{"log": "F"}]}})js";
        scenario.workload = R"({"publish": "E"}, {"at": "5ms", "publish": "Look"})";
        scenario.faults =
            std::string(R"({"stall": "A", "during": "E", "for": "20ms", "point": ")") + point +
            R"("})";
        const Ran ran = run(scenario);
        CHECK(ran.result.passed);
        CHECK(ran.rows("A.t") == 1);
        std::string out;
        for (const trace::Record& each : ran.of(RecordKind::logged)) {
            out += (out.empty() ? "" : ", ") + format_time(each.at) + " " +
                   std::string(each.value.text());
        }
        return out;
    };
    const std::string outbox = R"("outbox": true, )";
    CHECK(seen(outbox, "after insert t") == "6ms seen false, 22ms F");
    CHECK(seen(outbox, "after publish F") == "6ms seen false, 22ms F");
    CHECK(seen(outbox, "before commit") == "6ms seen false, 22ms F");
    CHECK(seen("", "after insert t") == "6ms seen true, 22ms F");
    CHECK(seen("", "after publish F") == "2ms F, 6ms seen true");
}
