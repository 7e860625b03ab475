#include "base/text.h"

#include "support/catch.h"

using namespace sagalab;

TEST_CASE("the distance counts insertions, deletions, replacements and swaps") {
    CHECK(edit_distance("", "") == 0);
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("abc", "") == 3);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("publsih", "publish") == 1);
    CHECK(edit_distance("ca", "abc") == 3);  // restricted: no edit between swapped letters
    CHECK(edit_distance("OrderService", "orderservice") == 0);
    CHECK(edit_distance("abcd", "acbd") == edit_distance("acbd", "abcd"));
}

TEST_CASE("the nearest name is suggested when it is near enough") {
    const std::vector<std::string> names = {"insert", "update", "upsert", "delete", "upset"};
    CHECK(nearest("insrt", names) == std::string("insert"));
    CHECK(nearest("UPDATE", names) == std::string("update"));
    CHECK(nearest("upsrt", names) == std::string("upsert"));  // as near as upset; first by bytes
    CHECK_FALSE(nearest("publish", names).has_value());
    CHECK_FALSE(nearest("x", {}).has_value());
    const std::vector<std::string> short_names = {"as", "in"};
    CHECK(nearest("is", short_names) == std::string("as"));
    CHECK_FALSE(nearest(std::string(300, 'a'), std::vector<std::string>{std::string(300, 'a')})
                    .has_value());
}

TEST_CASE("ill-formed UTF-8 is found at its first byte") {
    const std::size_t none = std::string_view::npos;
    struct Row {
        std::string_view text;
        std::size_t at;
    };
    using namespace std::string_view_literals;
    const Row rows[] = {{""sv, none},
                        {"plain"sv, none},
                        {"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"sv, none},
                        {"\xf4\x8f\xbf\xbf"sv, none},  // the last code point
                        {"a\x80"sv, 1},                // a tail alone
                        {"ab\xc3"sv, 2},               // cut off
                        {"\xc0\x80"sv, 0},             // overlong
                        {"\xe0\x80\x80"sv, 0},         // overlong
                        {"\xf0\x80\x80\x80"sv, 0},     // overlong
                        {"\xed\xa0\x80"sv, 0},         // a surrogate
                        {"\xf4\x90\x80\x80"sv, 0},     // beyond the last
                        {"\xff"sv, 0},
                        {"\xe2\x28\xa1"sv, 0}};
    for (const Row& row : rows) CHECK(find_invalid_utf8(row.text) == row.at);
}

TEST_CASE("code points and columns are counted") {
    CHECK(count_code_points("") == 0);
    CHECK(count_code_points("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80") == 4);
    CHECK(display_width("abc") == 3);
    CHECK(display_width("\xc3\xa4") == 1);
    CHECK(display_width("e\xcc\x81") == 1);                 // a combining accent
    CHECK(display_width("\xe6\x97\xa5\xe6\x9c\xac") == 4);  // two wide ideographs
    CHECK(display_width("\xf0\x9f\x98\x80") == 2);
}

TEST_CASE("identifiers are letters, digits and underscores") {
    for (const char* name : {"a", "_", "Order1", "_x9", "UPPER"}) CHECK(is_identifier(name));
    for (const char* name : {"", "1a", "a-b", "a b", "\xc3\xa4", "a."})
        CHECK_FALSE(is_identifier(name));
}

TEST_CASE("nothing in a text can steer a terminal") {
    CHECK(printable("plain \xc3\xa4") == "plain \xc3\xa4");
    CHECK(printable("a\x1b[31m\n\x7f") == "a\\x1b[31m\\x0a\\x7f");
    CHECK(printable("\xc2\x9b"
                    "31m") == "\\xc2\\x9b31m");  // a C1 control
    CHECK(printable("\xff") == "\\xff");
}
