#include <algorithm>
#include <utility>

#include "world/execute.h"
#include "world/latency.h"

namespace sagalab::world {

using program::HandlerKind;

// A handler is to begin: at once, or when a worker of the replica whose turn it is has time.
void Execution::admit(HandlerId handler, Message&& message, std::uint32_t link) {
    const program::Service& spec = program_[service_.id];
    std::uint32_t replica = spec.replicas > 1 ? next_replica() : 0;
    Queued queued{handler, std::move(message), link, std::move(forced_)};
    if (spec.workers != 0 && service_.replicas[replica].busy >= spec.workers) {
        enlist(std::move(queued), replica);
    } else {
        begin_work(std::move(queued), replica);
    }
}

void Execution::begin_work(Queued&& queued, std::uint32_t replica) {
    forced_ = std::move(queued.forced);
    if (program_[queued.handler].kind == HandlerKind::saga) {
        begin_saga(queued.handler, std::move(queued.message), queued.link, replica);
    } else {
        begin(queued.handler, std::move(queued.message), queued.link, replica);
    }
}

void Execution::enlist(Queued&& queued, std::uint32_t replica) {
    Queue<Queued>& queue = service_.replicas[replica].queue;
    if (queue.size() < program_[service_.id].queue_limit) {
        service_.cost += message_cost;
        queue.push_back(std::move(queued));
        return;
    }
    // A job has nobody to tell.
    if (queued.link == Index<void>::absent) return;
    if (program_[queued.handler].kind == HandlerKind::route) {
        return turn_down(queued.message, Outcome::failed, 503, "QueueFull");
    }
    refuse(queued.message, Outcome::failed, Value("QueueFull"), queued.link);
}

// In turn, among those that are up.
std::uint32_t Execution::coming_replica() const {
    const auto count = static_cast<std::uint32_t>(service_.replicas.size());
    std::uint32_t replica = service_.next_replica < count ? service_.next_replica : 0;
    auto idle = [&] { return !service_.replicas[replica].up || paused_until(replica) != 0; };
    for (std::uint32_t tried = 0; tried < count && idle(); ++tried) {
        replica = (replica + 1) % count;
    }
    return replica;
}

std::uint32_t Execution::next_replica() {
    const auto count = static_cast<std::uint32_t>(service_.replicas.size());
    std::uint32_t replica = coming_replica();
    service_.next_replica = (replica + 1) % count;
    return replica;
}

bool Execution::works_first() {
    ++service_.replicas[running_->replica].busy;
    const program::Latency& takes = program_[running_->handler].takes;
    if (takes.kind == program::Latency::Kind::constant && takes.low == 0) return false;
    fiber_ = 0;
    Hash128 wait = next_id(here());
    Wide length = Wide{draw_latency(takes, program_.seed, wait)} * slowness() / 1'000'000;
    await(WaitKind::work, wait,
          add_saturating(now_, static_cast<Nanos>(std::min<Wide>(length, never))));
    return true;
}

// The handler has ended: its worker is free.
void Execution::release() {
    Replica& replica = service_.replicas[running_->replica];
    --replica.busy;
    if (replica.queue.empty()) return;
    service_.set_timer(now_, round_ + 1, TimerKind::worker, running_->replica);
}

void Execution::next_queued(std::uint32_t at) {
    Replica& replica = service_.replicas[at];
    while (!replica.queue.empty() && replica.busy < program_[service_.id].workers) {
        service_.cost -= message_cost;
        Queued queued = replica.queue.pop_front();
        // Its copy may have been handled while it waited.
        bool copies = program_[service_.id].inbox && queued.link != Index<void>::absent;
        if (copies && known(queued.message, queued.link)) continue;
        return begin_work(std::move(queued), at);
    }
}

}  // namespace sagalab::world
