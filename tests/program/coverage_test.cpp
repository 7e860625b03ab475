// Sets of spots, and how the spots of a program are numbered.
#include "program/coverage.h"

#include <set>

#include "support/draws.h"
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using program::Coverage;
using program::CoverageMap;
using program::Spot;
using program::SpotKind;

TEST_CASE("a coverage is a set of numbers") {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        INFO("seed " << seed);
        test::Source source(seed);
        std::set<std::uint32_t> expected[2];
        Coverage found[2];
        for (int i = 0; i < 2; ++i) {
            const std::uint64_t bound = 1 + source.below(400);
            for (std::uint64_t n = source.below(60); n > 0; --n) {
                const auto spot = static_cast<std::uint32_t>(source.below(bound));
                expected[i].insert(spot);
                found[i].add(spot);
            }
        }
        std::set<std::uint32_t> both = expected[0];
        both.insert(expected[1].begin(), expected[1].end());
        CHECK(found[0].unite(found[1]) == (both.size() > expected[0].size()));
        CHECK_FALSE(found[0].unite(found[1]));
        CHECK(found[0].size() == both.size());
        for (std::uint32_t spot = 0; spot < 500; ++spot) {
            REQUIRE(found[0].has(spot) == (both.count(spot) > 0));
        }
    }
}

TEST_CASE("every spot has the number under which it is found") {
    const ProgramPtr program = load(R"js({"scenario": "t", "services": {
"A": {"store": {"t": {}}, "on": {"E": [
  {"choose": [1, 2, 3], "as": "x"},
  {"if": "x > 1", "then": [{"log": "hm"}]},
  {"call": "B.Do", "fallback": 5, "as": "y", "onError": {"rejected": [], "Late": []}}]}},
"B": {"api": {"Do": [{"reply": 1}]}}},
"workload": [{"publish": "E"}, {"call": "B.Do"}]})js");
    const CoverageMap map(*program);
    int counts[9] = {};
    for (const Spot& spot : map.spots()) ++counts[static_cast<int>(spot.kind)];
    CHECK(counts[static_cast<int>(SpotKind::handler)] == 2);
    CHECK(counts[static_cast<int>(SpotKind::condition)] == 2);
    CHECK(counts[static_cast<int>(SpotKind::option)] == 3);
    CHECK(counts[static_cast<int>(SpotKind::arm)] == 2);
    CHECK(counts[static_cast<int>(SpotKind::fallback)] == 1);
    CHECK(counts[static_cast<int>(SpotKind::outcome)] == 4);
    CHECK(counts[static_cast<int>(SpotKind::point)] == static_cast<int>(program->points.size()));
    CHECK(counts[static_cast<int>(SpotKind::strike)] == static_cast<int>(program->points.size()));
    for (std::uint32_t i = 0; i < map.spots().size(); ++i) {
        const Spot& spot = map.spots()[i];
        std::uint32_t number = CoverageMap::absent;
        switch (spot.kind) {
            case SpotKind::handler: number = map.handler(spot.handler); break;
            case SpotKind::condition:
            case SpotKind::option:
            case SpotKind::outcome: number = map.own(spot.instruction) + spot.number; break;
            case SpotKind::arm: number = map.first_arm(spot.instruction) + spot.number; break;
            case SpotKind::fallback: number = map.fallback(spot.instruction); break;
            case SpotKind::compensation:
                number = map.compensation((*program)[spot.handler].saga, spot.number);
                break;
            case SpotKind::point: number = map.point(spot.number); break;
            case SpotKind::strike: number = map.strike(spot.number); break;
        }
        CHECK(number == i);
    }
}
