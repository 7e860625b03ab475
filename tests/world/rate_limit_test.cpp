// What a gateway lets through of each user: a bucket that fills evenly, at its exact edges.
#include <algorithm>
#include <array>

#include "base/random.h"
#include "world/gateways.h"

using namespace sagalab;
using namespace sagalab::test;

namespace {

Scenario limited(const std::string& rate, const std::string& workload) {
    return gate(R"("tokens": {"a": {"name": "ann"}, "b": {"name": "bob"}, "c": {"name": "ann"}},
        "routes": {"GET /a": {"rateLimit": ")" +
                    rate + R"(", "steps": []}, "GET /b/{x}": {"rateLimit": "1/s", "steps": []}})",
                workload);
}

std::string ann(const std::string& at, const std::string& token = "a") {
    static constexpr const char* end = R"("})";
    return R"({"at": ")" + at + R"(", "request": "GET /a", "to": "Gate", "as": "at_)" + at + "_" +
           token + R"(", "token": ")" + token + end;
}

}  // namespace

TEST_CASE("gateway: a limit lets a second's worth through at once, then one in each interval") {
    const std::string burst =
        R"({"every": "0ms", "times": 11, "request": "GET /a", "to": "Gate", "token": "a",
            "as": "r${i}"})";
    const Ran ran = run(limited("10/s", burst + "," + ann("99999999ns") + "," + ann("100ms") + "," +
                                            ann("199999999ns") + "," + ann("200ms")));
    for (int i = 0; i < 10; ++i) CHECK(status(ran, "r" + std::to_string(i)) == "200");
    CHECK(status(ran, "r10") == "429");
    CHECK(status(ran, "at_99999999ns_a") == "429");
    CHECK(status(ran, "at_100ms_a") == "200");
    CHECK(status(ran, "at_199999999ns_a") == "429");
    CHECK(status(ran, "at_200ms_a") == "200");
}

TEST_CASE("gateway: slow limits let one through") {
    CHECK(statuses(run(limited("0.5/s", ann("0ms") + "," + ann("1999999999ns") + "," + ann("2s") +
                                            "," + ann("3s") + "," + ann("4s")))) ==
          "200 429 200 429 200");
    CHECK(statuses(run(limited(
              "30/m", ann("0ms") + "," + ann("1999999999ns") + "," + ann("2s")))) == "200 429 200");
    // An interval that is no whole number is rounded up.
    CHECK(statuses(run(limited("3/s", ann("0ms") + "," + ann("1ns") + "," + ann("2ns") + "," +
                                          ann("3ns") + "," + ann("333333333ns") + "," +
                                          ann("333333334ns")))) == "200 200 200 429 429 200");
}

TEST_CASE("gateway: each user has a bucket of his own on each route, whatever token and path") {
    const auto other = [](const std::string& path, const std::string& as) {
        return request("3ms", "GET /b/" + path, as, R"(, "token": "a")");
    };
    const Ran ran = run(limited("1/s", ann("0ms") + "," + ann("1ms", "b") + "," + ann("2ms", "c") +
                                           "," + other("1", "x") + "," + other("2", "y")));
    CHECK(statuses(ran) == "200 200 429 200 429");
}

TEST_CASE("gateway: a request that is refused takes nothing from the bucket") {
    const std::string refused =
        R"({"every": "100ms", "times": 9, "at": "50ms", "request": "GET /a", "to": "Gate",
            "token": "a", "as": "r${i}"})";
    const Ran ran = run(limited("1/s", ann("0ms") + "," + refused + "," + ann("1s")));
    for (int i = 0; i < 9; ++i) CHECK(status(ran, "r" + std::to_string(i)) == "429");
    CHECK(status(ran, "at_1s_a") == "200");
}

TEST_CASE("gateway: a crash forgets the limits") {
    Scenario scenario = limited("1/s", ann("0ms") + "," + ann("10ms") + "," + ann("50ms"));
    scenario.faults = R"({"crash": "Gate", "at": "20ms", "restartAfter": "10ms"})";
    CHECK(statuses(run(scenario)) == "200 429 200");
}

TEST_CASE("gateway: limits are those of a bucket that fills evenly") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        std::uint64_t draws = 0;
        const auto next = [&](std::uint64_t bound) {
            return scale(draw(seed, Purpose::choice, Hash128{}.with(++draws)), bound);
        };
        const std::array<Nanos, 3> rates = {2, 8, 20};
        const Nanos rate = rates[next(rates.size())];
        const Nanos interval = second / rate;
        std::string workload;
        std::string expected;
        Nanos level = rate * interval;  // a full bucket, in nanoseconds of filling
        Nanos before = 0;
        Nanos at = 0;
        for (int i = 0; i < 60; ++i) {
            at += static_cast<Nanos>(next(4) == 0 ? next(1500) : next(60)) * millisecond + 1;
            level = std::min(rate * interval, level + at - before);
            before = at;
            const bool passes = level >= interval;
            if (passes) level -= interval;
            expected += (i > 0 ? " " : "") + std::string(passes ? "200" : "429");
            workload += (i > 0 ? "," : "") + ann(std::to_string(at) + "ns");
        }
        INFO("seed " << seed);
        CHECK(statuses(run(limited(std::to_string(rate) + "/s", workload))) == expected);
    }
}
