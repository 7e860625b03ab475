#include "base/time.h"

#include <limits>

#include "support/catch.h"

using namespace sagalab;

TEST_CASE("durations are read in the units of scenario files") {
    struct Row {
        const char* text;
        Nanos time;
    };
    const Row rows[] = {
        {"0ms", 0},
        {"1ns", 1},
        {"250us", 250 * microsecond},
        {"15ms", 15 * millisecond},
        {"2s", 2 * second},
        {"3m", 3 * minute},
        {"4h", 4 * hour},
        {"1m30s", 90 * second},
        {"1h2m3s4ms5us6ns", hour + 2 * minute + 3 * second + 4 * millisecond + 5 * microsecond + 6},
        {"9223372036854775807ns", never},
        {"2562047h", 2562047 * hour},
        {"007s", 7 * second}};
    for (const Row& row : rows) {
        INFO(row.text);
        const std::optional<Nanos> time = parse_duration(row.text);
        REQUIRE(time.has_value());
        CHECK(*time == row.time);
    }
}

TEST_CASE("what is no duration or does not fit is refused") {
    for (const char* text : {"",
                             " ",
                             "5",
                             "ms",
                             "5 ms",
                             "5ms ",
                             " 5ms",
                             "-5ms",
                             "+5ms",
                             "1.5s",
                             ".5s",
                             "5x",
                             "5MS",
                             "5msx",
                             "1m30",
                             "9223372036854775808ns",
                             "2562048h",
                             "9223372036854775807ns1ns",
                             "99999999999999999999s",
                             "0x1s",
                             "1e3s",
                             "--1s"}) {
        INFO(text);
        CHECK_FALSE(parse_duration(text).has_value());
    }
}

TEST_CASE("fractions and a sign are read where CEL allows them") {
    CHECK(parse_duration("1.5s", true) == 1500 * millisecond);
    CHECK(parse_duration(".5s", true) == 500 * millisecond);
    CHECK(parse_duration("-1m30s", true) == -90 * second);
    CHECK(parse_duration("0.000000001s", true) == 1);
    CHECK(parse_duration("1.5h", true) == 90 * minute);
    CHECK(parse_duration("-0s", true) == 0);
    CHECK_FALSE(parse_duration("-", true).has_value());
    CHECK_FALSE(parse_duration(".s", true).has_value());
    CHECK_FALSE(parse_duration("1..5s", true).has_value());
    CHECK_FALSE(parse_duration("1s-1s", true).has_value());
}

TEST_CASE("times are written in their shortest exact form") {
    CHECK(format_time(0) == "0ms");
    CHECK(format_time(15 * millisecond) == "15ms");
    CHECK(format_time(2'500 * microsecond) == "2.5ms");
    CHECK(format_time(90 * second) == "1m30s");
    CHECK(format_time(hour) == "1h");
    CHECK(format_time(hour + 1 * second) == "1h1s");
    CHECK(format_time(1500 * millisecond) == "1.5s");
    CHECK(format_time(-15 * millisecond) == "-15ms");
    CHECK(format_time(never) == "never");
}

TEST_CASE("CEL writes a duration in seconds") {
    CHECK(format_cel_duration(0) == "0s");
    CHECK(format_cel_duration(90 * second) == "90s");
    CHECK(format_cel_duration(15 * millisecond) == "0.015s");
    CHECK(format_cel_duration(-1) == "-0.000000001s");
    CHECK(format_cel_duration(std::numeric_limits<Nanos>::min()) == "-9223372036.854775808s");
    CHECK(format_cel_duration(never) == "9223372036.854775807s");
}

TEST_CASE("every whole time is read back from what was written") {
    for (Nanos time : {Nanos{1}, Nanos{999}, 999 * microsecond, minute - 1, minute, 59 * minute,
                       hour + 1, 123'456'789'012'345}) {
        INFO(time);
        CHECK(parse_duration(format_time(time), true) == time);
        CHECK(parse_duration(format_cel_duration(time), true) == time);
    }
}

TEST_CASE("a sum of times stops at the ends") {
    CHECK(add_saturating(1, 2) == 3);
    CHECK(add_saturating(never, 1) == never);
    CHECK(add_saturating(never - 1, second) == never);
    CHECK(add_saturating(std::numeric_limits<Nanos>::min(), -1) ==
          std::numeric_limits<Nanos>::min());
}
