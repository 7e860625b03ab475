#include "support/slow_twin.h"

#include <utility>

#include "support/worlds.h"

namespace sagalab::test {
namespace {

constexpr std::uint64_t steps_max = 30'000;

}  // namespace

Twin run_slowly(const program::Program& program, std::uint64_t most) {
    Twin twin;
    twin.world = world::initial_world(program);
    world::Interest interest;
    interest.everything = true;
    Records sink;
    bool asserted = false;
    while (twin.steps < most && !asserted) {
        const std::vector<world::Choice> choices = world::enabled(twin.world);
        if (choices.empty()) break;
        const std::size_t before = sink.all.size();
        world::apply(program, interest, twin.world, choices.front(), &sink);
        ++twin.steps;
        for (std::size_t i = before; i < sink.all.size(); ++i) {
            asserted = asserted || sink.all[i].kind == trace::RecordKind::assertion;
        }
    }
    twin.records = std::move(sink.all);
    return twin;
}

void check_agreement(const ProgramPtr& program, std::initializer_list<unsigned> threads) {
    const Twin twin = run_slowly(*program, steps_max);
    const std::vector<std::string> expected = lines(*program, twin.records);
    std::string result;
    for (const unsigned count : threads) {
        INFO(count << " threads");
        const Ran ran = run(program, count);
        INFO(difference(expected, lines(*program, ran.records)));
        REQUIRE(difference(expected, lines(*program, ran.records)).empty());
        CHECK(ran.result.events == twin.steps);
        if (result.empty()) result = summary(ran.result);
        CHECK(summary(ran.result) == result);
    }
    drivers::RunOptions unheard;
    CHECK(summary(drivers::run(*program, unheard)) == result);
}

}  // namespace sagalab::test
