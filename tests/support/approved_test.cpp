#include "support/approved.h"

#include <cstdlib>
#include <stdexcept>

using namespace sagalab;

TEST_CASE("the first line that differs is shown as both have it") {
    CHECK(test::first_difference("first\nsecond\n", "first\nsecond\n").empty());
    CHECK(test::first_difference("first\nsecond\nthird\n", "first\nsecund\nthird\n") ==
          "line 2\n  approved: second\n  received: secund");
    CHECK(test::first_difference("first\nsecond\n", "first\n") ==
          "line 2\n  approved: second\n  received: ");
    CHECK(test::first_difference("", "text") == "line 1\n  approved: \n  received: text");
}

TEST_CASE("an approved text passes and a text that nobody approved does not") {
    if (std::getenv("SAGALAB_UPDATE") != nullptr) return;  // would be written, not compared
    CHECK(test::difference_from_approved("support/approved.txt", "first\nsecond\n").empty());
    CHECK(!test::difference_from_approved("support/approved.txt", "first\n").empty());
    CHECK(test::difference_from_approved("support/none.txt", "text").find("nothing approved") == 0);
}

TEST_CASE("a file that cannot be read is an error with its name") {
    CHECK_THROWS_AS(test::read_file("/no/such/file"), std::runtime_error);
}
