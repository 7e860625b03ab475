// Points: the named places within a handler at which it can be struck.
//
// In the order in which a handler passes them: "before receive", "after dedup", "after insert
// orders" for each step with an effect (with "#2" for the second such step of its handler),
// "before commit", "after commit", "after send", "after mark", "before acknowledge"; of a saga also
// "after succeeded PaymentService.PayOrder" for each record of its log. The names are the same with
// and without outbox and inbox.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "program/program.h"

namespace sagalab::program {

// The records of a saga's log, as points name them, in the order of trace::SagaNote from `started`.
inline constexpr std::array<std::string_view, 8> record_words{
    "started", "succeeded",    "rejected",      "failed",
    "unknown", "undo started", "undo finished", "undo failed"};

// "after insert orders#2"
std::string point_name(const Program& program, const Point& point);

// Fills Program::points and first_point: every point of every handler, in order.
void number_points(Program& program);

// Can any handling come past it? Where a handler `takes` time, its work begins behind "after
// dedup"; a checkpoint that is one commit with the effect has no "after mark".
bool can_be_passed(const Program& program, const Point& point);

// Can a handler be held there, as a `wait` would hold it?
bool can_stall_at(PointKind kind);

}  // namespace sagalab::program
