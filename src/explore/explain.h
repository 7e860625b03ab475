// Explains the reduction of a program: what each handler touches, and what costs.
#pragma once

#include <string>

#include "explore/costs.h"
#include "program/program.h"

namespace sagalab::explore {

// For each handler the rows, with where their keys come from, and all else that it reads and writes
// at once, and in all that may come of it; then what costs reduction. Lines, each with its end.
std::string explained(const program::Program& program, const program::Exploration& bounds);

// "the whole of S.t is read: ... (order.json:12:5, order.json:14:5 and 3 more)"
std::string cost_line(const Cost& cost);

}  // namespace sagalab::explore
