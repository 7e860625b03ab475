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

// Scripted faults strike where a message is taken up. What makes it late comes first: it is taken
// up once more when it is there, and the others strike then. A rejection is an answer of the
// callee; a message that is refused or late has not been there.
Execution::Strike Execution::strike(Message& message, std::uint32_t link) {
    if (!message.held && postpone(message, link)) return Strike::kept_away;
    for (FaultId id : program_.faults_on[message.operation.value]) {
        if (program_[id].kind == FaultKind::delay || !strikes(id, message)) continue;
        Strike struck = strike_with(id, message, link);
        if (struck != Strike::passes) return struck;
    }
    return Strike::passes;
}

bool Execution::postpone(Message& message, std::uint32_t link) {
    Nanos by = 0;
    for (FaultId id : program_.faults_on[message.operation.value]) {
        if (program_[id].kind != FaultKind::delay || !strikes(id, message)) continue;
        by = add_saturating(by, program_[id].by);
        message.held = true;
        if (listening()) effects_.records.back().time = add_saturating(now_, by);
    }
    if (!message.held) return false;
    message.arrival = add_saturating(now_, by);
    message.round = round_at(message.arrival);
    put_back(std::move(message), link);
    return true;
}

// Does the message fit, and is it one of those that are struck? Counts it, and reports a strike.
bool Execution::strikes(FaultId id, const Message& message) {
    const Fault& fault = program_[id];
    if (!narrowed_to(fault, message, now_)) return false;
    FaultCount& count = service_.faults[id.value];
    std::uint32_t nth = count.match(message.from);
    if (fault.nth != 0 && nth != fault.nth) return false;
    if (fault.times != 0 && count.strikes >= fault.times) return false;
    if (fault.millionths < 1'000'000) {
        std::uint64_t bits =
            draw(program_.seed, Purpose::fault, message.delivery_id().with(hash_text(fault.text)));
        if (scale(bits, 1'000'000) >= static_cast<std::uint64_t>(fault.millionths)) return false;
    }
    ++count.strikes;
    if (listening()) {
        Record& entry = record(RecordKind::fault);
        describe(entry, message);
        entry.fault = id;
    }
    return true;
}

Execution::Strike Execution::strike_with(FaultId id, Message& message, std::uint32_t link) {
    const Fault& fault = program_[id];
    if (fault.kind == FaultKind::fail) {
        refuse(message, Outcome::failed, fault.code, link);
        return Strike::kept_away;
    }
    if (fault.after) {
        forced_ = fault.code;
        return Strike::passes;
    }
    refuse(message, Outcome::rejected, fault.code, link);
    return Strike::answered;
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
