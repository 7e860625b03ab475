// What holds of every world, tried on generated scenarios.
#include "base/random.h"
#include "support/generator.h"
#include "support/slow_twin.h"
#include "support/worlds.h"
#include "world/world.h"

using namespace sagalab;
using namespace sagalab::test;
using namespace sagalab::world;

namespace {

Interest everything() {
    Interest interest;
    interest.everything = true;
    return interest;
}

ProgramPtr generated(std::uint64_t seed, bool faults = true) {
    GeneratorSettings settings;
    settings.seed = seed;
    settings.latency_zero = seed % 5 == 0;
    settings.faults = faults;
    return load(generate(settings));
}

std::size_t pick(std::uint64_t seed, std::size_t step, std::size_t bound) {
    return scale(draw(seed, Purpose::schedule, Hash128{}.with(step)), bound);
}

// Takes a choice at random, not always the first: worlds that a plain run never sees.
Choice some_choice(const std::vector<Choice>& choices, std::uint64_t seed, std::size_t step) {
    return choices[pick(seed, step, choices.size())];
}

// The choice at the same service that takes up the same message, in a world where others moved.
bool same_choice(const Choice& a, const Choice& b) {
    return a.service == b.service && a.pick.timer == b.pick.timer && a.from == b.from &&
           a.ordered == b.ordered && a.time == b.time && a.pick.nth == b.pick.nth;
}

const Choice* find_choice(const std::vector<Choice>& choices, const Choice& wanted) {
    for (const Choice& choice : choices) {
        if (same_choice(choice, wanted)) return &choice;
    }
    return nullptr;
}

Hash128 after_both(const program::Program& program, World world, const Choice& first,
                   const Choice& second) {
    apply(program, everything(), world, first, nullptr);
    const std::vector<Choice> choices = enabled(world);
    const Choice* other = find_choice(choices, second);
    REQUIRE(other != nullptr);
    apply(program, everything(), world, *other, nullptr);
    // What follows must be equal, too.
    for (int i = 0; i < 20; ++i) {
        const std::vector<Choice> next = enabled(world);
        if (next.empty()) break;
        apply(program, everything(), world, next.front(), nullptr);
    }
    return world.fingerprint();
}

}  // namespace

TEST_CASE("a step of a copy is the step of the original and leaves it alone") {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        INFO("seed " << seed);
        const ProgramPtr program = generated(seed);
        World world = initial_world(*program);
        for (std::size_t step = 0; step < 120; ++step) {
            const std::vector<Choice> choices = enabled(world);
            if (choices.empty()) break;
            const Choice choice = some_choice(choices, seed, step);
            const World before = world;
            const Hash128 print = before.fingerprint();
            World copy = world;
            Records one;
            Records two;
            apply(*program, everything(), world, choice, &one);
            apply(*program, everything(), copy, choice, &two);
            REQUIRE(world.fingerprint() == copy.fingerprint());
            REQUIRE(difference(lines(*program, one.all), lines(*program, two.all)).empty());
            REQUIRE(before.fingerprint() == print);
        }
    }
}

TEST_CASE("the same choices lead to the same world and others rarely do") {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        INFO("seed " << seed);
        const ProgramPtr program = generated(seed);
        Hash128 prints[2];
        for (Hash128& print : prints) {
            World world = initial_world(*program);
            for (std::size_t step = 0; step < 200; ++step) {
                const std::vector<Choice> choices = enabled(world);
                if (choices.empty()) break;
                apply(*program, everything(), world, some_choice(choices, seed, step), nullptr);
                print = print.with(world.fingerprint());
            }
        }
        CHECK(prints[0] == prints[1]);
    }
}

TEST_CASE("every step makes another world") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        INFO("seed " << seed);
        const ProgramPtr program = generated(seed);
        World world = initial_world(*program);
        Hash128 last = world.fingerprint();
        for (std::size_t step = 0; step < 100; ++step) {
            const std::vector<Choice> choices = enabled(world);
            if (choices.empty()) break;
            apply(*program, everything(), world, choices.front(), nullptr);
            REQUIRE(world.fingerprint() != last);
            last = world.fingerprint();
        }
    }
}

TEST_CASE("what different services take up commutes") {
    std::size_t pairs = 0;
    for (std::uint64_t seed = 0; seed < 80; ++seed) {
        INFO("seed " << seed);
        const ProgramPtr program = generated(seed);
        World world = initial_world(*program);
        for (std::size_t step = 0; step < 60; ++step) {
            const std::vector<Choice> choices = enabled(world);
            if (choices.empty()) break;
            const Choice a = choices.front();
            for (const Choice& b : choices) {
                // Messages beside a link are named by their place, which arrivals may change.
                if (b.service == a.service || a.pick.nth != 0 || b.pick.nth != 0) continue;
                if (a.time != b.time || a.pick.timer != b.pick.timer) continue;
                INFO("step " << step);
                REQUIRE(after_both(*program, world, a, b) == after_both(*program, world, b, a));
                ++pairs;
                break;
            }
            apply(*program, everything(), world, a, nullptr);
        }
    }
    CHECK(pairs > 200);
}

TEST_CASE("deliveries that touch different rows commute") {
    Scenario scenario;
    scenario.services = R"js("A": {"store": {"t": {}}, "api": {"Op": [
  {"upsert": "t", "key": "msg.id", "set": {"n": "${get(row, 'n', 0) + 1}"}}, {"reply": {}}]}})js";
    scenario.workload = R"({"call": "A.Op", "every": "0ms", "times": 6, "data": {"id": "o-${i}"}})";
    const ProgramPtr program = load(scenario);
    World world = initial_world(*program);
    for (int i = 0; i < 6; ++i) {
        apply(*program, everything(), world, enabled(world).front(), nullptr);
    }
    const auto in_order = [&](std::vector<std::size_t> order) {
        World copy = world;
        for (const std::size_t nth : order) {
            apply(*program, everything(), copy, enabled(copy)[nth], nullptr);
        }
        return copy.fingerprint();
    };
    const Hash128 forward = in_order({0, 0, 0, 0, 0, 0});
    CHECK(in_order({5, 4, 3, 2, 1, 0}) == forward);
    CHECK(in_order({3, 0, 2, 2, 1, 0}) == forward);
    CHECK(in_order({0, 0, 0, 0, 0}) != forward);
}

TEST_CASE("the generator makes scenarios that do something and come to rest") {
    std::size_t delivered = 0;
    std::size_t sagas = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const Ran ran = run(generated(seed));
        INFO("seed " << seed << " " << ran.result.message);
        CHECK(ran.result.ending == drivers::Ending::quiescent);
        delivered += ran.result.messages;
        sagas += ran.count(trace::RecordKind::saga_state);
    }
    CHECK(delivered > 1000);
    CHECK(sagas > 20);
}
