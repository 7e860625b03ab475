#include "views/moment.h"

#include <array>

namespace sagalab::views {
namespace {

constexpr Nanos epoch_year = 2000;
constexpr Nanos day_seconds = 86'400;

bool is_leap(Nanos year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

void append_digits(std::string& out, Nanos number, std::size_t digits) {
    std::size_t start = out.size();
    out.append(digits, '0');
    for (std::size_t i = digits; i > 0; --i) {
        out[start + i - 1] = static_cast<char>('0' + number % 10);
        number /= 10;
    }
}

void append_date(std::string& out, Nanos days) {
    static constexpr std::array<Nanos, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    Nanos year = epoch_year;
    while (days >= (is_leap(year) ? 366 : 365)) {
        days -= is_leap(year) ? 366 : 365;
        ++year;
    }
    std::size_t month = 0;
    for (;; ++month) {
        Nanos length = lengths[month] + (month == 1 && is_leap(year) ? 1 : 0);
        if (days < length) break;
        days -= length;
    }
    append_digits(out, year, 4);
    out += '-';
    append_digits(out, static_cast<Nanos>(month) + 1, 2);
    out += '-';
    append_digits(out, days + 1, 2);
}

}  // namespace

void MomentWriter::append(std::string& out, Nanos at) {
    Nanos whole = at / second;
    if (whole != second_) {
        second_ = whole;
        prefix_.clear();
        append_date(prefix_, whole / day_seconds);
        Nanos of_day = whole % day_seconds;
        prefix_ += 'T';
        append_digits(prefix_, of_day / 3600, 2);
        prefix_ += ':';
        append_digits(prefix_, of_day / 60 % 60, 2);
        prefix_ += ':';
        append_digits(prefix_, of_day % 60, 2);
        prefix_ += '.';
    }
    out += prefix_;
    append_digits(out, at % second, 9);
    out += 'Z';
}

}  // namespace sagalab::views
