#include <algorithm>
#include <utility>

#include "world/execute.h"

namespace sagalab::world {

using program::Fault;
using program::FaultKind;
using trace::Record;
using trace::RecordKind;

namespace {

constexpr Nanos resend_after = 10 * millisecond;  // a relay, whose message was lost

bool on_side(const std::vector<ServiceId>& side, ServiceId service) {
    return std::find(side.begin(), side.end(), service) != side.end();
}

// The side that a party is on, or none: then it reaches everybody.
std::size_t side_of(const Fault& fault, ServiceId service) {
    for (std::size_t i = 0; i < fault.sides.size(); ++i) {
        if (on_side(fault.sides[i], service)) return i;
    }
    return Index<void>::absent;
}

bool apart(std::size_t a, std::size_t b) {
    return a != b && a != Index<void>::absent && b != Index<void>::absent;
}

bool over_bus(const Message& message) {
    return message.by_bus || message.kind == MessageKind::event ||
           message.kind == MessageKind::send;
}

// Does the partition lie on the way of the message?
bool cuts(const Fault& fault, const Message& message) {
    std::size_t from = side_of(fault, message.from);
    std::size_t to = side_of(fault, message.to);
    if (apart(from, to)) return true;
    return over_bus(message) && (apart(from, fault.bus_side) || apart(fault.bus_side, to));
}

}  // namespace

// Until when the replica stands still; 0 where it does not.
Nanos Execution::paused_until(std::uint32_t replica) const {
    if (service_.replicas[replica].still) return at_will;
    Nanos until = 0;
    if (service_.id.value >= program_.pauses.size()) return until;
    for (FaultId id : program_.pauses[service_.id.value]) {
        const Fault& fault = program_[id];
        bool here = fault.replica == 0 || fault.replica == replica + 1;
        bool now = fault.kind == FaultKind::pause && here && now_ >= fault.at && now_ < fault.until;
        if (now) until = std::max(until, fault.until);
    }
    return until;
}

// The first moment at which some replica moves; 0 where one does now.
Nanos Execution::all_paused_until() const {
    Nanos until = never;
    for (std::uint32_t i = 0; i < service_.replicas.size(); ++i) {
        if (service_.replicas[i].up) until = std::min(until, paused_until(i));
    }
    return until == never ? 0 : until;
}

void Execution::pause_begins(FaultId id) {
    const Fault& fault = program_[id];
    ++service_.faults[id.value].strikes;
    if (listening()) record(RecordKind::fault).fault = id;
    for (std::uint32_t i = 0; i < service_.replicas.size(); ++i) {
        if (fault.replica != 0 && fault.replica != i + 1) continue;
        if (listening()) {
            Record& entry = record(RecordKind::paused);
            entry.attempt = i + 1;
            entry.time = fault.until;
        }
        Nanos expires = add_saturating(now_, program_[service_.id].lease);
        bool others = fault.replica != 0 && service_.replicas.size() > 1;
        if (others && expires < fault.until) {
            service_.set_timer(expires, 0, TimerKind::lease, i);
        }
    }
}

// Nothing of the replica happens until `go_on`, and nothing is lost. Others take its sagas over
// when their leases have expired.
void Execution::stand_still(std::uint32_t at) {
    service_.replicas[at].still = true;
    if (listening()) {
        Record& entry = record(RecordKind::paused);
        entry.attempt = at + 1;
        entry.time = at_will;
    }
    bool owns = false;
    service_.handlers.for_each([&](const Hash128&, const Cow<Running>& running) {
        owns = owns || (running->saga && running->replica == at);
    });
    if (!owns || service_.replicas.size() == 1) return;
    // Only of this pause: the timer ends with it.
    service_.set_timer(add_saturating(now_, program_[service_.id].lease), 0, TimerKind::lease, at,
                       hash_text128("still").with(std::uint64_t(now_)));
}

// What has waited happens now or later.
void Execution::go_on(std::uint32_t at) {
    service_.mailbox.hold_until(now_, [&](const Message& each) { return service_.held(each); });
    std::vector<Timer> late;
    auto is_late = [&](const Timer& timer) {
        return timer.due < now_ && service_.live(timer) && service_.held(timer);
    };
    service_.timers.for_each([&](const Timer& timer) {
        if (is_late(timer)) late.push_back(timer);
    });
    std::ranges::sort(late, [](const Timer& a, const Timer& b) { return a.before(b); });
    service_.timers.purge([&](const Timer& timer) { return !is_late(timer); });
    for (const Timer& timer : late) set_again(timer, now_);
    service_.replicas[at].still = false;
    if (listening()) record(RecordKind::moves_again).attempt = at + 1;
}

// The timer is due at another time.
void Execution::set_again(const Timer& timer, Nanos due) {
    if (timer.kind == TimerKind::wait) {
        Wait wait = *service_.waits.find(timer.wait);
        wait.due = due;
        service_.waits.put(timer.wait, wait);
    }
    service_.set_timer(due, 0, timer.kind, timer.of, timer.wait);
}

// How many times as long as usual handlers take now, in millionths.
std::int64_t Execution::slowness() {
    std::int64_t factor = 1'000'000;
    if (service_.id.value >= program_.pauses.size()) return factor;
    for (FaultId id : program_.pauses[service_.id.value]) {
        const Fault& fault = program_[id];
        bool here = fault.replica == 0 || fault.replica == running_->replica + 1;
        if (fault.kind != FaultKind::slow || !here || now_ < fault.at || now_ >= fault.until) {
            continue;
        }
        ++service_.faults[id.value].strikes;
        if (listening()) record(RecordKind::fault).fault = id;
        Wide product = Wide{factor} * fault.factor_millionths / 1'000'000;
        factor = static_cast<std::int64_t>(std::min<Wide>(product, Wide{1} << 62U));
    }
    return factor;
}

// The way is cut: a call is lost, a bus message waits until it is mended. Of a cut that an
// adversary has made, those that wait are not taken up.
bool Execution::cut_off(Message& message, std::uint32_t link) {
    if (service_.is_cut_from(message.from)) {
        lose_on_the_way(std::move(message), link);
        return true;
    }
    for (FaultId id : program_.partitions) {
        const Fault& fault = program_[id];
        if (now_ < fault.at || now_ >= fault.until || !cuts(fault, message)) continue;
        ++service_.faults[id.value].strikes;
        if (listening()) {
            Record& entry = record(RecordKind::fault);
            describe(entry, message);
            entry.fault = id;
        }
        bool waits = over_bus(message) && message.kind != MessageKind::reply &&
                     program_.bus.topics[message.operation.value].at_least_once;
        if (waits) {
            come_at(std::move(message), link, fault.until);
        } else {
            lose_on_the_way(std::move(message), link);
        }
        return true;
    }
    return false;
}

void Execution::come_at(Message&& message, std::uint32_t link, Nanos time) {
    message.arrival = time;
    message.round = round_at(time);
    message.timed = true;
    put_back(std::move(message), link);
}

// What nobody keeps is gone; what a relay has sent it sends again.
void Execution::lose_on_the_way(Message&& message, std::uint32_t link) {
    if (listening()) describe(record(RecordKind::lost), message);
    if (message.durable) {
        come_at(std::move(message), link, add_saturating(now_, resend_after));
    } else {
        acknowledge(link);
    }
}

// Nothing of the service runs now: the message waits.
bool Execution::stands_still(Message& message, std::uint32_t link) {
    Nanos until = all_paused_until();
    if (until == 0) return false;
    come_at(std::move(message), link, until);
    return true;
}

// Of a replica that stands still, timers are late.
bool Execution::put_off(const Timer& timer) {
    Nanos until = 0;
    if (timer.kind == TimerKind::wait) {
        const Wait& wait = *service_.waits.find(timer.wait);
        const Cow<Running>* running = service_.handlers.find(wait.handler);
        if (running) until = paused_until((*running)->replica);
        if (until == 0) return false;
        set_again(timer, until);
        return true;
    }
    bool own = timer.kind == TimerKind::firing || timer.kind == TimerKind::scheduled ||
               timer.kind == TimerKind::rebuild;
    if (own) until = all_paused_until();
    if (timer.kind == TimerKind::worker) until = paused_until(timer.of);
    if (until == 0) return false;
    set_again(timer, until);
    return true;
}

// Does a write to this table fail now?
bool Execution::store_fails(TableId table, Value& code) {
    if (effects_.variant) {
        effects_.passed.writes.push_back(table);
        const Variant& variant = *effects_.variant;
        if (variant.kind == Variant::Kind::fail_store &&
            effects_.passed.writes.size() == std::size_t{variant.at} + 1) {
            code = variant.code;
            return true;
        }
    }
    if (program_.store_faults.empty()) return false;
    for (FaultId id : program_.store_faults[table.value]) {
        if (!strikes(id, running_->message)) continue;
        code = program_[id].code;
        return true;
    }
    return false;
}

}  // namespace sagalab::world
