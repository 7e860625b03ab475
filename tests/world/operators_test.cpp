// Operators move a saga that is parked: on, or back.
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

// Two steps with undos and a third that fails; T counts.
Scenario parked(const std::string& faults, const std::string& commands,
                const std::string& options = "", const std::string& saga_options = "") {
    Scenario scenario;
    const auto plus = [](const char* name, const char* change) {
        return std::string("\"") + name +
               R"js(": [{"upsert": "t", "key": "msg.of", "set": {"n": "${get(row, 'n', 0) )js" +
               change + R"js(}"}}])js";
    };
    scenario.services = R"js("S": {)js" + options +
                        R"js("store": {"ends": {}}, "sagas": {"G": {"id": "msg.id",)js" +
                        saga_options + R"js(
  "compensation": {"retry": {"maxAttempts": 2, "delay": "1ms"}},
  "onParked": [{"upsert": "ends", "key": "msg.id", "set": {"parked": true}}],
  "onCompensated": [{"upsert": "ends", "key": "msg.id", "set": {"compensated": true}}],
  "steps": [
  {"call": "T.One", "data": {"of": "one"}, "compensate": {"call": "T.UndoOne", "data": {"of": "one"}}},
  {"call": "T.Two", "data": {"of": "two"}, "compensate": {"call": "T.UndoTwo", "data": {"of": "two"}}},
  {"call": "T.Three", "data": {"of": "three"}}]}}},
"T": {"inbox": true, "store": {"t": {}}, "api": {)js" +
                        plus("One", "+ 1") + "," + plus("Two", "+ 1") + "," + plus("Three", "+ 1") +
                        "," + plus("UndoOne", "- 1") + "," + plus("UndoTwo", "- 1") + "}}";
    scenario.workload =
        R"({"call": "S.G", "data": {"id": "k"}, "as": "r", "timeout": "1h"})" + commands;
    scenario.faults = faults;
    return scenario;
}

std::string state(const Ran& ran) { return std::string(ran.row("S.G", "k").find("state")->text()); }

std::string counts(const Ran& ran) {
    std::string out;
    for (const char* key : {"one", "two", "three"}) {
        const Value row = ran.row("T.t", key);
        out += (out.empty() ? "" : " ") + (row.is_null() ? "-" : row.find("n")->json());
    }
    return out;
}

// The third step is rejected, and the undo of the second fails until 100ms.
const std::string undo_fails = R"({"reject": "T.Three"}, {"fail": "T.UndoTwo", "until": "100ms"})";

std::string command(const std::string& verb, const std::string& at, const std::string& id = "k") {
    return R"(, {"at": ")" + at + R"(", ")" + verb + R"(": "S.G", "id": ")" + id + R"("})";
}

}  // namespace

TEST_CASE("a saga whose undo fails for good is parked and says what is left") {
    const Ran ran = run(parked(undo_fails, ""));
    CHECK(ran.reply("r") == "unknown Parked");
    CHECK(state(ran) == "parked");
    CHECK(counts(ran) == "1 1 -");
    CHECK(ran.row("S.G", "k").find("left")->json() == R"(["T.One", "T.Two"])");
}

TEST_CASE("resume goes on undoing where it was") {
    const Ran ran = run(parked(undo_fails, command("resume", "200ms")));
    CHECK(state(ran) == "compensated");
    CHECK(counts(ran) == "0 0 -");
    CHECK(ran.row("S.ends", "k").json() == R"({"compensated": true, "parked": true})");
    // Once more while it still fails: parked again.
    const Ran again = run(parked(undo_fails, command("resume", "50ms")));
    CHECK(state(again) == "parked");
    CHECK(state(run(parked(undo_fails, command("resume", "50ms") + command("resume", "200ms")))) ==
          "compensated");
}

TEST_CASE("compensate undoes what is left") {
    const Ran ran = run(parked(undo_fails, command("compensate", "200ms")));
    CHECK(state(ran) == "compensated");
    CHECK(counts(ran) == "0 0 -");
}

TEST_CASE("who asks again after the end hears of the new one") {
    const Ran ran = run(parked(
        undo_fails, command("resume", "200ms") +
                        R"(, {"at": "300ms", "call": "S.G", "data": {"id": "k"}, "as": "later"})"));
    CHECK(ran.reply("r") == "unknown Parked");
    CHECK(ran.reply("later") == "rejected Rejected");
}

TEST_CASE("nothing moves a saga that has ended, or one that is not there") {
    for (const char* verb : {"resume", "compensate"}) {
        const Ran completed = run(parked("", command(verb, "200ms")));
        CHECK(state(completed) == "completed");
        CHECK(counts(completed) == "1 1 1");
        CHECK(completed.row("S.G", "k").find("epoch")->json() == "1");
        const Ran compensated = run(parked(R"({"reject": "T.Three"})", command(verb, "200ms")));
        CHECK(state(compensated) == "compensated");
        CHECK(counts(compensated) == "0 0 -");
        const Ran other = run(parked(undo_fails, command(verb, "200ms", "nobody")));
        CHECK(state(other) == "parked");
        CHECK(other.result.ending == drivers::Ending::quiescent);
    }
}

TEST_CASE("a running saga can be asked to undo, and resume leaves it alone") {
    const std::string slow = R"({"delay": "T.Three", "by": "50ms"})";
    const Ran undone = run(parked(slow, command("compensate", "20ms")));
    CHECK(state(undone) == "compensated");
    CHECK(undone.reply("r").substr(0, 8) == "rejected");
    CHECK(counts(undone).substr(0, 3) == "0 0");
    const Ran resumed = run(parked(slow, command("resume", "20ms")));
    CHECK(state(resumed) == "completed");
    CHECK(counts(resumed) == "1 1 1");
}

TEST_CASE("an operator reaches a saga whose replica is down") {
    const std::string two = R"("replicas": 2, "lease": "10s", "workers": 1, )";
    const std::string crash = R"({"crash": "S/1", "at": "4ms", "restartAfter": "never"})";
    const Ran ran = run(parked(crash, command("compensate", "20ms"), two));
    CHECK(state(ran) == "compensated");
    CHECK(ran.reply("r").substr(0, 8) == "rejected");
    const Ran was_parked =
        run(parked(undo_fails + R"(, {"crash": "S/1", "at": "100ms", "restartAfter": "never"})",
                   command("resume", "200ms"), two));
    CHECK(state(was_parked) == "compensated");
    CHECK(was_parked.result.passed);
}

TEST_CASE("what an operator moves is run by a replica that is up") {
    const Ran ran =
        run(parked(undo_fails + R"(, {"crash": "S/1", "at": "100ms", "restartAfter": "never"},
                                 {"delay": "T.UndoTwo", "by": "10ms", "at": "150ms"},
                                 {"crash": "S/2", "at": "205ms", "restartAfter": "5ms"})",
                   command("resume", "200ms"), R"("replicas": 2, )"));
    CHECK(state(ran) == "compensated");
    CHECK(counts(ran) == "0 0 -");
    // Parked under the first epoch, moved under the second, taken up after the crash.
    CHECK(ran.row("S.G", "k").find("epoch")->json() == "3");
}

TEST_CASE("a parked saga survives a crash") {
    const Ran ran =
        run(parked(undo_fails + R"(, {"crash": "S", "at": "100ms", "restartAfter": "5ms"})",
                   command("resume", "200ms")));
    CHECK(state(ran) == "compensated");
    CHECK(counts(ran) == "0 0 -");
}
