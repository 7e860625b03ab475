// Each rule of the reduction is needed, and systems that it once got wrong (tests/explore/systems).
#include "explore/reduction.h"

#include <fstream>
#include <iterator>
#include <string>

#include "support/catch.h"
#include "support/compare.h"

using namespace sagalab;
using namespace sagalab::test;
using explore::Rule;

namespace {

std::shared_ptr<const program::Program> system_of(const std::string& name) {
    std::ifstream file(std::string(SAGALAB_TESTS_DIR) + "/explore/systems/" + name + ".json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto program = explorable(text);
    INFO(name);
    REQUIRE(program);
    return program;
}

constexpr std::uint64_t most_states = 5000;

}  // namespace

TEST_CASE("a reduction that leaves out a rule loses something") {
    struct Row {
        Rule rule;
        const char* system;
    };
    const Row rows[] = {
        {Rule::link_tails, "link-tails"}, {Rule::futures, "futures"},
        {Rule::go_first, "go-first"},     {Rule::late_time, "late-time"},
        {Rule::late_links, "late-links"}, {Rule::claims, "claims"},
        {Rule::running, "running"},       {Rule::crashes, "crashes"},
        {Rule::outages, "pauses"},        {Rule::outages, "cuts"},
    };
    for (const Row& row : rows) {
        INFO(row.system);
        const auto program = system_of(row.system);
        const Comparison whole = compare(*program, most_states);
        CHECK_FALSE(whole.too_big);
        CHECK(whole.difference.empty());
        CHECK_FALSE(compare(*program, most_states, row.rule).difference.empty());
    }
}

TEST_CASE("systems that were searched wrongly once") {
    for (const char* name : {"macro-table",
                             "stall-before-receive",
                             "restart-and-work",
                             "set-aside",
                             "timed-names",
                             "awaited-event",
                             "broken-from-the-start",
                             "held-for-a-restart",
                             "end-of-a-stall",
                             "dead-letters",
                             "sent-again",
                             "set-aside-by-a-reply",
                             "lag-of-a-projection",
                             "waits-for-a-worker",
                             "held-outbox",
                             "needed-by-a-restart",
                             "held-by-a-restart",
                             "scheduled-while-down",
                             "failing-write-and-choice",
                             "pinned-restart"}) {
        INFO(name);
        const auto program = system_of(name);
        const Comparison comparison = compare(*program, most_states);
        CHECK_FALSE(comparison.too_big);
        CHECK(comparison.difference.empty());
        CHECK(differs_on_threads(*program, comparison.reduced, 2).empty());
        CHECK(unconfirmed(*program, comparison.reduced).empty());
    }
}

TEST_CASE("a handler is not held before it has begun") {
    const auto program = system_of("stall-before-receive");
    const Comparison comparison = compare(*program, most_states);
    CHECK(comparison.full.quiescent == 2);  // the call is answered in time, or it is not
}
