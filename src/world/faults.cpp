#include <utility>

#include "base/random.h"
#include "world/execute.h"

namespace sagalab::world {

using program::Fault;
using program::FaultKind;
using trace::Record;
using trace::RecordKind;

namespace {

bool narrowed_to(const Fault& fault, const Message& message, Nanos now) {
    if (fault.of && fault.of != message.from) return false;
    if (fault.to && fault.to != message.to) return false;
    if (fault.during && fault.during != message.during) return false;
    if (fault.attempt != 0 && fault.attempt != message.attempt) return false;
    return now >= fault.at && now < fault.until;
}

}  // namespace

// Scripted faults strike where a message is taken up. A rejection is an answer of the callee; a
// message that is refused or late has not been there.
Execution::Strike Execution::strike(Message& message, std::uint32_t link) {
    for (FaultId id : program_.faults_on[message.operation.value]) {
        Strike struck = strike_with(id, message, link);
        if (struck != Strike::passes) return struck;
    }
    if (!message.held) return Strike::passes;
    service_.mailbox.put_back(link, std::move(message));
    return Strike::kept_away;
}

Execution::Strike Execution::strike_with(FaultId id, Message& message, std::uint32_t link) {
    const Fault& fault = program_[id];
    if (!narrowed_to(fault, message, now_)) return Strike::passes;
    FaultCount& count = service_.faults[id.value];
    ++count.matches;
    if (fault.nth != 0 && count.matches != fault.nth) return Strike::passes;
    if (fault.times != 0 && count.strikes >= fault.times) return Strike::passes;
    std::uint64_t bits = draw(program_.seed, Purpose::fault, message.delivery_id().with(id.value));
    if (scale(bits, 1'000'000) >= static_cast<std::uint64_t>(fault.millionths))
        return Strike::passes;
    ++count.strikes;
    if (listening()) {
        Record& entry = record(RecordKind::fault);
        describe(entry, message);
        entry.fault = id;
        if (fault.kind == FaultKind::delay) entry.time = add_saturating(now_, fault.by);
    }
    switch (fault.kind) {
        case FaultKind::reject:
            if (fault.after) {
                forced_ = fault.code;
                return Strike::passes;
            }
            refuse(message, Outcome::rejected, fault.code, link);
            return Strike::answered;
        case FaultKind::fail:
            refuse(message, Outcome::failed, fault.code, link);
            return Strike::kept_away;
        case FaultKind::delay:
            message.arrival = add_saturating(message.held ? message.arrival : now_, fault.by);
            message.round = 0;
            message.held = true;
            return Strike::passes;
        default: return Strike::passes;
    }
}

// Answers for the handler, which never begins.
void Execution::refuse(Message& message, Outcome outcome, const Value& code, std::uint32_t link) {
    bool rejected = outcome == Outcome::rejected;
    if (rejected && listening()) describe(record(RecordKind::delivered), message);
    if (listening()) {
        Record& entry = record(RecordKind::ended);
        describe(entry, message);
        entry.value = Value();
        entry.outcome = outcome;
        entry.code = code;
    }
    if (message.kind == MessageKind::call) {
        reply_to({message.id, message.from, message.operation, message.correlation}, outcome, code,
                 Value());
    } else if (rejected && message.kind == MessageKind::send) {
        acknowledge(link);
    } else {
        deliver_again(std::move(message), link, code);
    }
}

}  // namespace sagalab::world
