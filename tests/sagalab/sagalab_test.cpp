// The public face: what a test of somebody else's sees.
#include "sagalab/sagalab.h"

#include "support/catch.h"

namespace {

constexpr const char* counter = R"json({
  "scenario": "a counter",
  "params": {"by": 1},
  "services": {"Counter": {"store": {"counts": {}}, "api": {"Add": [
    {"if": "msg.by == 0", "reject": "Nothing"},
    {"upsert": "counts", "key": "msg.name", "set": {"n": "${get(row, 'n', 0) + msg.by}"}},
    {"reply": {"n": "${store.counts[msg.name].n}"}}]}}},
  "workload": [{"call": "Counter.Add", "data": {"name": "a", "by": "${params.by}"}, "as": "r"}],
  "expect": {"finally": {"it counts": "Counter.counts['a'].n == 1"}},
  "cases": {"once": {}, "by nothing": {"params": {"by": 0}, "breaks": ["it counts"]}}
})json";

}  // namespace

TEST_CASE("a scenario is loaded, run and asked through the public header") {
    sagalab::Scenario scenario = sagalab::Scenario::parse("counter.json", counter);
    REQUIRE(scenario.ok());
    CHECK(scenario.errors().empty());
    CHECK(scenario.cases() == std::vector<std::string>{"once", "by nothing"});

    sagalab::Result once = scenario.run("once");
    CHECK(once.passed);
    CHECK(once.end == sagalab::End::quiescent);
    CHECK(once.row("Counter.counts", "a") == R"({"n": 1})");
    CHECK_FALSE(once.row("Counter.counts", "b"));
    CHECK(once.replies.at("r") == R"({"body": {"n": 1}, "code": null, "outcome": "succeeded"})");
    CHECK(once.reply("r") == once.replies.at("r"));
    CHECK_FALSE(once.reply("s"));
    CHECK(once.report == "holds: 1 of 1 expectation, 3 events, 2ms of virtual time\n");
    CHECK_FALSE(once.demonstration);
    CHECK(once.virtual_time_ns == 2'000'000);
    CHECK(once.trace.empty());

    sagalab::Result nothing = scenario.run("by nothing");
    CHECK(nothing.passed);
    REQUIRE(nothing.judgements.size() == 1);
    CHECK_FALSE(nothing.judgements[0].holds);
    CHECK(nothing.judgements[0].meant_to_break);
}

TEST_CASE("the trace is the same for any number of threads") {
    sagalab::Scenario scenario = sagalab::Scenario::parse("counter.json", counter);
    sagalab::RunSettings settings;
    settings.trace = true;
    std::string one = scenario.run("once", settings).trace;
    settings.threads = 4;
    CHECK(scenario.run("once", settings).trace == one);
    CHECK(one.find("sagalab.run.finished") != std::string::npos);
}

TEST_CASE("a demonstration and dead letters are known by the result") {
    sagalab::Result result = sagalab::Scenario::parse("dead.json", R"json({
            "scenario": "nobody wants it",
            "bus": {"maxDeliveries": 2},
            "services": {"A": {"on": {"E": [{"fail": "Never"}]}}},
            "workload": [{"publish": "E"}]})json")
                                 .run("nobody wants it");
    CHECK(result.passed);
    CHECK(result.demonstration);
    CHECK(result.dead_letters == 1);
}

TEST_CASE("params and cases that do not exist, and files that are wrong") {
    sagalab::LoadSettings settings;
    settings.set = {{"by", "2"}};
    sagalab::Scenario twice = sagalab::Scenario::parse("counter.json", counter, settings);
    sagalab::Result broken = twice.run("once");
    CHECK_FALSE(broken.passed);
    CHECK(broken.report.find("Counter.counts['a'].n is 2") != std::string::npos);
    CHECK(twice.run("never").end == sagalab::End::unknown_case);

    sagalab::Scenario wrong = sagalab::Scenario::parse("wrong.json", R"({"scenario": 1})");
    CHECK_FALSE(wrong.ok());
    CHECK(wrong.errors().find("wrong.json:1:") == 0);
    CHECK_FALSE(sagalab::Scenario::load("/no/such/file.json").ok());
}
