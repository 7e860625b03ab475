// A message in flight, and how things are named: by what caused them.
//
// Identity is structural: the id of a message is a hash of what was handled when it was sent, of
// the delivery attempt, and of the step that sent it. The same thing has the same id on every path
// to it, so ids may stand in the state that an exploration compares.
#pragma once

#include <cstdint>

#include "base/hash.h"
#include "base/ids.h"
#include "base/time.h"
#include "base/value.h"
#include "program/program.h"
#include "trace/record.h"

namespace sagalab::world {

using program::Outcome;
using program::Program;
using trace::MessageKind;

// The workload firing that everything caused by it belongs to.
struct Correlation {
    std::uint64_t item : 24 = 0;  // in Program::workload
    std::uint64_t firing : 40 = 0;

    friend bool operator==(const Correlation&, const Correlation&) = default;
};

// "r1", "CreateOrder", "CreateOrder#17": what meta.correlationId shows.
Value correlation_name(const Program& program, const Correlation& correlation);

struct Message {
    Hash128 id;
    Hash128 cause;    // the item whose handling sent it
    Hash128 answers;  // of a reply: the id of the call
    Correlation correlation;
    Value payload;      // `msg`; of a reply its body
    Value note;         // of a reply its code, else the idempotency key; null: none
    Nanos arrival = 0;  // until it is put in flight: when it is sent
    OperationId operation;
    ServiceId from;
    ServiceId to;
    OperationId during;         // what its sender was handling
    std::uint32_t attempt = 1;  // of delivery; of a call, the try
    std::uint32_t round = 0;    // causes within the same instant
    std::uint64_t saga = 0;     // of a saga's message: its instance; 0: of none
    std::uint32_t epoch = 0;    // and under which epoch it was sent
    std::uint32_t number = 0;   // on its link, in the order in which they were put in flight
    MessageKind kind = MessageKind::event;
    Outcome outcome = Outcome::succeeded;  // of a reply
    bool held = false;                     // a delay has struck this attempt
    std::uint8_t copy = 0;                 // a duplicate's number
    bool durable = false;                  // a relay keeps it until it has arrived
    bool by_bus = false;                   // of a call: request and reply are bus messages
    bool timed = false;  // it comes at its arrival and no earlier: a redelivery, a lag, a delay
    bool late = false;   // an adversary has made it late: timers do not wait for it

    friend bool operator==(const Message&, const Message&) = default;
    [[nodiscard]] Hash128 hash128(Hash128 start = {}) const;
    // It goes from one service to the other, and nobody keeps it.
    [[nodiscard]] bool by_wire() const {
        return kind == MessageKind::reply || (kind == MessageKind::call && !by_bus);
    }
    // The id of this attempt to deliver it: what its handling is named by.
    [[nodiscard]] Hash128 delivery_id() const {
        if (attempt == 1 && copy == 0) return id;
        return id.with(std::uint64_t{copy} << 32U | attempt);
    }
};

}  // namespace sagalab::world
