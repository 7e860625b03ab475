// Windows with thousands of messages, whose services share the work on strands.
#include "drivers/strands.h"

#include <algorithm>
#include <atomic>

#include "support/slow_twin.h"
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;

namespace {

// Six services that count, pass on and call each other, with `orders` orders at one instant.
std::string crowd(std::uint64_t orders, std::string_view latency) {
    std::string services;
    for (int i = 0; i < 6; ++i) {
        const std::string number = std::to_string(i);
        const std::string next = std::to_string((i + 1) % 6);
        services += "\"S" + number + R"(": {"store": {"seen": {}, "sums": {}}, "on": {"Order": [
  {"insert": "seen", "key": "msg.id", "row": {"n": "${msg.n}"}},
  {"upsert": "sums", "key": "'all'", "set": {"sum": "${get(row, 'sum', 0) + msg.n}"}},
  {"if": "msg.n % 7 == )" +
                    number + R"(", "then": [
    {"call": "S)" + next +
                    R"(.Ask", "copy": ["n"], "as": "answer"},
    {"upsert": "sums", "key": "'asked'", "set": {"sum": "${get(row, 'sum', 0) + answer.n}"}}]}]},
 "api": {"Ask": [{"if": "msg.n % 5 == 0", "then": [{"wait": "1ms"}]}, {"reply": {"n": "${msg.n * 2}"}}]}},
)";
    }
    services += R"("Log": {"store": {"rows": {}}})";
    Scenario scenario;
    scenario.services = services;
    scenario.more = R"("bus": {"latency": ")" + std::string(latency) +
                    R"("}, "network": {"latency": ")" + std::string(latency) + R"("},)";
    scenario.workload = R"({"publish": "Order", "every": "0ms", "times": )" +
                        std::to_string(orders) + R"(, "data": {"id": "o-${i}", "n": "${i}"}})";
    scenario.expect = R"js("always": {"no row is negative": "S0.seen.all(k, o, o.n >= 0)"},
"finally": {"every order was seen": "size(S5.seen) == )js" +
                      std::to_string(orders) + "\"}";
    return scenario.text();
}

}  // namespace

TEST_CASE("strands give the trace of one thread") {
    const ProgramPtr program = load(crowd(3000, "1ms"));
    const Ran one = run(program, 1);
    REQUIRE(one.result.passed);
    CHECK(one.result.messages > 18'000);
    const std::vector<std::string> expected = lines(*program, one.records);
    for (const unsigned threads : {2U, 3U, 8U}) {
        INFO(threads);
        const Ran ran = run(program, threads);
        REQUIRE(difference(expected, lines(*program, ran.records)).empty());
        CHECK(summary(ran.result) == summary(one.result));
    }
}

TEST_CASE("strands give the trace of the slow twin, with latency and without") {
    for (const char* latency : {"1ms", "0ms"}) {
        INFO(latency);
        const ProgramPtr program = load(crowd(150, latency));
        const Twin twin = run_slowly(*program, 100'000);
        const Ran ran = run(program, 4);
        const std::string differs =
            difference(lines(*program, twin.records), lines(*program, ran.records));
        INFO(differs);
        CHECK(differs.empty());
        CHECK(ran.result.passed);
    }
}

TEST_CASE("a run that ends within a crowded window ends at the same item for any threads") {
    for (const char* more :
         {R"("limits": {"events": 7777},)", R"("limits": {"memory": "900K"},)"}) {
        std::string text = crowd(3000, "1ms");
        text.insert(text.find("\"services\""), more);
        const ProgramPtr program = load(text);
        const Ran one = run(program, 1);
        CHECK(one.result.ending == drivers::Ending::limit);
        for (const unsigned threads : {2U, 8U}) {
            const Ran ran = run(program, threads);
            CHECK(summary(ran.result) == summary(one.result));
            REQUIRE(difference(lines(*program, one.records), lines(*program, ran.records)).empty());
        }
    }
}

TEST_CASE("work on one strand keeps its order and never runs beside itself") {
    drivers::Strands strands(4, 3);
    std::vector<std::vector<int>> done(3);
    std::atomic<int> left{3 * 500};
    std::atomic<bool> all{false};
    for (int i = 0; i < 500; ++i) {
        for (std::uint32_t service = 0; service < 3; ++service) {
            strands.post(ServiceId(service), [&, service, i] {
                done[service].push_back(i);
                if (left.fetch_sub(1) != 1) return;
                all.store(true);
                all.notify_all();
            });
        }
    }
    strands.help_until(all);
    for (const std::vector<int>& numbers : done) {
        REQUIRE(numbers.size() == 500);
        CHECK(std::is_sorted(numbers.begin(), numbers.end()));
    }
}
