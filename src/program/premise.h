// The premise of a claim: what must be true before the claim asks for anything at all.
//
// Known for implications, as a whole or of every element (`S.t.all(k, v, ...)`, also nested):
// `!p || q` and `a != b || q` with any number of further disjuncts, and `p ? q : true`. A claim
// whose premise is never true holds without having been tested.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "program/expression.h"
#include "program/program.h"

namespace sagalab::program {

struct Premise {
    std::uint32_t at = 0;  // the step that decides, in Expression::code: what Environment watches
    std::string text;      // "o.status == 'paid'", as near to what is written as can be
};

std::optional<Premise> premise_of(const Program& program, const Expression& claim);

}  // namespace sagalab::program
