#include "world/timer.h"

#include <algorithm>

#include "base/random.h"
#include "support/catch.h"

using namespace sagalab;
using world::Timer;
using world::Timers;

namespace {

Timer random_timer(std::uint64_t number) {
    const std::uint64_t bits = draw(3, Purpose::choice, Hash128{}.with(number));
    Timer timer;
    timer.due = static_cast<Nanos>(bits % 20);
    timer.round = static_cast<std::uint32_t>(bits >> 40U) % 3;
    timer.number = number;
    timer.wait = Hash128{}.with(number);
    return timer;
}

}  // namespace

TEST_CASE("timers come by time, round and the order in which they were set") {
    Timers timers;
    std::vector<Timer> expected;
    for (std::uint64_t i = 0; i < 300; ++i) {
        timers.push(random_timer(i));
        expected.push_back(random_timer(i));
    }
    std::sort(expected.begin(), expected.end(),
              [](const Timer& a, const Timer& b) { return a.before(b); });
    for (const Timer& timer : expected) {
        REQUIRE(timers.first() == timer);
        REQUIRE(timers.pop() == timer);
    }
    CHECK(timers.empty());
}

TEST_CASE("a purge keeps the live timers and their order") {
    Timers timers;
    for (std::uint64_t i = 0; i < 100; ++i) timers.push(random_timer(i));
    timers.purge([](const Timer& timer) { return timer.number % 3 == 0; });
    CHECK(timers.size() == 34);
    Timer last = timers.pop();
    while (!timers.empty()) {
        const Timer next = timers.pop();
        CHECK(last.before(next));
        CHECK(next.number % 3 == 0);
        last = next;
    }
}
