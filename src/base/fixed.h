// Functions of real numbers on integers: the same on every machine and compiler.
//
// A `Fixed` has 40 binary digits after the point: 1.0 is `fixed_one`. Errors: the logarithm's is
// below 2^-34, the exponential's below 2^-34 of its value and one last digit, the probit's below
// 2e-8. All rise with their argument. Nothing overflows: products, quotients and the exponential
// are capped at `fixed_max`.
#pragma once

#include <cstdint>

namespace sagalab {

using Fixed = std::int64_t;
inline constexpr int fixed_digits = 40;
inline constexpr Fixed fixed_one = Fixed{1} << fixed_digits;
inline constexpr Fixed fixed_max = Fixed{1} << 62U;

// a * b and a / b, rounded towards zero; b is not 0.
Fixed fixed_multiply(Fixed a, Fixed b);
Fixed fixed_divide(Fixed a, Fixed b);

// The natural logarithm of a whole number, at least 1.
Fixed fixed_log(std::uint64_t number);

// e to the power of x; 0 where that is too small to be told from it.
Fixed fixed_exp(Fixed x);

// A whole number (0 or more) times e to the power of x, rounded down, with all digits that the
// number has room for; capped at the greatest 64-bit number.
std::int64_t times_exp(std::int64_t number, Fixed x);

// The square root of x, at least 0.
Fixed fixed_sqrt(Fixed x);

// The point of the standard normal distribution below which 64 random bits lie with the probability
// (bits + 1/2) / 2^64: about -9.1 to 9.1. After P. J. Acklam's rational approximation (2003).
Fixed fixed_probit(std::uint64_t bits);

}  // namespace sagalab
