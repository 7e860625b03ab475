#include "program/points.h"

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "world/execute.h"

namespace sagalab::world {

using program::Fault;
using program::FaultKind;
using program::Point;
using program::PointKind;
using trace::Record;
using trace::RecordKind;

bool Execution::watched() const {
    if (interest_.points || interest_.coverage || effects_.variant) return true;
    return service_.id.value < program_.faults_at.size() &&
           !program_.faults_at[service_.id.value].empty();
}

bool Execution::pass(PointKind kind, InstructionId instruction) {
    if (!watched()) return false;
    Point point;
    point.kind = kind;
    point.handler = running_->handler;
    point.instruction = instruction;
    return passed(point);
}

bool Execution::pass_record(std::uint32_t step, trace::SagaNote note) {
    if (note == trace::SagaNote::none || !watched()) return false;
    Point point;
    point.kind = PointKind::after_record;
    point.handler = running_->handler;
    point.step = step;
    point.record = static_cast<std::uint8_t>(static_cast<unsigned>(note) -
                                             static_cast<unsigned>(trace::SagaNote::started));
    return passed(point);
}

// True: the handler stands still here, crashed or held.
bool Execution::passed(const Point& point) {
    auto first = program_.points.begin() + program_.first_point[point.handler.value];
    auto last = program_.points.begin() + program_.first_point[point.handler.value + 1];
    auto found = std::find(first, last, point);
    if (found == last) return false;
    auto number = static_cast<std::uint32_t>(found - program_.points.begin());
    if (interest_.coverage) reached(interest_.coverage->point(number));
    if (interest_.points) record(RecordKind::passed).step = number;
    if (effects_.variant && adversary_stops(number)) return true;
    for (FaultId id : program_.faults_at[service_.id.value]) {
        const Fault& fault = program_[id];
        if (!std::binary_search(fault.points.begin(), fault.points.end(), number)) continue;
        // What stands still already cannot be held.
        if (fault.kind == FaultKind::stall && fiber().waits_for != WaitKind::none) continue;
        if (!strikes_here(id)) continue;
        if (interest_.coverage) reached(interest_.coverage->strike(number));
        if (fault.kind == FaultKind::crash) {
            Nanos back =
                fault.restart_after == never ? never : add_saturating(now_, fault.restart_after);
            stopped_ = Stop{true, fault.replica != 0 ? fault.replica - 1 : running_->replica, back};
            return true;
        }
        await(WaitKind::stall, next_id(here()), add_saturating(now_, fault.hold));
        return true;
    }
    return false;
}

// Is this the point at which an adversary wants the handler to stand still?
bool Execution::adversary_stops(std::uint32_t point) {
    const Variant& variant = *effects_.variant;
    std::vector<std::uint32_t>& points = effects_.passed.points;
    points.push_back(point);
    if (points.size() != std::size_t{variant.at} + 1) return false;
    if (variant.kind == Variant::Kind::crash) {
        Nanos after = variant.restart_after;
        stopped_ =
            Stop{true, running_->replica, after >= at_will ? after : add_saturating(now_, after)};
        return true;
    }
    // What stands still already cannot be held.
    if (variant.kind != Variant::Kind::stall || fiber().waits_for != WaitKind::none) return false;
    await(WaitKind::stall, next_id(here()), at_will);
    return true;
}

// Does the handler that runs fit, and is this one of the passes that are struck? A crash strikes
// once, unless it says how often.
bool Execution::strikes_here(FaultId id) {
    const Fault& fault = program_[id];
    const Message& message = running_->message;
    if (now_ < fault.at || now_ >= fault.until) return false;
    if (fault.of && fault.of != message.from) return false;
    if (fault.attempt != 0 && fault.attempt != message.attempt) return false;
    if (fault.replica != 0 && fault.replica != running_->replica + 1) return false;
    FaultCount& count = service_.faults[id.value];
    std::uint32_t nth = count.match(ServiceId());
    if (fault.nth != 0 && nth != fault.nth) return false;
    std::uint32_t most = fault.times == 0 && fault.kind == FaultKind::crash ? 1 : fault.times;
    if (most != 0 && count.strikes >= most) return false;
    if (fault.millionths < 1'000'000) {
        std::uint64_t bits =
            draw(program_.seed, Purpose::fault, running_->id.with(hash_text(fault.text)).with(nth));
        if (scale(bits, 1'000'000) >= static_cast<std::uint64_t>(fault.millionths)) return false;
    }
    ++count.strikes;
    if (listening()) {
        Record& entry = record(RecordKind::fault);
        entry.fault = id;
        entry.message = message.id;
        entry.peer = message.from;
    }
    return true;
}

// The crash that a point has brought about, once its handler stands still.
void Execution::carry_out_stop() {
    Stop stop = std::exchange(stopped_, Stop());
    running_ = nullptr;
    crash(stop.replica, stop.restart_at);
}

}  // namespace sagalab::world
