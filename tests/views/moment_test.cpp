#include "views/moment.h"

#include "support/catch.h"

using namespace sagalab;

namespace {

std::string moment(Nanos at) {
    views::MomentWriter writer;
    std::string out;
    writer.append(out, at);
    return out;
}

}  // namespace

TEST_CASE("virtual time is written from the fixed epoch") {
    CHECK(moment(0) == "2000-01-01T00:00:00.000000000Z");
    CHECK(moment(2'500'000) == "2000-01-01T00:00:00.002500000Z");
    CHECK(moment(24 * hour) == "2000-01-02T00:00:00.000000000Z");
    CHECK(moment(59 * 24 * hour) == "2000-02-29T00:00:00.000000000Z");
    CHECK(moment(366 * 24 * hour - 1) == "2000-12-31T23:59:59.999999999Z");
    CHECK(moment(366 * 24 * hour) == "2001-01-01T00:00:00.000000000Z");
}

TEST_CASE("the kept date follows the time") {
    views::MomentWriter writer;
    std::string out;
    for (Nanos at : {Nanos(1), second, second + 1, Nanos(2)}) {
        writer.append(out, at);
        out += ' ';
    }
    CHECK(out ==
          "2000-01-01T00:00:00.000000001Z 2000-01-01T00:00:01.000000000Z "
          "2000-01-01T00:00:01.000000001Z 2000-01-01T00:00:00.000000002Z ");
}
