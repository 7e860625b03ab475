#include "world/latency.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <vector>

#include "support/catch.h"

using namespace sagalab;
using program::Latency;
using world::draw_interarrival;
using world::draw_latency;
using world::drawn_max;
using world::median_of;

namespace {

constexpr Latency constant = {Latency::Kind::constant, 3 * millisecond, 3 * millisecond};
constexpr Latency uniform = {Latency::Kind::uniform, millisecond, 5 * millisecond};
constexpr Latency exponential = {Latency::Kind::exponential, 5 * millisecond, 5 * millisecond};
constexpr Latency lognormal = {Latency::Kind::lognormal, millisecond, 5 * millisecond};
constexpr std::uint64_t per_second = 1'000'000;  // in millionths

Hash128 name(std::uint64_t number) { return hash_text128("PayOrder").with(number); }

// As many draws, the shortest first.
std::vector<Nanos> draws(const Latency& latency, std::uint64_t count) {
    std::vector<Nanos> all(count);
    for (std::uint64_t i = 0; i < count; ++i) all[i] = draw_latency(latency, 1, name(i));
    std::sort(all.begin(), all.end());
    return all;
}

double mean(const std::vector<Nanos>& all) {
    double sum = 0;
    for (Nanos one : all) sum += static_cast<double>(one);
    return sum / static_cast<double>(all.size());
}

double variance(const std::vector<Nanos>& all) {
    const double middle = mean(all);
    double sum = 0;
    for (Nanos one : all) sum += std::pow(static_cast<double>(one) - middle, 2);
    return sum / static_cast<double>(all.size() - 1);
}

// Which share of the sorted draws is at most `limit`.
double share(const std::vector<Nanos>& all, Nanos limit) {
    const auto end = std::upper_bound(all.begin(), all.end(), limit);
    return static_cast<double>(end - all.begin()) / static_cast<double>(all.size());
}

// Whether a share of `count` draws lies within 4 standard deviations of its probability.
bool likely(double found, double probability, double count) {
    const double deviation = std::sqrt(probability * (1 - probability) / count);
    return std::abs(found - probability) < 4 * deviation;
}

}  // namespace

// Traces of every version rest on these: they must not change.
TEST_CASE("latencies have the values they always had") {
    const Latency wide = {Latency::Kind::lognormal, microsecond, 5 * minute};
    const Nanos expected[][5] = {
        {1763070, 8283494, 545855, 32106277, 746745656},
        {4836193, 209069, 3332119, 317973887655, 457025248},
        {3606389, 2141643, 1309390, 721, 1004661581},
        {1620679, 9316175, 495658, 31, 7559743},
    };
    for (std::uint64_t i = 0; i < 4; ++i) {
        INFO(i);
        CHECK(draw_latency(uniform, 1, name(i)) == expected[i][0]);
        CHECK(draw_latency(exponential, 1, name(i)) == expected[i][1]);
        CHECK(draw_latency(lognormal, 1, name(i)) == expected[i][2]);
        CHECK(draw_latency(wide, 2, name(i)) == expected[i][3]);
        CHECK(draw_interarrival(3 * per_second, 1, name(i)) == expected[i][4]);
    }
}

TEST_CASE("latencies: a constant is drawn from nothing") {
    CHECK(draw_latency(constant, 1, name(1)) == 3 * millisecond);
    CHECK(draw_latency(constant, 2, name(2)) == 3 * millisecond);
    CHECK(draw_latency({Latency::Kind::constant, never, never}, 1, name(1)) == never);
    CHECK(median_of(constant) == 3 * millisecond);
}

TEST_CASE("latencies: the seed and the name decide") {
    for (const Latency& latency : {uniform, exponential, lognormal}) {
        const Nanos one = draw_latency(latency, 1, name(1));
        CHECK(draw_latency(latency, 1, name(1)) == one);
        CHECK(draw_latency(latency, 2, name(1)) != one);
        CHECK(draw_latency(latency, 1, name(2)) != one);
    }
    const Nanos gap = draw_interarrival(per_second, 1, name(1));
    CHECK(draw_interarrival(per_second, 1, name(1)) == gap);
    CHECK(draw_interarrival(per_second, 2, name(1)) != gap);
    CHECK(draw_interarrival(per_second, 1, name(2)) != gap);
}

TEST_CASE("latencies: uniform ones hit both bounds and all between alike") {
    std::map<Nanos, double> hits;
    for (Nanos one : draws({Latency::Kind::uniform, 3, 7}, 10'000)) ++hits[one];
    REQUIRE(hits.size() == 5);
    CHECK(hits.begin()->first == 3);
    CHECK(hits.rbegin()->first == 7);
    for (const auto& hit : hits) CHECK(likely(hit.second / 10'000, 0.2, 10'000));
    CHECK(draw_latency({Latency::Kind::uniform, 4, 4}, 1, name(1)) == 4);
    const Nanos most = draw_latency({Latency::Kind::uniform, 0, never}, 1, name(1));
    CHECK(most >= 0);
    CHECK(draw_latency({Latency::Kind::uniform, never, never}, 1, name(1)) == never);
    CHECK(median_of(uniform) == 3 * millisecond);
    CHECK(median_of({Latency::Kind::uniform, never - 2, never}) == never - 1);
}

TEST_CASE("latencies: exponential ones have their mean, its spread and its median") {
    constexpr double count = 100'000;
    const std::vector<Nanos> all = draws(exponential, 100'000);
    const double aim = 5.0 * millisecond;
    CHECK(std::abs(mean(all) / aim - 1) < 4 / std::sqrt(count));
    // The variance of an exponential's sample variance: 8 / count, relative.
    CHECK(std::abs(variance(all) / (aim * aim) - 1) < 4 * std::sqrt(8 / count));
    CHECK(median_of(exponential) == 3'465'735);  // 5 ms * ln 2, rounded down
    CHECK(likely(share(all, median_of(exponential)), 0.5, count));
    for (const double means : {0.1, 1.0, 3.0, 5.0}) {
        const auto limit = static_cast<Nanos>(means * aim);
        CHECK(likely(share(all, limit), 1 - std::exp(-means), count));
    }
    CHECK(all.front() >= 0);
}

TEST_CASE("latencies: lognormal ones have their median and their 99th percentile") {
    constexpr double count = 100'000;
    const std::vector<Nanos> all = draws(lognormal, 100'000);
    CHECK(median_of(lognormal) == millisecond);
    CHECK(likely(share(all, millisecond), 0.5, count));
    CHECK(likely(share(all, 5 * millisecond), 0.99, count));
    CHECK(likely(share(all, millisecond / 5), 0.01, count));  // the mirror, on the other side
    // One standard deviation of the logarithm above the median: ln 5 / 2.326.
    const auto above = static_cast<Nanos>(std::exp(std::log(5.0) / 2.3263478740408408) * 1e6);
    CHECK(likely(share(all, above), 0.8413447460685429, count));
    CHECK(all.front() > 0);
}

TEST_CASE("latencies: a lognormal tail of many magnitudes is not cut") {
    const std::vector<Nanos> all = draws({Latency::Kind::lognormal, microsecond, 5 * minute}, 5000);
    CHECK(likely(share(all, microsecond), 0.5, 5000));
    CHECK(likely(share(all, 5 * minute), 0.99, 5000));
}

TEST_CASE("latencies: those without spread and those of no length") {
    for (std::uint64_t i = 0; i < 50; ++i) {
        REQUIRE(draw_latency({Latency::Kind::lognormal, 7, 7}, 1, name(i)) == 7);
        REQUIRE(draw_latency({Latency::Kind::lognormal, 0, 0}, 1, name(i)) == 0);
        REQUIRE(draw_latency({Latency::Kind::exponential, 0, 0}, 1, name(i)) == 0);
    }
}

TEST_CASE("latencies: nothing unbounded is longer than the cap") {
    const Latency longs[] = {{Latency::Kind::exponential, never, never},
                             {Latency::Kind::lognormal, never, never},
                             {Latency::Kind::lognormal, 1, never},
                             {Latency::Kind::lognormal, drawn_max, never}};
    for (const Latency& latency : longs) {
        const std::vector<Nanos> all = draws(latency, 500);
        CHECK(all.front() >= 0);
        CHECK(all.back() == drawn_max);
        CHECK(median_of(latency) <= drawn_max);
    }
}

TEST_CASE("arrivals: gaps are exponential and counts in equal spans are Poisson's") {
    constexpr std::uint64_t rate = 200;
    std::vector<Nanos> gaps;
    std::vector<Nanos> counts(500, 0);  // of a tenth of a second each: 20 on average
    Nanos time = 0;
    for (std::uint64_t i = 0;; ++i) {
        gaps.push_back(draw_interarrival(rate * per_second, 1, name(i)));
        time += gaps.back();
        if (time >= 50 * second) break;
        ++counts[static_cast<std::size_t>(time / (second / 10))];
    }
    const auto count = static_cast<double>(gaps.size());
    CHECK(std::abs(mean(gaps) / (1e9 / rate) - 1) < 4 / std::sqrt(count));
    CHECK(std::abs(variance(gaps) / 2.5e13 - 1) < 4 * std::sqrt(8 / count));
    CHECK(std::abs(mean(counts) - 20) < 4 * std::sqrt(20 / 500.0));
    CHECK(std::abs(variance(counts) / 20 - 1) < 4 * std::sqrt(2 / 499.0 + 1 / (500 * 20.0)));
}

// Gaps are rounded down, so their mean is that of a geometric distribution: 1 / (e^rate - 1).
TEST_CASE("arrivals: the greatest rates and the least") {
    for (const double per_nanosecond : {0.3, 0.6, 0.75, 1.0}) {
        const auto rate = static_cast<std::uint64_t>(std::llround(per_nanosecond * 1e9));
        std::vector<Nanos> gaps;
        for (std::uint64_t i = 0; i < 20'000; ++i) {
            gaps.push_back(draw_interarrival(rate * per_second, 1, name(i)));
        }
        const double aim = 1 / (std::exp(per_nanosecond) - 1);
        const double deviation = std::sqrt(aim * (1 + aim) / 20'000);
        CHECK(std::abs(mean(gaps) - aim) < 4 * deviation);
    }
    Nanos longest = 0;
    for (std::uint64_t i = 0; i < 100; ++i) {
        longest = std::max(longest, draw_interarrival(1, 1, name(i)));
        REQUIRE(draw_interarrival(0, 1, name(i)) == draw_interarrival(1, 1, name(i)));
    }
    CHECK(longest == drawn_max);
    CHECK(draw_interarrival(std::numeric_limits<std::uint64_t>::max(), 1, name(1)) == 0);
}
