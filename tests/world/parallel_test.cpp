// `parallel`: branches side by side, and what becomes of them in each mode.
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::RecordKind;

namespace {

// A.Ask runs the branches; B.Fast answers after 2ms, B.Slow after 22ms, B.No rejects, B.Down fails.
Scenario branches(const std::string& step, const std::string& after = R"({"reply": "${parts}"})") {
    Scenario scenario;
    scenario.services = R"js(
"A": {"store": {"t": {}}, "api": {"Ask": [)js" +
                        step + ", " + after + R"js(]}},
"B": {"store": {"done": {}}, "api": {
  "Fast": [{"reply": {"from": "fast"}}],
  "Slow": [{"wait": "20ms"}, {"insert": "done", "key": "'slow'", "row": {}}, {"reply": {"from": "slow"}}],
  "No": [{"reject": "NoWay", "data": {"why": "so"}}],
  "Down": [{"fail": "Unavailable"}]}})js";
    scenario.workload = R"({"call": "A.Ask", "as": "r"})";
    return scenario;
}

std::string parallel(const std::string& members, const std::string& more) {
    return R"({"parallel": {)" + members + "}" + more + "}";
}

const std::string fast = R"("fast": [{"call": "B.Fast"}])";
const std::string slow = R"("slow": [{"call": "B.Slow"}])";
const std::string no = R"("no": [{"call": "B.No"}])";
const std::string slow_no = R"("later": [{"wait": "5ms"}, {"call": "B.Down"}])";

}  // namespace

TEST_CASE("parallel all waits for every branch and binds their values") {
    const Ran ran = run(branches(parallel(slow + "," + fast, R"(, "as": "parts")")));
    CHECK(ran.reply("r") == R"(succeeded {"fast": {"from": "fast"}, "slow": {"from": "slow"}})");
    CHECK(ran.times(RecordKind::delivered) == "1ms 2ms 2ms");
}

TEST_CASE("without as the branches' names are bound") {
    const Ran ran =
        run(branches(parallel(slow + "," + fast, ""), R"({"reply": "${fast.from + slow.from}"})"));
    CHECK(ran.reply("r") == "succeeded \"fastslow\"");
}

TEST_CASE("a branch is worth its reply, its last call, or nothing") {
    const std::string members =
        R"("said": [{"call": "B.Fast"}, {"reply": 7}], "called": [{"call": "B.Fast", "as": "x"},
           {"let": {"y": "${x.from}"}}], "nothing": [{"log": "hello"}])";
    const Ran ran = run(branches(parallel(members, R"(, "as": "parts")")));
    CHECK(ran.reply("r") ==
          R"(succeeded {"called": {"from": "fast"}, "nothing": null, "said": 7})");
}

TEST_CASE("parallel all ends with the first error and the others run on unobserved") {
    const Ran ran = run(branches(parallel(slow + "," + no, R"(, "as": "parts")")));
    CHECK(ran.reply("r") == R"(rejected NoWay {"why": "so"})");
    CHECK(ran.times(RecordKind::replied) == "4ms");
    CHECK(ran.rows("B.done") == 1);
    CHECK(ran.result.ending == drivers::Ending::quiescent);
}

TEST_CASE("an error of parallel goes to its onError") {
    const std::string handled =
        R"(, "as": "parts", "onError": {"NoWay": [{"reply": "${error.body.why}"}]})";
    CHECK(run(branches(parallel(slow + "," + no, handled))).reply("r") == "succeeded \"so\"");
    const std::string inside =
        R"("no": [{"call": "B.No", "onError": [{"reply": "${error.code}"}]}])";
    CHECK(run(branches(parallel(inside + "," + fast, R"(, "as": "parts")"))).reply("r") ==
          R"(succeeded {"fast": {"from": "fast"}, "no": "NoWay"})");
}

TEST_CASE("parallel any takes the first success") {
    const Ran ran =
        run(branches(parallel(slow + "," + fast + "," + no, R"(, "mode": "any", "as": "parts")")));
    CHECK(ran.reply("r") == R"(succeeded {"fast": {"from": "fast"}, "no": null, "slow": null})");
    CHECK(ran.times(RecordKind::replied) == "4ms");
    CHECK(ran.rows("B.done") == 1);
}

TEST_CASE("parallel any without a success ends with the first error") {
    const Ran ran =
        run(branches(parallel(no + "," + slow_no, R"(, "mode": "any", "as": "parts")")));
    CHECK(ran.reply("r") == R"(rejected NoWay {"why": "so"})");
    CHECK(ran.times(RecordKind::replied) == "9ms");
}

TEST_CASE("parallel settle says what became of each branch") {
    const Ran ran =
        run(branches(parallel(fast + "," + no, R"(, "mode": "settle", "as": "parts")")));
    CHECK(ran.reply("r") ==
          R"(succeeded {"fast": {"body": {"from": "fast"}, "code": null, "outcome": "succeeded"}, )"
          R"("no": {"body": {"why": "so"}, "code": "NoWay", "outcome": "rejected"}})");
}

TEST_CASE("parallel nests") {
    const std::string inner = parallel(fast + "," + slow, R"(, "as": "both")");
    const std::string members =
        R"("inner": [)" + inner + R"(, {"reply": "${both.slow.from}"}], )" + fast;
    const Ran ran = run(branches(parallel(members, R"(, "as": "parts")")));
    CHECK(ran.reply("r") == R"(succeeded {"fast": {"from": "fast"}, "inner": "slow"})");
}

TEST_CASE("a saga's branches have keys of their own") {
    Scenario scenario;
    scenario.services = R"js(
"S": {"sagas": {"G": {"id": "msg.id", "steps": [
  {"parallel": {"a": [{"call": "T.Do"}], "b": [{"call": "T.Do"}]}}]}}},
"T": {"api": {"Do": [{"log": "${meta.idempotencyKey}"}]}})js";
    scenario.workload = R"({"call": "S.G", "data": {"id": "k"}, "as": "r"})";
    const Ran ran = run(scenario);
    const std::vector<trace::Record> logged = ran.of(RecordKind::logged);
    REQUIRE(logged.size() == 2);
    CHECK(logged[0].value.json() == R"("S.G/k/1/T.Do/a")");
    CHECK(logged[1].value.json() == R"("S.G/k/1/T.Do/b")");
}

TEST_CASE("a saga whose branch fails is undone while the other branch runs on") {
    Scenario scenario = branches(fast, "");
    scenario.services = R"js(
"S": {"sagas": {"G": {"id": "msg.id", "steps": [
  {"call": "B.Fast", "compensate": {"call": "B.Undo"}},
  {"parallel": {"slow": [{"call": "B.Slow"}], "no": [{"call": "B.No"}]}}]}}},
"B": {"store": {"done": {}}, "api": {
  "Fast": [{"reply": 1}], "Undo": [{"upsert": "done", "key": "'undone'", "set": {}}],
  "Slow": [{"wait": "20ms"}, {"insert": "done", "key": "'slow'", "row": {}}],
  "No": [{"reject": "NoWay"}]}})js";
    scenario.workload = R"({"call": "S.G", "data": {"id": "k"}, "as": "r"})";
    const Ran ran = run(scenario);
    CHECK(ran.reply("r") == "rejected NoWay");
    CHECK(ran.rows("B.done") == 2);
    CHECK(ran.saga_log("S.G", "k") ==
          "B.Fast started, B.Fast succeeded, parallel started, parallel rejected, "
          "B.Fast undo started, B.Fast undo finished");
}
