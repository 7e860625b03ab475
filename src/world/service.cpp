#include "world/service.h"

#include <algorithm>
#include <utility>

#include "world/seeds.h"

namespace sagalab::world {

std::uint32_t FaultCount::match(ServiceId from) {
    auto at = std::lower_bound(links.begin(), links.end(), from,
                               [](const OfSender& link, ServiceId id) { return link.from < id; });
    if (at == links.end() || at->from != from) at = links.insert(at, OfSender{from, 0});
    return ++at->matches;
}

std::uint32_t FaultCount::matches() const {
    std::uint32_t sum = 0;
    for (const OfSender& link : links) sum += link.matches;
    return sum;
}

Service::Next Service::next() const {
    Next next;
    if (std::optional<Turn> turn = mailbox.next()) {
        next = {turn->time, false, turn->round, turn->link};
    }
    if (!timers.empty() && timers.first().due < next.time) {
        next = {timers.first().due, true, timers.first().round, Index<void>::absent};
    }
    return next;
}

void Service::drop_dead_timers() {
    while (!timers.empty() && !live(timers.first())) timers.pop();
}

bool Service::live(const Timer& timer) const {
    if (timer.kind == TimerKind::lease && !timer.wait.zero()) return replicas[timer.of].still;
    if (timer.kind != TimerKind::wait) return true;
    const Wait* wait = waits.find(timer.wait);
    return wait && wait->due == timer.due;
}

void Service::set_timer(Nanos due, std::uint32_t round, const Hash128& wait) {
    constexpr std::size_t few = 1024;
    if (timers.size() > few && timers.size() > 4 * waits.size()) {
        timers.purge([&](const Timer& timer) { return live(timer); });
    }
    set_timer(due, round, TimerKind::wait, 0, wait);
}

void Service::set_timer(Nanos due, std::uint32_t round, TimerKind kind, std::uint32_t of,
                        const Hash128& wait) {
    Timer timer;
    timer.due = due;
    timer.round = round;
    timer.kind = kind;
    timer.of = of;
    timer.number = timers_set++;
    timer.wait = wait;
    timers.push(timer);
}

Nanos Service::up_at() const {
    Nanos first = never;
    for (const Replica& each : replicas) first = std::min(first, each.restart_at);
    return first;
}

bool Service::stands_still() const {
    bool still = false;
    for (const Replica& each : replicas) {
        if (!each.up) continue;
        if (!each.still) return false;
        still = true;
    }
    return still;
}

bool Service::is_held(const Hash128& wait) const {
    const Wait* found = waits.find(wait);
    const Cow<Running>* running = found ? handlers.find(found->handler) : nullptr;
    return running && replicas[(*running)->replica].still;
}

bool Service::held(const Message& message) const {
    if (std::ranges::none_of(replicas, [](const Replica& each) { return each.still; })) {
        return false;
    }
    if (message.kind == MessageKind::reply) return is_held(message.answers);
    return stands_still() || std::ranges::any_of(awaiting, [&](const Awaiting& each) {
               return each.event == message.operation && is_held(each.wait);
           });
}

bool Service::held(const Timer& timer) const {
    switch (timer.kind) {
        case TimerKind::wait: return is_held(timer.wait);
        case TimerKind::worker: return replicas[timer.of].still;
        case TimerKind::firing:
        case TimerKind::scheduled:
        case TimerKind::lease:
        case TimerKind::rebuild: return stands_still();
        default: return false;
    }
}

namespace {

Hash128 hash_replica(Hash128 hash, const Replica& replica) {
    hash = hash.with(std::uint64_t{replica.busy} << 2U | (replica.still ? 2U : 0U) |
                     (replica.up ? 1U : 0U))
               .with(std::uint64_t(replica.restart_at));
    replica.queue.for_each(
        [&](const Queued& queued) { hash = queued.forced.hash128(queued.message.hash128(hash)); });
    for (const BreakerState& each : replica.breakers) {
        hash = hash.with(std::uint64_t(each.mode) << 32U | each.generation)
                   .with(std::uint64_t{each.probes} << 32U | each.successes)
                   .with(std::uint64_t(each.open_until));
        for (Nanos failure : each.failures) hash = hash.with(std::uint64_t(failure));
    }
    Hash128 limits;
    replica.limits.for_each(
        [&](const Value& key, Nanos full) { limits += key.hash128().with(std::uint64_t(full)); });
    return hash.with(limits);
}

}  // namespace

Hash128 Service::fingerprint() const {
    Hash128 hash = Hash128{}.with(std::uint64_t{id.value});
    for (ServiceId other : cut_from) hash = hash.with(std::uint64_t{other.value});
    for (const Rows& table : tables) hash = hash.with(table.fingerprint());
    Hash128 running;
    handlers.for_each(
        [&](const Hash128& key, const Cow<Running>& handler) { running += handler->hash128(key); });
    hash = hash.with(running).with(waits.fingerprint()).with(ended_sagas.fingerprint());
    for (const FaultCount& count : faults) {
        hash = hash.with(std::uint64_t{count.strikes});
        for (const FaultCount::OfSender& link : count.links) {
            hash = hash.with(std::uint64_t{link.from.value} << 32U | link.matches);
        }
    }
    for (const Firing& firing : firings) hash = hash.with(firing.count);
    for (const Streams& each : streams) hash = hash.with(each.fingerprint());
    for (const Projection& each : projections) hash = each.hash128(hash);
    for (const Replica& each : replicas) hash = hash_replica(hash, each);
    for (const DeadLetter& dead : dead_letters) hash = dead.message.hash128(hash);
    for (const Hash128& sequence : set_aside) hash = hash.with(sequence);
    outbox.for_each([&](const Send& send) { hash = send.message.hash128(hash); });
    hash = hash.with(inbox.fingerprint()).with(in_progress.fingerprint());
    Hash128 known;
    epochs.for_each([&](const Hash128& saga, std::uint32_t epoch) { known += saga.with(epoch); });
    parked.for_each([&](const Value& name, const Cow<Running>& saga) {
        known += saga->hash128(name.hash128());
    });
    hash = hash.with(known);
    hash = hash.with(scheduled.fingerprint()).with(std::uint64_t{next_replica});
    return hash.with(timers_hash()).with(mailbox.fingerprint());
}

// Timers that no wait stands for are part of the state.
Hash128 Service::timers_hash() const {
    Hash128 sum;
    timers.for_each([&](const Timer& timer) {
        if (timer.kind == TimerKind::wait) return;
        sum += timer.wait.with(std::uint64_t(timer.due))
                   .with(std::uint64_t(timer.kind) << 32U | timer.of);
    });
    return sum;
}

Service initial_service(const Program& program, ServiceId id) {
    Service service;
    service.id = id;
    const program::Service& spec = program[id];
    for (TableId table : spec.tables) {
        Rows rows;
        for (const auto& [key, row] : program[table].rows) rows.put(key, row);
        service.tables.push_back(std::move(rows));
    }
    service.faults.resize(program.faults.size());
    service.replicas.resize(spec.replicas);
    for (std::size_t i = 0; i < program.faults.size(); ++i) {
        const program::Fault& fault = program.faults[i];
        bool at_a_time = fault.kind == program::FaultKind::pause ||
                         (fault.kind == program::FaultKind::crash && fault.point.empty());
        if (!at_a_time || fault.service != id) continue;
        service.set_timer(fault.at, 0, TimerKind::fault, static_cast<std::uint32_t>(i));
    }
    seed_streams(program, service);
    seed_projections(program, service);
    return service;
}

}  // namespace sagalab::world
