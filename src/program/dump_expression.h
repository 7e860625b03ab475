// A compiled expression as text: what was written, else what its operations compute.
#pragma once

#include <string>

#include "program/program.h"

namespace sagalab::program {

// "msg.orderId", {"amount": $0.amount}: a slot is $ and its number. Expressions that branch or
// loop and have no text of their own are "#" and their number.
std::string describe(const Program& program, ExpressionId id);

}  // namespace sagalab::program
