#include "views/layout.h"

#include "support/catch.h"

using namespace sagalab;
using namespace sagalab::views;

TEST_CASE("text is cut to a width with an ellipsis") {
    CHECK(cut("abcdef", 6) == "abcdef");
    CHECK(cut("abcdefg", 6) == "abc...");
    CHECK(cut("é→xyzuv", 6) == "é→x...");
    CHECK(cut("日本語日本", 8) == "日本...");
}

TEST_CASE("padding counts columns and never cuts") {
    CHECK(pad_right("é", 3) == "é  ");
    CHECK(pad_left("日", 3) == " 日");
    CHECK(pad_right("abcd", 2) == "abcd");
}

TEST_CASE("wrapping breaks at spaces") {
    CHECK(wrap("one two three", 7) == std::vector<std::string>{"one two", "three"});
    CHECK(wrap("incomprehensible", 5) == std::vector<std::string>{"incomprehensible"});
    CHECK(wrap("", 5).empty());
}

TEST_CASE("a long line goes on once, with its payload if that fits") {
    using Lines = std::vector<std::string>;
    CHECK(fold("one two", 7) == Lines{"one two"});
    CHECK(fold("sends A {\"a\": 1}", 12) == Lines{"sends A", "  {\"a\": 1}"});
    CHECK(fold("one two three four", 10) == Lines{"one two", "  three..."});
    CHECK(fold("one two three", 8) == Lines{"one two", "  three"});
    CHECK(fold("one two three four five", 10) == Lines{"one two..."});
    CHECK(fold("incomprehensible", 10) == Lines{"incompr..."});
}

TEST_CASE("words are quoted for a shell only where they must be") {
    CHECK(shell_quote("a-b/c.json") == "a-b/c.json");
    CHECK(shell_quote("the case") == "'the case'");
    CHECK(shell_quote("it's $HOME") == "'it'\\''s $HOME'");
    CHECK(shell_quote("") == "''");
}

TEST_CASE("the columns of a table are as wide as their widest cell") {
    Table table;
    table.add({"a", "1"});
    table.add({"long", "2"});
    CHECK(table.lines() == std::vector<std::string>{"a     1", "long  2"});
}

TEST_CASE("nouns are counted") {
    CHECK(counted(0, "event") == "0 events");
    CHECK(counted(1, "event") == "1 event");
}
