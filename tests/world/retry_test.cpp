#include "world/retry.h"

#include <algorithm>

#include "support/catch.h"

using namespace sagalab;
using world::may_retry;
using world::retry_delay;

namespace {

program::Retry policy(Nanos delay, std::int64_t backoff_millionths, Nanos max_delay) {
    program::Retry retry;
    retry.delay = delay;
    retry.backoff_millionths = backoff_millionths;
    retry.max_delay = max_delay;
    return retry;
}

std::vector<Nanos> first_delays(const program::Retry& retry, std::uint32_t count) {
    std::vector<Nanos> delays;
    for (std::uint32_t n = 1; n <= count; ++n) {
        delays.push_back(retry_delay(retry, n, 1, Hash128{}) / millisecond);
    }
    return delays;
}

using Delays = std::vector<Nanos>;

}  // namespace

TEST_CASE("a delay grows by its factor up to its bound") {
    CHECK(first_delays(policy(50 * millisecond, 2'000'000, second), 7) ==
          Delays{50, 100, 200, 400, 800, 1000, 1000});
    CHECK(first_delays(policy(100 * millisecond, 1'500'000, 400 * millisecond), 6) ==
          Delays{100, 150, 225, 337, 400, 400});
    CHECK(first_delays(policy(30 * millisecond, 1'000'000, second), 3) == Delays{30, 30, 30});
    CHECK(first_delays(policy(2 * second, 2'000'000, second), 2) == Delays{1000, 1000});
    CHECK(first_delays(policy(0, 2'000'000, second), 3) == Delays{0, 0, 0});
    CHECK(first_delays(policy(80 * millisecond, 500'000, second), 3) == Delays{80, 40, 20});
}

TEST_CASE("a delay neither overflows nor takes for ever to work out") {
    const program::Retry retry = policy(hour, 9'000'000'000'000, never);
    CHECK(retry_delay(retry, 1'000'000'000, 1, Hash128{}) == never);
    CHECK(retry_delay(policy(1, 1'000'000, never), 4'000'000'000U, 1, Hash128{}) == 1);
    CHECK(retry_delay(policy(0, 3'000'000, never), 4'000'000'000U, 1, Hash128{}) == 0);
}

TEST_CASE("full jitter lies between nothing and the whole delay") {
    program::Retry retry = policy(10, 2'000'000, 40);
    retry.jitter = true;
    for (std::uint32_t attempt = 1; attempt <= 4; ++attempt) {
        const Nanos full = attempt == 1 ? 10 : attempt == 2 ? 20 : 40;
        Nanos least = full;
        Nanos most = 0;
        for (std::uint64_t i = 0; i < 2000; ++i) {
            const Nanos delay = retry_delay(retry, attempt, 7, Hash128{}.with(i));
            least = std::min(least, delay);
            most = std::max(most, delay);
        }
        CHECK(least == 0);
        CHECK(most == full);
    }
    const Hash128 name = Hash128{}.with(3);
    CHECK(retry_delay(retry, 3, 7, name) == retry_delay(retry, 3, 7, name));
    bool differs = false;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        differs = differs || retry_delay(retry, 3, seed, name) != retry_delay(retry, 3, 7, name);
    }
    CHECK(differs);
}

TEST_CASE("tries end by number and by time") {
    program::Retry retry = policy(10, 2'000'000, 40);
    retry.max_attempts = 3;
    CHECK(may_retry(retry, 1, 0, 10));
    CHECK(may_retry(retry, 2, 0, 10));
    CHECK_FALSE(may_retry(retry, 3, 0, 10));
    CHECK_FALSE(may_retry(retry, 4, 0, 10));
    retry.max_attempts = 0;  // for ever
    CHECK(may_retry(retry, 4'000'000'000U, 0, never));
    retry.max_elapsed = 100;
    CHECK(may_retry(retry, 50, 1000, 1100));
    CHECK_FALSE(may_retry(retry, 50, 1000, 1101));
    retry.max_attempts = 1;
    CHECK_FALSE(may_retry(retry, 1, 1000, 1000));
}
