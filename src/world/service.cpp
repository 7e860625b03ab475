#include "world/service.h"

#include <algorithm>
#include <utility>

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
    if (timer.wait.zero()) return true;
    const Wait* wait = waits.find(timer.wait);
    return wait && wait->due == timer.due;
}

void Service::set_timer(Nanos due, std::uint32_t round, const Hash128& wait) {
    constexpr std::size_t few = 1024;
    if (timers.size() > few && timers.size() > 4 * waits.size()) {
        timers.purge([&](const Timer& timer) { return live(timer); });
    }
    timers.push(Timer{due, round, timers_set++, wait});
}

Hash128 Service::fingerprint() const {
    Hash128 hash = Hash128{}.with(std::uint64_t{id.value});
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
    return hash.with(mailbox.fingerprint()).with(firings);
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
    return service;
}

}  // namespace sagalab::world
