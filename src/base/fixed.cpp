#include "base/fixed.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <span>

#include "base/hash.h"

namespace sagalab {
namespace {

constexpr Fixed log_2 = 762123384786;  // of the natural logarithm

Fixed capped(Wide value) {
    return static_cast<Fixed>(std::clamp<Wide>(value, -Wide{fixed_max}, Wide{fixed_max}));
}

// Horner's rule; the highest power first.
Fixed polynomial(std::span<const Fixed> coefficients, Fixed x) {
    Fixed sum = 0;
    for (Fixed coefficient : coefficients) sum = fixed_multiply(sum, x) + coefficient;
    return sum;
}

constexpr Fixed middle_above[] = {-43647126486026, 242932804329501, -303386605671354,
                                  152125956971009, -33716302037132, 2756066937579};
constexpr Fixed middle_below[] = {-59897104064522, 177665506509332, -171192838788807,
                                  73448819171239,  -14602263792188, fixed_one};
constexpr Fixed tail_above[] = {-8559581477,    -354478654370, -2639661641219,
                                -2803460574727, 4809994091155, 3230545463290};
constexpr Fixed tail_below[] = {8559363451, 354556357988, 2688453415261, 4128015979190, fixed_one};

// Below this probability (0.02425, of 2^64) the tail's approximation is the better one.
constexpr std::uint64_t tail = 447332713867332616ULL;

// Of the lower half: `bits` stands for a probability below one half.
Fixed lower_probit(std::uint64_t bits) {
    if (bits < tail) {
        // -2 ln p, where p is (2 bits + 1) / 2^65
        Fixed square = 2 * (65 * log_2 - fixed_log(2 * bits + 1));
        Fixed q = fixed_sqrt(square);
        return fixed_divide(polynomial(tail_above, q), polynomial(tail_below, q));
    }
    Fixed q = static_cast<Fixed>(bits >> (64U - fixed_digits)) - fixed_one / 2;
    Fixed r = fixed_multiply(q, q);
    return fixed_divide(fixed_multiply(polynomial(middle_above, r), q),
                        polynomial(middle_below, r));
}

}  // namespace

Fixed fixed_multiply(Fixed a, Fixed b) { return capped(Wide{a} * b / fixed_one); }

Fixed fixed_divide(Fixed a, Fixed b) { return capped(Wide{a} * fixed_one / b); }

// The whole part is the place of the highest bit; each squaring of the rest gives one more digit.
Fixed fixed_log(std::uint64_t number) {
    int highest = 63 - std::countl_zero(number);
    std::uint64_t rest = number << (63 - highest);  // 1.0 to 2.0, the point after the first bit
    Fixed binary = highest;
    for (int digit = 0; digit < fixed_digits; ++digit) {
        UnsignedWide square = UnsignedWide{rest} * rest;
        bool two = (square >> 127U) != 0;
        rest = static_cast<std::uint64_t>(square >> (two ? 64U : 63U));
        binary = 2 * binary + (two ? 1 : 0);
    }
    return fixed_multiply(binary, log_2);
}

Fixed fixed_exp(Fixed x) { return std::min(times_exp(fixed_one, x), fixed_max); }

// e^x is a power of two, by which the product is shifted, times e^rest, a series.
std::int64_t times_exp(std::int64_t number, Fixed x) {
    constexpr Fixed far = 128 * fixed_one;  // beyond, the result is 0 or capped for every number
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    x = std::clamp(x, -far, far);
    Fixed twos = x / log_2 - (x % log_2 < 0 ? 1 : 0);
    Fixed rest = x - twos * log_2;  // 0 to ln 2
    Fixed sum = fixed_one;
    Fixed term = fixed_one;
    for (Fixed n = 1; term != 0; ++n) {
        term = fixed_multiply(term, rest) / n;
        sum += term;
    }
    if (twos > 62) return number == 0 ? 0 : most;
    Wide product = Wide{number} * sum;  // below 2^104
    if (twos > fixed_digits) {
        product <<= twos - fixed_digits;
    } else {
        product >>= std::min<Fixed>(fixed_digits - twos, 126);
    }
    return static_cast<std::int64_t>(std::min<Wide>(product, most));
}

// Bit by bit, of the wide number that has twice the digits.
Fixed fixed_sqrt(Fixed x) {
    UnsignedWide wide = static_cast<UnsignedWide>(std::max<Fixed>(x, 0)) << fixed_digits;
    UnsignedWide root = 0;
    for (UnsignedWide bit = UnsignedWide{1} << 52U; bit != 0; bit >>= 1U) {
        UnsignedWide next = root | bit;
        if (next * next <= wide) root = next;
    }
    return static_cast<Fixed>(root);
}

Fixed fixed_probit(std::uint64_t bits) {
    constexpr std::uint64_t half = std::uint64_t{1} << 63U;
    return bits < half ? lower_probit(bits) : -lower_probit(~bits);
}

}  // namespace sagalab
