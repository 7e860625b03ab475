// Expectations after loading.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/value.h"

namespace sagalab::program {

// "PayOrder -> PaymentService": what `sequence`, `counts` and delivered() name.
struct Delivery {
    OperationId operation;
    ServiceId service;
    friend bool operator==(const Delivery&, const Delivery&) = default;
};

// An expectation written as an expression.
struct Claim {
    std::string title;
    ExpressionId expression;
    std::vector<TableId> tables;  // what it reads, without duplicates
    SourceId source;
};

struct ReplyClaim {
    std::string name;  // "r1"
    Value expected;    // a map: outcome, code, status, body; what is missing is not compared
    SourceId source;
};

struct CountClaim {
    std::uint32_t delivery = 0;  // position in Program::deliveries
    std::uint64_t count = 0;
    SourceId source;
};

// Slots of the frame in which `finally` and `sometimes` are evaluated.
enum class ExpectSlot : std::uint32_t {
    replies,
    up,
    waiting,
    undelivered,
    dead_letters,
    parked,
    load,
    count
};

struct Expect {
    std::vector<Claim> always;
    std::vector<Claim> finally;
    std::vector<Claim> sometimes;
    std::vector<ReplyClaim> replies;
    std::vector<std::uint32_t> sequence;  // positions in Program::deliveries
    SourceId sequence_source;
    std::vector<CountClaim> counts;
    // Names of expectations that this case is meant to break: a title, "replies r1", "sequence",
    // "counts PayOrder -> PaymentService".
    std::vector<std::string> breaks;

    [[nodiscard]] bool empty() const {
        return always.empty() && finally.empty() && sometimes.empty() && replies.empty() &&
               sequence.empty() && counts.empty();
    }
};

}  // namespace sagalab::program
