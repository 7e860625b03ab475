#include "base/value.h"

#include <limits>
#include <thread>

#include "support/catch.h"

using namespace sagalab;
using Kind = Value::Kind;
using namespace std::string_view_literals;

namespace {

std::string text_of(std::size_t size) {
    std::string text;
    while (text.size() < size) text += static_cast<char>('a' + text.size() % 26);
    return text;
}

std::string escaped(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

}  // namespace

TEST_CASE("a text is kept whole on both sides of the inline boundary") {
    for (std::size_t size : {0U, 1U, 13U, 14U, 15U, 16U, 300U, 5000U}) {
        INFO(size);
        const std::string text = text_of(size);
        const Value value(text);
        const Value again(text);
        CHECK(value.is(Kind::string));
        CHECK(value.text() == text);
        CHECK(value == again);
        CHECK(value.hash() == again.hash());
        CHECK(value.hash128() == again.hash128());
        // Inline texts are the same bits; those on the heap are two objects.
        CHECK(value.same(again) == (size <= 14));
        const Value copy = value;  // NOLINT: the copy is what is looked at
        CHECK(copy.same(value));
        CHECK_FALSE(value == Value(text + "x"));
    }
}

TEST_CASE("texts that differ in length or in a zero byte differ") {
    CHECK_FALSE(Value("a"sv) == Value("a\0"sv));
    CHECK(Value("a\0"sv).text().size() == 2);
    CHECK_FALSE(Value("a"sv).hash() == Value("a\0"sv).hash());
    CHECK_FALSE(Value(text_of(20)) == Value(text_of(21)));
    CHECK_FALSE(Value(text_of(14)) == Value(text_of(15)));
}

TEST_CASE("values of different kinds are never equal") {
    const Value values[] = {Value(),
                            Value(false),
                            Value(0),
                            Value::duration(0),
                            Value(""),
                            Value("0"),
                            Value::list({}),
                            Value::map({}),
                            Value(true),
                            Value(1),
                            Value::list({Value(1)}),
                            Value::map({{"1", 1}})};
    for (const Value& a : values) {
        for (const Value& b : values) {
            INFO(a.json() << " and " << b.json());
            CHECK((a == b) == (&a == &b));
            CHECK((a.hash128() == b.hash128()) == (&a == &b));
            CHECK((a.hash() == b.hash()) == (&a == &b));
        }
    }
}

TEST_CASE("integers and durations keep their extremes") {
    for (std::int64_t number : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
        CHECK(Value(number).integer() == number);
        CHECK(Value::duration(number).nanos() == number);
    }
    CHECK(Value(std::numeric_limits<std::int64_t>::min()).json() == "-9223372036854775808");
}

TEST_CASE("a map is sorted by bytes and the last of equal keys stays") {
    const Value map = Value::map({{"b", 1}, {"a", 2}, {"Z", 3}, {"b", 4}, {"", 5}});
    CHECK(map.json() == R"({"": 5, "Z": 3, "a": 2, "b": 4})");
    CHECK(map == Value::map({{"", 5}, {"a", 2}, {"b", 4}, {"Z", 3}}));
    CHECK(map.hash128() == Value::map({{"Z", 3}, {"b", 4}, {"", 5}, {"a", 2}}).hash128());
    REQUIRE(map.find("b"sv));
    CHECK(map.find("b"sv)->integer() == 4);
    CHECK(map.find("c"sv) == nullptr);
    CHECK(map.find(Value("Z"))->integer() == 3);
}

TEST_CASE("keys are ordered by bytes") {
    CHECK(key_less(Value("Z"), Value("a")));
    CHECK(key_less(Value("a"), Value("aa")));
    CHECK(key_less(Value("o-10"), Value("o-2")));
    CHECK(key_less(Value("z"), Value("\xc3\xa4")));  // above every ASCII character
    CHECK_FALSE(key_less(Value("a"), Value("a")));
    CHECK(key_less(Value(text_of(14)), Value(text_of(15))));
}

TEST_CASE("merging sets one level and leaves its parts alone") {
    const Value base = Value::map({{"a", 1}, {"c", Value::map({{"x", 1}})}});
    const Value patch = Value::map({{"b", 2}, {"c", Value::map({{"y", 2}})}, {"d", Value()}});
    const Value both = Value::merged(base, patch);
    CHECK(both.json() == R"({"a": 1, "b": 2, "c": {"y": 2}, "d": null})");
    CHECK(base.json() == R"({"a": 1, "c": {"x": 1}})");
    CHECK(Value::merged(Value::map({}), patch) == patch);
    CHECK(Value::merged(base, Value::map({})) == base);
}

TEST_CASE("merging in place happens only in an unshared map that has all the keys") {
    Value map = Value::map({{"a", 1}, {"b", 2}, {"c", 3}});
    CHECK(map.merge(Value::map({{"a", 10}, {"c", 30}})));
    CHECK(map.json() == R"({"a": 10, "b": 2, "c": 30})");
    CHECK_FALSE(map.merge(Value::map({{"a", 11}, {"d", 4}})));
    CHECK(map.json() == R"({"a": 10, "b": 2, "c": 30})");

    const Value shared = map;
    CHECK_FALSE(map.merge(Value::map({{"a", 12}})));
    CHECK(shared.find("a"sv)->integer() == 10);
    CHECK(map.merge(Value::map({})) == false);
}

TEST_CASE("a record is the map of its keys and values") {
    const Value keys[] = {Value("a"), Value("b")};
    Value values[] = {Value(1), Value("two")};
    CHECK(Value::record(keys, values) == Value::map({{"a", 1}, {"b", "two"}}));
}

TEST_CASE("lists differ by order and nest") {
    const Value list = Value::list({Value(1), Value("two"), Value::list({Value()})});
    CHECK(list.json() == R"([1, "two", [null]])");
    CHECK_FALSE(list == Value::list({Value("two"), Value(1), Value::list({Value()})}));
    CHECK_FALSE(Value::list({Value::list({Value(1)}), Value(2)}).hash128() ==
                Value::list({Value(1), Value::list({Value(2)})}).hash128());
}

TEST_CASE("an error has a code and a sentence") {
    const Value error = Value::error("ExpressionError", "no such key \"amount\"");
    CHECK(error.is_error());
    CHECK(error.error_code() == "ExpressionError");
    CHECK(error.error_message() == "no such key \"amount\"");
    CHECK(error.json() == R"("error: no such key \"amount\"")");
}

TEST_CASE("a text is escaped as JSON asks") {
    CHECK(escaped("a\"b\\c") == R"("a\"b\\c")");
    CHECK(escaped("\n\r\t") == R"("\n\r\t")");
    CHECK(escaped(std::string_view("\0\x1f\x7f", 3)) == "\"\\u0000\\u001f\\u007f\"");
    CHECK(escaped("\xc3\xa4\xe2\x82\xac") == "\"\xc3\xa4\xe2\x82\xac\"");
    CHECK(Value::duration(90 * second).json() == R"("90s")");
}

TEST_CASE("values may be shared and dropped by many threads") {
    const Value map = Value::map({{"text", text_of(100)}, {"list", Value::list({Value(1)})}});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&map] {
            for (int i = 0; i < 5000; ++i) {
                Value copy = map;
                Value part = *copy.find("text"sv);
                copy = Value::merged(copy, Value::map({{"i", i}}));
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(map.find("text"sv)->text() == text_of(100));
    CHECK(map.entries().size() == 2);
}
