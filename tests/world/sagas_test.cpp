// Orchestrated sagas, as short scenarios: how they end, what is undone, in which order.
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

// S.G with these steps and options, started once with the id k; T has operations of every kind.
Scenario saga(const std::string& steps, const std::string& options = "",
              const std::string& faults = "") {
    Scenario scenario;
    scenario.services = R"js(
"S": {"store": {"ends": {}}, "sagas": {"G": {"id": "msg.id", "steps": [)js" +
                        steps + "]" + options + R"js(}}},
"T": {"api": {"A": [{"reply": {}}], "B": [{"reply": {}}], "C": [{"reply": {}}], "P": [{"reply": {}}],
  "No": [{"reject": "NoWay"}], "Down": [{"fail": "Down"}], "Slow": [{"wait": "50ms"}, {"reply": {}}],
  "UndoA": [{"log": "A"}], "UndoB": [{"log": "B"}, {"wait": "5ms"}], "UndoC": [{"log": "C"}]}})js";
    scenario.workload = R"({"call": "S.G", "data": {"id": "k"}, "as": "r", "timeout": "1h"})";
    scenario.faults = faults;
    return scenario;
}

std::string step(const std::string& name, const std::string& more = "") {
    return R"({"call": "T.)" + name + R"(", "compensate": {"call": "T.Undo)" + name + "\"}" + more +
           "}";
}

const std::string two = step("A") + ", " + step("B");

std::string state(const Ran& ran) {
    return std::string(ran.row("S.G", "k").find(std::string_view("state"))->text());
}

// Which undos began, in order.
std::string undone(const Ran& ran) {
    std::string out;
    for (const trace::Record& record : ran.of(RecordKind::logged)) {
        out += std::string(record.value.text());
    }
    return out;
}

std::string options(const std::string& compensation) {
    return R"(, "compensation": {)" + compensation + "}";
}

}  // namespace

TEST_CASE("a saga whose steps succeed is completed") {
    const Ran ran = run(saga(two + R"(, {"reply": {"n": 1}})"));
    CHECK(state(ran) == "completed");
    CHECK(ran.reply("r") == R"(succeeded {"n": 1})");
    CHECK(ran.saga_log("S.G", "k") == "T.A started, T.A succeeded, T.B started, T.B succeeded");
    CHECK(ran.row("S.G", "k").find(std::string_view("left")) == nullptr);
}

TEST_CASE("a rejected step undoes what was done, the last first") {
    const Ran ran = run(saga(two + R"(, {"call": "T.No"})"));
    CHECK(state(ran) == "compensated");
    CHECK(ran.reply("r") == "rejected NoWay");
    CHECK(undone(ran) == "BA");
    CHECK(ran.saga_log("S.G", "k") ==
          "T.A started, T.A succeeded, T.B started, T.B succeeded, T.No started, T.No rejected, "
          "T.B undo started, T.B undo finished, T.A undo started, T.A undo finished");
}

TEST_CASE("undos side by side begin at once") {
    const Ran ran = run(saga(two + R"(, {"call": "T.No"})", options(R"("order": "parallel")")));
    CHECK(state(ran) == "compensated");
    CHECK(undone(ran).size() == 2);
    CHECK(ran.times(RecordKind::logged) == "8ms 8ms");
    const std::string log = ran.saga_log("S.G", "k");
    CHECK(log.find("T.A undo started") < log.find("T.B undo finished"));
    CHECK(log.find("T.A undo finished") < log.find("T.B undo finished"));
}

TEST_CASE("the scope says which steps are undone") {
    // A succeeded, C is rejected (or unknown).
    const std::string rejected = step("A") + ", " + step("C");
    const std::string unknown = step("A") + ", " + step("C", R"(, "timeout": "10ms")");
    const char* reject = R"({"reject": "T.C"})";
    const char* late = R"({"delay": "T.C", "by": "30ms"})";
    struct Row {
        const char* scope;
        const char* after_rejection;
        const char* after_unknown;
    };
    const Row rows[] = {
        {"completed", "A", "A"}, {"completed-or-unknown", "A", "CA"}, {"started", "CA", "CA"}};
    for (const Row& row : rows) {
        INFO(row.scope);
        const std::string scope = options(R"("scope": ")" + std::string(row.scope) + "\"");
        CHECK(undone(run(saga(rejected, scope, reject))) == row.after_rejection);
        const Ran ran = run(saga(unknown, scope, late));
        CHECK(undone(ran) == row.after_unknown);
        CHECK(state(ran) == "compensated");
        CHECK(ran.reply("r") == "rejected Timeout");
    }
}

TEST_CASE("an undo that fails is tried again, and parks the saga in the end") {
    const std::string retry = options(R"("retry": {"maxAttempts": 3, "delay": "10ms"})");
    Ran ran = run(saga(two + R"(, {"call": "T.No"})", retry, R"({"fail": "T.UndoB", "times": 2})"));
    CHECK(state(ran) == "compensated");
    CHECK(undone(ran) == "BA");

    ran = run(saga(two + R"(, {"call": "T.No"})", retry, R"({"fail": "T.UndoB"})"));
    CHECK(state(ran) == "parked");
    CHECK(ran.reply("r") == "unknown Parked");
    CHECK(undone(ran) == "");
    CHECK(ran.row("S.G", "k").find(std::string_view("left"))->json() == R"(["T.A", "T.B"])");
    // 7 ms: the rejection; then tries after 10 and 20 ms, each there and back in 2 ms.
    std::string tries;
    for (const trace::Record& record : ran.of(RecordKind::saga_logged)) {
        if (record.note == trace::SagaNote::undo_started) tries += format_time(record.at) + " ";
    }
    CHECK(tries == "7ms 19ms 41ms ");
}

TEST_CASE("an undo that fails stops the rest, or does not") {
    const char* fault = R"({"fail": "T.UndoB"})";
    Ran ran = run(saga(two + R"(, {"call": "T.No"})", options(R"("onFailure": "stop")"), fault));
    CHECK(state(ran) == "parked");
    CHECK(undone(ran) == "");
    CHECK(ran.row("S.G", "k").find(std::string_view("left"))->json() == R"(["T.A", "T.B"])");
    ran = run(saga(two + R"(, {"call": "T.No"})", options(R"("onFailure": "continue")"), fault));
    CHECK(state(ran) == "parked");
    CHECK(undone(ran) == "A");
    CHECK(ran.row("S.G", "k").find(std::string_view("left"))->json() == R"(["T.B"])");
}

TEST_CASE("a pivot that is rejected undoes and one that is unknown is tried until known") {
    const std::string pivot =
        step("A") + R"(, {"call": "T.P", "kind": "pivot", "timeout": "10ms"})";
    Ran ran = run(saga(pivot, "", R"({"reject": "T.P"})"));
    CHECK(state(ran) == "compensated");
    CHECK(undone(ran) == "A");
    ran = run(saga(pivot, "", R"({"delay": "T.P", "by": "30ms", "times": 2})"));
    CHECK(state(ran) == "completed");
    CHECK(undone(ran) == "");
    CHECK(ran.count(RecordKind::timed_out) == 2);
}

TEST_CASE("a retriable step is tried until it succeeds") {
    const std::string steps =
        step("A") + R"(, {"call": "T.P", "kind": "pivot"}, {"call": "T.C", "kind": "retriable"})";
    for (const char* fault :
         {R"({"fail": "T.C", "times": 7})", R"({"reject": "T.C", "times": 7})"}) {
        const Ran ran = run(saga(steps, "", fault));
        CHECK(state(ran) == "completed");
        CHECK(undone(ran) == "");
        CHECK(ran.count(RecordKind::fault) == 7);
    }
}

TEST_CASE("a deadline undoes before the pivot and only reports after it") {
    const char* deadline = R"(, "deadline": "20ms")";
    Ran ran = run(saga(step("A") + ", " + step("B") + R"(, {"call": "T.Slow"})", deadline));
    CHECK(state(ran) == "compensated");
    CHECK(ran.reply("r") == "rejected DeadlineExceeded");
    CHECK(undone(ran) == "BA");
    CHECK(ran.saga_log("S.G", "k").find("T.Slow unknown") != std::string::npos);
    ran = run(
        saga(step("A") +
                 R"(, {"call": "T.P", "kind": "pivot"}, {"call": "T.Slow", "kind": "retriable"})",
             deadline));
    CHECK(state(ran) == "completed");
    CHECK(undone(ran) == "");
    std::size_t reports = 0;
    for (const trace::Record& record : ran.of(RecordKind::saga_state)) {
        if (record.note == trace::SagaNote::deadline) ++reports;
    }
    CHECK(reports == 1);
}

TEST_CASE("a start with an id that is there joins the saga or is answered from its end") {
    Scenario scenario = saga(step("A") + R"(, {"call": "T.No"})");
    scenario.workload = R"({"call": "S.G", "data": {"id": "k"}, "as": "first"},
{"at": "1ms", "call": "S.G", "data": {"id": "k"}, "as": "joins"},
{"at": "50ms", "call": "S.G", "data": {"id": "k"}, "as": "later"})";
    const Ran ran = run(scenario);
    for (const char* name : {"first", "joins", "later"}) CHECK(ran.reply(name) == "rejected NoWay");
    CHECK(undone(ran) == "A");
    CHECK(ran.rows("S.G") == 1);
}

TEST_CASE("each end has steps of its own") {
    const char* ends = R"js(, "onCompleted": [{"insert": "ends", "key": "'completed'", "row": {}}],
"onCompensated": [{"insert": "ends", "key": "'compensated'", "row": {}}],
"onParked": [{"insert": "ends", "key": "'parked'", "row": {}}])js";
    const auto end_of = [&](const std::string& steps, const std::string& faults) {
        const Ran ran = run(saga(steps, ends, faults));
        CHECK(ran.rows("S.ends") == 1);
        const bool right = !ran.row("S.ends", state(ran)).is_null();
        CHECK(right);
        return state(ran);
    };
    CHECK(end_of(two, "") == "completed");
    CHECK(end_of(two + R"(, {"call": "T.No"})", "") == "compensated");
    CHECK(end_of(two + R"(, {"call": "T.No"})", R"({"fail": "T.UndoA"})") == "parked");
}

TEST_CASE("a step that handled its error goes on") {
    const Ran ran =
        run(saga(step("A") + R"(, {"call": "T.No", "onError": {"rejected": []}}, )" + step("B")));
    CHECK(state(ran) == "completed");
    CHECK(undone(ran) == "");
    CHECK(ran.saga_log("S.G", "k").find("T.No rejected") != std::string::npos);
}
