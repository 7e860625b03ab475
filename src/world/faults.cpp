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
    bool own = fault.kind == FaultKind::fail_store;  // what the writer handles, not its sender
    if (fault.during && fault.during != (own ? message.operation : message.during)) return false;
    if (fault.attempt != 0 && fault.attempt != message.attempt) return false;
    return now >= fault.at && now < fault.until;
}

}  // namespace

// Scripted faults strike where a message is taken up. What makes it late comes first: it is taken
// up once more when it is there, and the others strike then. A rejection is an answer of the
// callee; a message that is refused or late has not been there.
Execution::Strike Execution::strike(Message& message, std::uint32_t link) {
    if (!message.held && postpone(message, link)) return Strike::kept_away;
    const std::vector<FaultId>& faults = program_.faults_on[message.operation.value];
    Message seen;  // as it was
    if (faults.size() > 1) seen = message;
    Strike struck = Strike::passes;
    for (FaultId id : faults) {
        const Fault& fault = program_[id];
        bool again = fault.kind == FaultKind::duplicate && message.copy != 0;
        if (fault.kind == FaultKind::delay || again) continue;
        if (struck != Strike::passes) {
            // `nth` counts what another fault has struck as well.
            if (narrowed_to(fault, seen, now_)) service_.faults[id.value].match(seen.from);
        } else if (strikes(id, message)) {
            struck = strike_with(id, message, link);
        }
    }
    return struck;
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
    message.timed = true;
    put_back(std::move(message), link);
    return true;
}

// Does the message fit, and is it one of those that are struck? Counts it, and reports a strike.
bool Execution::strikes(FaultId id, const Message& message) {
    const Fault& fault = program_[id];
    if (!narrowed_to(fault, message, now_)) return false;
    FaultCount& count = service_.faults[id.value];
    bool of_link = fault.kind != FaultKind::fail_store;
    std::uint32_t nth = count.match(of_link ? message.from : ServiceId());
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
    switch (fault.kind) {
        case FaultKind::fail:
            refuse(message, Outcome::failed, fault.code, link);
            return Strike::kept_away;
        case FaultKind::drop: lose_on_the_way(std::move(message), link); return Strike::kept_away;
        case FaultKind::duplicate: duplicate(message, link); return Strike::passes;
        default: break;
    }
    if (fault.after) {
        forced_ = fault.code;
        return Strike::passes;
    }
    refuse(message, Outcome::rejected, fault.code, link);
    return Strike::answered;
}

Execution::Strike Execution::strike_by_adversary(Message& message, std::uint32_t link) {
    const Variant& variant = *effects_.variant;
    if (variant.duplicate) duplicate(message, link);
    switch (variant.kind) {
        case Variant::Kind::drop: lose_on_the_way(std::move(message), link); break;
        case Variant::Kind::fail: refuse(message, Outcome::failed, variant.code, link); break;
        case Variant::Kind::reject:
            refuse(message, Outcome::rejected, variant.code, link);
            return Strike::answered;
        default: return Strike::passes;
    }
    return Strike::kept_away;
}

// A copy right behind its original.
void Execution::duplicate(const Message& message, std::uint32_t link) {
    Message copy = message;
    ++copy.copy;
    copy.arrival = now_;
    copy.round = round_ + 1;
    copy.timed = false;
    const Link& way = service_.mailbox.links()[link];
    service_.mailbox.restore(std::move(copy), Lane{way.ordered, way.key});
    service_.cost += message_cost;
}

bool Execution::reply_lost(const Message& message) {
    if (effects_.variant && effects_.variant->kind == Variant::Kind::drop) {
        if (listening()) describe(record(RecordKind::lost), message);
        return true;
    }
    for (FaultId id : program_.reply_faults[message.operation.value]) {
        if (!strikes(id, message)) continue;
        if (listening()) describe(record(RecordKind::lost), message);
        return true;
    }
    return false;
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
    bool call = message.kind == MessageKind::call;
    if (call && (rejected || !message.by_bus)) {
        reply_to(caller_of(message), outcome, code, Value());
        acknowledge(link);
    } else if (rejected && message.kind == MessageKind::send) {
        acknowledge(link);
    } else {
        deliver_again(std::move(message), link, code);
    }
}

}  // namespace sagalab::world
