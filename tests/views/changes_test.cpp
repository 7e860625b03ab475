#include "views/changes.h"

#include "support/catch.h"

using namespace sagalab;
using namespace sagalab::views;

namespace {

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a new and a deleted row are shown whole") {
    Value row = Value::map({{"status", "pending"}});
    CHECK(row_changes("orders['o-1']", Value(), row) ==
          Lines{"orders['o-1']: (none) -> {\"status\": \"pending\"}"});
    CHECK(row_changes("orders['o-1']", row, Value()) ==
          Lines{"orders['o-1']: {\"status\": \"pending\"} -> (none)"});
}

TEST_CASE("of a changed row only the fields that differ are shown") {
    Value before = Value::map({{"a", 1}, {"gone", true}, {"same", 0}});
    Value after = Value::map({{"a", 2}, {"new", "x"}, {"same", 0}});
    CHECK(row_changes("t['k']", before, after) ==
          Lines{"t['k'].a: 1 -> 2", "t['k'].gone: true -> (none)", "t['k'].new: (none) -> \"x\""});
}

TEST_CASE("nested maps are compared by path, lists as a whole") {
    Value before = Value::map({{"in", Value::map({{"x y", 1}})}, {"l", Value::list({1})}});
    Value after = Value::map({{"in", Value::map({{"x y", 2}})}, {"l", Value::list({1, 2})}});
    CHECK(row_changes("t['k']", before, after) ==
          Lines{"t['k'].in['x y']: 1 -> 2", "t['k'].l: [1] -> [1, 2]"});
}

TEST_CASE("a write that changes nothing still has a line") {
    Value row = Value::map({{"a", 1}});
    CHECK(row_changes("t['k']", row, row) == Lines{"t['k']: unchanged"});
}

TEST_CASE("keys cannot steer a terminal") {
    CHECK(row_name("t", Value("a\x1b[2J")) == "t['a\\x1b[2J']");
}
