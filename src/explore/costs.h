// What costs reduction in a program, and where: why more is tried, or more states are different,
// than its messages alone would need.
#pragma once

#include <string>
#include <vector>

#include "program/program.h"

namespace sagalab::explore {

struct Cost {
    std::string what;                 // a sentence without its full stop
    std::vector<std::string> places;  // "order.json:12:5", in order, without duplicates
    bool broad = true;  // it joins more than neighbours: a table, a service, everything; or it
                        // keeps states apart
};

// The broadest first.
std::vector<Cost> costs_of(const program::Program& program);

}  // namespace sagalab::explore
