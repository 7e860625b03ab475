// Why an expectation does not hold, in lines: the values of its parts, what was expected and found.
#pragma once

#include <string>
#include <vector>

#include "program/eval.h"
#include "program/program.h"

namespace sagalab::expect {

// The parts of the expression that decided its value, and the value of each.
std::vector<std::string> explain(const program::Program& program, ExpressionId expression,
                                 const program::Environment& environment);

// What of `expected` is not in `found`; maps are compared key by key, further keys of `found` do
// not matter. `path` leads each line. Empty: it is all there.
void compare(const std::string& path, const Value& expected, const Value* found,
             std::vector<std::string>& lines);

}  // namespace sagalab::expect
