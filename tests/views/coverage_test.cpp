// What runs have reached, as a report tells it; and that nothing else changes when it is noted.
#include "views/coverage.h"

#include "support/generator.h"
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using program::Coverage;
using program::CoverageMap;
using views::CoverageReport;

namespace {

drivers::RunResult covered(const ProgramPtr& program, const CoverageMap& map, unsigned threads = 1,
                           trace::Sink* sink = nullptr) {
    drivers::RunOptions options;
    options.coverage = &map;
    options.threads = threads;
    options.sink = sink;
    return drivers::run(*program, options);
}

// All cases together: the totals, then the lines.
std::string report(const std::string& text) {
    CoverageReport made;
    for (const ProgramPtr& program : load_cases(text)) {
        const CoverageMap map(*program);
        made.add(*program, map, covered(program, map).coverage);
    }
    return made.totals() + "\n" + made.lines({});
}

std::string shop(const std::string& more) {
    return R"js({"scenario": "t", "services": {
"Orders": {"on": {
"Place": [
 {"if": "msg.amount > 10", "then": [{"log": "much"}]},
 {"call": "Bank.Charge", "data": {"amount": "${msg.amount}"}, "timeout": "50ms",
  "onError": {"rejected": [{"log": "no"}], "unknown": [{"log": "who knows"}]}}],
"Cancel": [{"log": "gone"}]}},
"Bank": {"api": {"Charge": [{"if": "msg.amount > 50", "reject": "TooMuch"}, {"reply": {}}]}}},
"allow": ["unsent-event"],
"workload": [{"publish": "Place", "data": {"amount": 5}}],
)js" + more +
           "}";
}

}  // namespace

TEST_CASE("what no case has reached is listed kind by kind") {
    CHECK(
        report(shop(R"("cases": {"one": {}})")) ==
        "handlers 2/3, branches 2/6, outcomes 1/4, points 15/22\n"
        "  never begun   test.json:7  Orders.Cancel\n"
        "  never taken   test.json:8  Bank.Charge: if msg.amount > 50: true\n"
        "  never taken   test.json:4  Orders.Place: if msg.amount > 10: true\n"
        "  never taken   test.json:5  Orders.Place: onError of call Bank.Charge: rejected, "
        "unknown\n"
        "  never came    test.json:5  Orders.Place: call Bank.Charge: rejected, failed, unknown\n");
}

TEST_CASE("the cases of a file reach what one of them reaches") {
    CHECK(report(shop(R"js("cases": {
"small": {}, "much": {"workload": [{"publish": "Place", "data": {"amount": 80}}]},
"lost": {"faults": [{"dropReply": "Bank.Charge"}]},
"crash": {"faults": [{"crash": "Orders", "point": "after call Bank.Charge", "during": "Place"}]},
"cancelled": {"workload": [{"publish": "Cancel"}]}})js")) ==
          "handlers 3/3, branches 6/6, outcomes 3/4, points 22/22 (1 struck by faults)\n"
          "  never came    test.json:5  Orders.Place: call Bank.Charge: failed\n");
}

TEST_CASE("options, fallbacks and compensations are spots") {
    const std::string text = R"js({"scenario": "t", "services": {
"S": {"sagas": {"Do": {"id": "msg.id", "steps": [
 {"choose": ["a", "b"], "as": "x"},
 {"call": "T.One", "compensate": [{"call": "T.Undo"}]},
 {"call": "T.Two", "fallback": 1, "as": "y"}]}}},
"T": {"api": {"One": [{"reply": 1}], "Two": [{"reply": 2}], "Undo": [{"reply": 3}]}}},
"workload": [{"call": "S.Do", "data": {"id": "i-1"}}]})js";
    const std::string told = report(text);
    INFO(told);
    CHECK(told.starts_with("handlers 3/4, branches 1/3, outcomes 2/12, compensations 0/1, "));
    for (const char* line : {"  never begun   test.json:6  T.Undo\n",
                             "  never taken   test.json:3  S.Do: choose: \"b\"\n",
                             "  never taken   test.json:5  S.Do: fallback of call T.Two\n",
                             "  never run     test.json:4  S.Do: compensate T.One\n"}) {
        INFO(line);
        CHECK(told.find(line) != std::string::npos);
    }
}

TEST_CASE("points that no handling can pass are not missed") {
    const std::string told = report(R"js({"scenario": "t", "services": {
"S": {"api": {"Do": {"takes": "1ms", "steps": [{"reply": 1}]}}}},
"workload": [{"call": "S.Do"}]})js");
    CHECK(told == "handlers 1/1, points 6/6\n");
}

TEST_CASE("noting coverage changes nothing and is the same for any number of threads") {
    std::size_t reached = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        GeneratorSettings settings;
        settings.seed = seed;
        settings.latency_zero = seed % 3 == 2;
        settings.load = seed % 20 == 7 ? 100 : 1;
        const std::string text = generate(settings);
        INFO("seed " << seed);
        INFO(text);
        const ProgramPtr program = load(text);
        const CoverageMap map(*program);
        const Ran plain = run(program);
        Records records;
        const drivers::RunResult noted = covered(program, map, 1, &records);
        REQUIRE(difference(lines(*program, plain.records), lines(*program, records.all)).empty());
        CHECK(summary(noted) == summary(plain.result));
        CHECK(plain.result.coverage.size() == 0);
        reached += noted.coverage.size();
        Coverage threaded = covered(program, map, 8).coverage;
        CHECK(threaded.size() == noted.coverage.size());
        CHECK_FALSE(threaded.unite(noted.coverage));
    }
    CHECK(reached > 1000);
}
