// The kinds of fault: one row each. Loader, points, help and traces read this table.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/time.h"
#include "base/value.h"

namespace sagalab::program {

enum class FaultKind : std::uint8_t {
    reject,
    fail,
    drop,
    drop_reply,
    duplicate,
    delay,
    crash,
    partition,
    pause,
    slow,
    stall,
    fail_store
};

struct FaultRow {
    FaultKind kind;
    std::string_view verb;     // the key that begins it in a scenario file
    std::string_view subject;  // what the verb names: operation, message, service, table, sides
    std::string_view effect;   // one sentence
    bool available;            // the engine strikes with it
};

inline constexpr std::array<FaultRow, 12> fault_rows{{
    {FaultKind::reject, "reject", "operation",
     "the callee rejects, before it begins or after its effects", true},
    {FaultKind::fail, "fail", "operation", "the call is refused and has no effect", true},
    {FaultKind::drop, "drop", "message", "the message is lost on its way", false},
    {FaultKind::drop_reply, "dropReply", "operation", "the reply is lost, the effect stays", false},
    {FaultKind::duplicate, "duplicate", "message", "the message is delivered again", false},
    {FaultKind::delay, "delay", "message", "the message is late and may be overtaken", true},
    {FaultKind::crash, "crash", "service", "volatile state is lost, the store is kept", false},
    {FaultKind::partition, "partition", "sides", "nothing passes between the sides", false},
    {FaultKind::pause, "pause", "service", "nothing of the service runs, its timers are late",
     false},
    {FaultKind::slow, "slow", "service", "the service works more slowly", false},
    {FaultKind::stall, "stall", "service", "a handler is held at a point", false},
    {FaultKind::fail_store, "failStore", "table", "a write to the store fails", false},
}};

// One line of `faults`: what strikes, and what narrows it. Absent fields do not narrow.
struct Fault {
    FaultKind kind = FaultKind::reject;
    OperationId operation;  // reject, fail, drop, dropReply, duplicate, delay
    ServiceId service;      // crash, pause, slow, stall; the callee of reject and fail
    TableId table;
    ServiceId of;               // the sender
    ServiceId to;               // the receiver
    std::uint32_t nth = 0;      // 0: each match; counted per fault and receiving service
    std::uint32_t attempt = 0;  // 0: every attempt
    std::uint32_t times = 0;    // 0: without bound
    Nanos at = 0;
    Nanos until = never;
    OperationId during;
    std::string point;
    std::int64_t millionths = 1'000'000;  // the probability
    Nanos by = 0;                         // delay
    Value code;                           // reject, fail, failStore
    bool after = false;                   // reject after the effects
    bool optional = false;
    std::string text;  // the line as a person reads it
    SourceId source;
};

}  // namespace sagalab::program
