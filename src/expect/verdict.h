// What became of an expectation.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/ids.h"
#include "base/time.h"

namespace sagalab::expect {

enum class Kind : std::uint8_t {
    always,
    finally,
    sometimes,
    replies,
    sequence,
    counts,
    fault_fired,
    assertion,
    settles  // of an exploration: no path goes on for ever
};
const char* kind_name(Kind kind);

struct Verdict {
    Kind kind = Kind::finally;
    std::string name;  // as `breaks` names it
    bool holds = true;
    bool meant_to_break = false;
    bool vacuous = false;              // it held because there was nothing to look at
    std::string premise;               // of an implication (program/premise.h); empty: it is none
    bool premise_met = false;          // the premise was true, once at least
    std::vector<std::string> reasons;  // lines: the values of its parts, expected and found
    // What broke it: the item whose handling did, when it did; `at` is `never` where none is known.
    Hash128 cause;
    Nanos at = never;
    std::string broken_by;  // "PaymentFailed -> OrderService, update orders 'o-1'"
    SourceId source;
};

}  // namespace sagalab::expect
