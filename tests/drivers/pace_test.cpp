// Runs tied to real time. Only lower bounds of real time are checked: machines may be slow.
#include <atomic>
#include <chrono>
#include <thread>

#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;

namespace {

using Clock = std::chrono::steady_clock;

ProgramPtr ticking(int times, const char* every) {
    Scenario scenario;
    scenario.services = R"("A": {"store": {"t": {}}, "on": {"E": [
  {"upsert": "t", "key": "'n'", "set": {"n": "${get(row, 'n', 0) + 1}"}}]}})";
    scenario.workload = R"({"publish": "E", "every": ")" + std::string(every) + R"(", "times": )" +
                        std::to_string(times) + "}";
    return load(scenario);
}

}  // namespace

TEST_CASE("a paced run takes its time and gives the same trace") {
    const ProgramPtr program = ticking(5, "10ms");
    const Ran fast = run(program);
    for (const unsigned threads : {1U, 2U}) {
        Records records;
        drivers::RunOptions options;
        options.threads = threads;
        options.pace = second;
        options.sink = &records;
        const Clock::time_point start = Clock::now();
        const drivers::RunResult result = drivers::run(*program, options);
        // The last window is the one with the last firing, at 40 ms.
        CHECK(Clock::now() - start >= std::chrono::milliseconds(38));
        CHECK(summary(result) == summary(fast.result));
        CHECK(difference(lines(*program, fast.records), lines(*program, records.all)).empty());
    }
}

TEST_CASE("a pace faster than real time is no wait at all") {
    const ProgramPtr program = ticking(100, "1h");
    drivers::RunOptions options;
    options.pace = 100'000 * hour;
    CHECK(drivers::run(*program, options).virtual_time == 99 * hour + millisecond);
}

TEST_CASE("a run that is stopped ends early and has not passed") {
    const ProgramPtr program = ticking(1000, "1s");
    std::atomic<bool> stop{false};
    drivers::RunOptions options;
    options.pace = second;
    options.stop = &stop;
    std::thread other([&stop] {
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
        stop.store(true);
    });
    const drivers::RunResult result = drivers::run(*program, options);
    other.join();
    CHECK(result.ending == drivers::Ending::interrupted);
    CHECK_FALSE(result.passed);
    CHECK(result.virtual_time < 1000 * second);
}

TEST_CASE("a run that is stopped before it begins does nothing") {
    const ProgramPtr program = ticking(10, "1ms");
    const std::atomic<bool> stop{true};
    drivers::RunOptions options;
    options.stop = &stop;
    const drivers::RunResult result = drivers::run(*program, options);
    CHECK(result.ending == drivers::Ending::interrupted);
    CHECK(result.events == 0);
}
