// The audit of the reduction: on random systems, the reduced search finds what the full one finds.
//
//     SAGALAB_AUDIT_SEEDS=100000 build/test/tests/sagalab-tests "*reduced search*"
//
// A system that fails is shrunk and printed; it belongs into reduction_test.cpp then.
#include <cstdlib>
#include <string>

#include "drivers/run.h"
#include "explore/counterexample.h"
#include "explore/prepare.h"
#include "explore/replay.h"
#include "support/catch.h"
#include "support/compare.h"
#include "support/naive.h"
#include "support/systems.h"

using namespace sagalab;
using namespace sagalab::test;

namespace {

constexpr std::uint64_t most_states = 1500;

// Sanitizers make every step several times as slow: an eighth is enough for them.
#if defined(__has_feature)
#define SAGALAB_HAS_FEATURE(name) __has_feature(name)
#else
#define SAGALAB_HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    SAGALAB_HAS_FEATURE(address_sanitizer) || SAGALAB_HAS_FEATURE(thread_sanitizer)
constexpr std::uint64_t share = 8;
#else
constexpr std::uint64_t share = 1;
#endif

std::uint64_t seeds() {
    const char* wanted = std::getenv("SAGALAB_AUDIT_SEEDS");
    constexpr std::uint64_t usual = 480 / share;
    return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : usual;
}

std::uint64_t first_seed() {
    const char* wanted = std::getenv("SAGALAB_AUDIT_FIRST");
    return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 1;
}

// What is wrong with the searches of a system; empty: nothing, or too big to tell.
std::string wrong(const program::Program& program, Comparison& comparison, bool thoroughly) {
    comparison = compare(program, most_states);
    if (comparison.too_big || !comparison.difference.empty()) return comparison.difference;
    std::string found = differs_on_threads(program, comparison.reduced, 2);
    if (found.empty() && thoroughly) found = differs_on_threads(program, comparison.reduced, 8);
    if (found.empty()) found = unconfirmed(program, comparison.reduced);
    return found;
}

std::string shrunk(const System& system) {
    const System small = smallest(system, [](const System& each) {
        const auto program = explorable(each.text());
        Comparison comparison;
        return program && !wrong(*program, comparison, true).empty();
    });
    return small.text();
}

struct Tally {
    std::uint64_t compared = 0;
    std::uint64_t too_big = 0;
    std::uint64_t full = 0;
    std::uint64_t reduced = 0;
    std::uint64_t halved = 0;
    std::uint64_t several_ends = 0;
    std::uint64_t violated = 0;
    std::uint64_t violated_by_faults = 0;

    void add(const Comparison& comparison) {
        if (comparison.too_big) {
            ++too_big;
            return;
        }
        ++compared;
        full += comparison.full.states;
        reduced += comparison.reduced.states;
        if (2 * comparison.reduced.states <= comparison.full.states) ++halved;
        if (comparison.full.quiescent > 1) ++several_ends;
        if (!comparison.full.violations.empty()) ++violated;
        bool faults = false;
        for (const auto& violation : comparison.full.violations) {
            faults = faults || violation.faults != 0;
        }
        if (faults) ++violated_by_faults;
    }
};

// The first of the seeds, and so many of them.
Tally audit(System (*make)(std::uint64_t), std::uint64_t first, std::uint64_t count) {
    Tally tally;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        const System system = make(seed);
        const auto program = explorable(system.text());
        INFO("seed " << seed << "\n" << system.text());
        REQUIRE(program);
        Comparison comparison;
        const std::string found = wrong(*program, comparison, seed % 16 == 0);
        tally.add(comparison);
        if (found.empty()) continue;
        FAIL("seed " << seed << ": " << found << shrunk(system));
    }
    return tally;
}

}  // namespace

TEST_CASE("the reduced search finds what the full search finds") {
    const std::uint64_t count = seeds();
    const Tally tally = audit(random_system, first_seed(), count);
    INFO(tally.compared << " compared, " << tally.too_big << " too big; " << tally.full << " and "
                        << tally.reduced << " states, half of them or fewer in " << tally.halved
                        << "; several ends in " << tally.several_ends << ", violated "
                        << tally.violated << ", by faults " << tally.violated_by_faults);
    // A generator that makes trivial systems proves nothing; of few systems little can be said.
    if (share > 1) return;
    CHECK(tally.compared * 10 > count * 7);
    CHECK(tally.full > tally.compared * 80);
    CHECK(tally.reduced * 10 < tally.full * 9);
    CHECK(tally.halved * 20 > tally.compared);
    CHECK(tally.several_ends * 3 > tally.compared);
    CHECK(tally.violated * 4 > tally.compared);
    CHECK(tally.violated_by_faults * 10 > tally.compared);
}

TEST_CASE("the reduced search finds what the full search finds of pauses and partitions") {
    const std::uint64_t count = seeds() / 2;
    const Tally tally = audit(system_with_outages, first_seed(), count);
    INFO(tally.compared << " compared, " << tally.too_big << " too big; " << tally.full << " and "
                        << tally.reduced << " states; violated by faults "
                        << tally.violated_by_faults);
    if (share > 1) return;
    CHECK(tally.compared * 10 > count * 7);
    CHECK(tally.full > tally.compared * 80);
    CHECK(tally.reduced * 10 < tally.full * 9);
    CHECK(tally.violated_by_faults * 10 > tally.compared);
}

TEST_CASE("schedules of counterexamples are run as cases of their own") {
    std::uint64_t replayed = 0;
    for (std::uint64_t seed = 5000; seed < 5060; ++seed) {
        const auto program = explorable(random_system(seed).text());
        REQUIRE(program);
        const Comparison comparison = compare(*program, most_states);
        for (const explore::Violation& violation : comparison.reduced.violations) {
            const explore::Counterexample told =
                explore::tell(*program, explore::bounds_of(*program), violation);
            if (told.schedule.empty()) continue;
            program::Program pinned = *program;
            pinned.schedule = told.schedule;
            for (unsigned threads : {1U, 2U}) {
                drivers::RunOptions options;
                options.threads = threads;
                const drivers::RunResult ran = explore::run(pinned, options);
                bool broken = false;
                for (const expect::Verdict& verdict : ran.verdicts) {
                    broken = broken || (!verdict.holds && verdict.name == told.verdict.name);
                }
                INFO("seed " << seed << ": " << told.verdict.name);
                CHECK(broken);
            }
            ++replayed;
        }
    }
    CHECK(replayed > 20);
}

TEST_CASE("the full search reaches what trying every order one by one reaches") {
    std::uint64_t compared = 0;
    std::uint64_t paths = 0;
    std::uint64_t several = 0;
    for (std::uint64_t seed = 1; seed <= 400 / share; ++seed) {
        System system = random_system(seed);
        const bool reorder = seed % 4 != 0;
        system.explore = {reorder ? R"("reorder": true)" : R"("reorder": false)"};
        system.expect.clear();
        const auto program = explorable(system.text());
        REQUIRE(program);
        const Tried tried = try_every_order(*program, reorder, 1500);
        if (tried.given_up) continue;
        explore::SearchOptions options;
        options.reduce = false;
        options.keep_going = true;
        const auto found = explore::search(*program, explore::bounds_of(*program), options);
        INFO("seed " << seed << "\n" << system.text());
        CHECK(tried.ends.size() == found.quiescent);
        CHECK(tried.sum() == found.quiescent_worlds);
        ++compared;
        paths += tried.paths;
        if (tried.stores.size() > 1) ++several;
        CHECK(tried.stores.size() <= tried.ends.size());
    }
    INFO(compared << " compared, " << paths << " paths, several stores in " << several);
    CHECK(compared * 3 > 400 / share);
    CHECK(paths > 50 * compared);
    CHECK(several * 20 > 400 / share);
}
