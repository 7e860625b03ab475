// The kinds of fault: one row each. Loader, points, help and traces read this table.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

// Places within a handler; program/points.h names them.
enum class PointKind : std::uint8_t {
    before_receive,
    after_dedup,
    after_step,    // of a step with an effect
    after_record,  // of a saga's log
    before_commit,
    after_commit,
    after_send,
    after_mark,
    before_acknowledge
};

// Equal for equal points of one handler.
struct Point {
    PointKind kind = PointKind::before_receive;
    HandlerId handler;
    InstructionId instruction;                 // after_step
    std::uint32_t step = Index<void>::absent;  // after_record: in Saga::steps
    std::uint8_t record = 0;                   // after_record: in record_words (program/points.h)

    friend bool operator==(const Point&, const Point&) = default;
};

struct FaultRow {
    FaultKind kind;
    std::string_view verb;     // the key that begins it in a scenario file
    std::string_view subject;  // what the verb names: operation, message, service, table, sides
    std::string_view effect;   // one sentence
};

inline constexpr std::array<FaultRow, 12> fault_rows{{
    {FaultKind::reject, "reject", "operation",
     "the callee rejects, before it begins or after its effects"},
    {FaultKind::fail, "fail", "operation", "the call is refused and has no effect"},
    {FaultKind::drop, "drop", "message", "the message is lost on its way"},
    {FaultKind::drop_reply, "dropReply", "operation", "the reply is lost, the effect stays"},
    {FaultKind::duplicate, "duplicate", "message", "the message is delivered again"},
    {FaultKind::delay, "delay", "message", "the message is late and may be overtaken"},
    {FaultKind::crash, "crash", "service", "volatile state is lost, the store is kept"},
    {FaultKind::partition, "partition", "sides", "nothing passes between the sides"},
    {FaultKind::pause, "pause", "service", "nothing of the service runs, its timers are late"},
    {FaultKind::slow, "slow", "service", "the service works more slowly"},
    {FaultKind::stall, "stall", "service", "a handler is held at a point"},
    {FaultKind::fail_store, "failStore", "table", "a write to the store fails"},
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
    std::string point;                             // as written; empty: at no point
    std::vector<std::uint32_t> points;             // those that it means, in Program::points
    Nanos hold = 0;                                // stall: how long
    std::vector<std::vector<ServiceId>> sides;     // partition
    std::uint32_t bus_side = Index<void>::absent;  // partition: the side that names the bus
    std::int64_t factor_millionths = 1'000'000;    // slow
    std::int64_t millionths = 1'000'000;           // the probability
    Nanos by = 0;                                  // delay
    Nanos restart_after = 100 * millisecond;       // crash; `never` is allowed
    std::uint32_t replica = 0;                     // crash, pause: from 1; 0: all of the service
    Value code;                                    // reject, fail, failStore
    bool after = false;                            // reject after the effects
    bool optional = false;
    std::string text;  // the line as a person reads it
    SourceId source;
};

}  // namespace sagalab::program
