#include "base/fixed.h"

#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"
#include "support/catch.h"

using namespace sagalab;

namespace {

using Real = long double;

constexpr Fixed least = std::numeric_limits<Fixed>::min();
constexpr Fixed most = std::numeric_limits<Fixed>::max();
constexpr Real digit = 1.0L / fixed_one;
const Real small = std::ldexp(1.0L, -34);  // the error that the header promises

Real real(Fixed x) { return static_cast<Real>(x) * digit; }

// Some 64-bit numbers of every length: powers of two, their neighbours, and by chance.
std::vector<std::uint64_t> numbers() {
    std::vector<std::uint64_t> all;
    for (unsigned length = 0; length < 64; ++length) {
        const std::uint64_t power = std::uint64_t{1} << length;
        all.insert(all.end(), {power, power + 1, power - 1 + power});
        for (std::uint64_t i = 0; i < 40; ++i) {
            const std::uint64_t bits = draw(length, Purpose::choice, Hash128{}.with(i));
            all.push_back(power | (bits & (power - 1)));
        }
    }
    return all;
}

// How far off a point is that should have `p` below it: the error in probability, by the slope.
Real probit_error(Real z, Real p) {
    const Real below = std::erfc(-z / std::sqrt(2.0L)) / 2;
    const Real slope = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0L));
    return std::abs(below - p) / slope;
}

}  // namespace

TEST_CASE("fixed products and quotients are rounded towards zero and capped") {
    CHECK(fixed_multiply(3 * fixed_one, fixed_one / 2) == fixed_one + fixed_one / 2);
    CHECK(fixed_multiply(1, fixed_one - 1) == 0);
    CHECK(fixed_multiply(-1, fixed_one - 1) == 0);
    CHECK(fixed_divide(fixed_one, 3 * fixed_one) == fixed_one / 3);
    CHECK(fixed_divide(-fixed_one, 3 * fixed_one) == -(fixed_one / 3));
    CHECK(fixed_multiply(most, most) == fixed_max);
    CHECK(fixed_multiply(least, most) == -fixed_max);
    CHECK(fixed_multiply(least, least) == fixed_max);
    CHECK(fixed_divide(most, 1) == fixed_max);
    CHECK(fixed_divide(least, 1) == -fixed_max);
}

TEST_CASE("fixed logarithm: close to the true one for numbers of every length") {
    CHECK(fixed_log(1) == 0);
    Real worst = 0;
    for (const std::uint64_t number : numbers()) {
        const Real true_one = std::log(static_cast<Real>(number));
        worst = std::max(worst, std::abs(real(fixed_log(number)) - true_one));
    }
    CHECK(worst < small);
}

TEST_CASE("fixed logarithm: rises") {
    for (std::uint64_t number = 1; number < 3000; ++number) {
        REQUIRE(fixed_log(number) < fixed_log(number + 1));
    }
    for (const std::uint64_t number : numbers()) {
        if (number > 1) REQUIRE(fixed_log(number - 1) <= fixed_log(number));
    }
    CHECK(fixed_log(~0ULL) > 44 * fixed_one);
}

TEST_CASE("fixed exponential: close to the true one, relative to it and to the last digit") {
    CHECK(fixed_exp(0) == fixed_one);
    Real worst = 0;
    for (Fixed x = -32 * fixed_one; x < 15 * fixed_one; x += fixed_one / 97) {
        const Real true_one = std::exp(real(x));
        const Real error = std::abs(real(fixed_exp(x)) - true_one);
        worst = std::max(worst, error / (true_one * small + digit));
    }
    CHECK(worst < 1);
}

TEST_CASE("fixed exponential: rises, also where the power of two changes") {
    for (Fixed twos = -40; twos <= 22; ++twos) {
        const Fixed near = static_cast<Fixed>(std::llround(std::log(2.0L) * fixed_one * twos));
        for (Fixed x = near - 40; x < near + 40; ++x) REQUIRE(fixed_exp(x) <= fixed_exp(x + 1));
    }
}

TEST_CASE("fixed exponential: 0 on the one side and the cap on the other") {
    CHECK(fixed_exp(least) == 0);
    CHECK(fixed_exp(-29 * fixed_one) == 0);
    CHECK(fixed_exp(-27 * fixed_one) > 0);
    CHECK(fixed_exp(15 * fixed_one) < fixed_max);
    CHECK(fixed_exp(16 * fixed_one) == fixed_max);
    CHECK(fixed_exp(most) == fixed_max);
}

TEST_CASE("a number times an exponential keeps the digits that the number has room for") {
    CHECK(times_exp(7, 0) == 7);
    CHECK(times_exp(most, 0) == most);
    CHECK(times_exp(0, most) == 0);
    CHECK(times_exp(0, 50 * fixed_one) == 0);
    CHECK(times_exp(1, 44 * fixed_one) == most);
    CHECK(times_exp(1, most) == most);
    CHECK(times_exp(most, least) == 0);
    CHECK(times_exp(most, -44 * fixed_one) == 0);
    Real worst = 0;
    for (int x = -40; x <= 40; ++x) {
        for (const std::int64_t number : {std::int64_t{1}, std::int64_t{1'000'000}, most / 3}) {
            const Real true_one = static_cast<Real>(number) * std::exp(static_cast<Real>(x));
            const Real found = static_cast<Real>(times_exp(number, x * fixed_one));
            if (true_one > 9.2e18L) {
                CHECK(found == static_cast<Real>(most));
                continue;
            }
            worst = std::max(worst, std::abs(found - true_one) / (true_one * small + 1));
        }
    }
    CHECK(worst <= 1);
}

TEST_CASE("fixed square root: the greatest whose square is not above") {
    CHECK(fixed_sqrt(0) == 0);
    CHECK(fixed_sqrt(-1) == 0);
    CHECK(fixed_sqrt(least) == 0);
    CHECK(fixed_sqrt(4 * fixed_one) == 2 * fixed_one);
    for (const std::uint64_t number : numbers()) {
        const auto x = static_cast<Fixed>(number >> 1U);
        const Wide root = fixed_sqrt(x);
        const Wide square = Wide{x} << fixed_digits;
        REQUIRE(root * root <= square);
        REQUIRE((root + 1) * (root + 1) > square);
    }
}

TEST_CASE("fixed probit: close to the true one, from the middle to both ends") {
    Real worst = 0;
    for (const std::uint64_t number : numbers()) {
        const std::uint64_t bits = number >> 1U;  // the lower half; the upper one mirrors it
        const Real p = std::ldexp(static_cast<Real>(bits) + 0.5L, -64);
        worst = std::max(worst, probit_error(real(fixed_probit(bits)), p));
        REQUIRE(fixed_probit(~bits) == -fixed_probit(bits));
    }
    for (std::uint64_t i = 1; i < 1000; ++i) {
        const std::uint64_t bits = i * 9'223'372'036'854'775ULL;
        const Real p = std::ldexp(static_cast<Real>(bits) + 0.5L, -64);
        worst = std::max(worst, probit_error(real(fixed_probit(bits)), p));
    }
    CHECK(worst < 2e-8L);
}

TEST_CASE("fixed probit: rises, also at the seams of its approximations") {
    const std::uint64_t seam = 447332713867332616ULL;
    const std::uint64_t half = std::uint64_t{1} << 63U;
    for (const std::uint64_t middle : {seam, half, ~seam}) {
        for (std::uint64_t i = 0; i < 50; ++i) {
            const std::uint64_t bits = middle - 25 + i;
            REQUIRE(fixed_probit(bits) <= fixed_probit(bits + 1));
        }
    }
    for (std::uint64_t bits = 0; bits < 1000; ++bits) {
        REQUIRE(fixed_probit(bits) < fixed_probit(bits + 1));
    }
    const std::uint64_t step = ~0ULL / 5000;
    for (std::uint64_t i = 0; i < 5000; ++i) {
        REQUIRE(fixed_probit(i * step) < fixed_probit((i + 1) * step));
    }
}

// Drawn times of every version rest on these: they must not change.
TEST_CASE("fixed functions have the values they always had") {
    CHECK(fixed_log(10) == 2531719083690);
    CHECK(fixed_exp(fixed_one) == 2988782477954);
    CHECK(fixed_exp(-fixed_one) == 404487723186);
    CHECK(times_exp(1'000'000'007, -fixed_one) == 367879443);
    CHECK(fixed_sqrt(2 * fixed_one) == 1554944255987);
    CHECK(fixed_probit(0) == -10066351959259);
    CHECK(fixed_probit(1) == -9935097841029);
    CHECK(fixed_probit(1ULL << 62U) == -741609323184);
    CHECK(fixed_probit(447332713867332615ULL) == -2169294487804);  // the last of the tail
    CHECK(fixed_probit(447332713867332616ULL) == -2169294482523);
    CHECK(fixed_probit(~0ULL) == 10066351959259);
}
