#include "explore/reduction.h"

#include <algorithm>

namespace sagalab::explore {

using program::Adversity;
using program::OperationKind;
using trace::MessageKind;
using world::Item;
using world::Message;
using world::TimerKind;

namespace {

constexpr std::uint64_t kind_of(std::uint64_t resource) { return resource >> 56U; }
constexpr std::uint64_t kind_of(ResourceKind kind) { return std::uint64_t(kind); }

// Two writes of these leave the same behind in either order.
bool is_soft(std::uint64_t resource) {
    return kind_of(resource) == kind_of(ResourceKind::time) ||
           kind_of(resource) == kind_of(ResourceKind::up) ||
           kind_of(resource) == kind_of(ResourceKind::loss);
}

std::uint64_t key_of(const Hash128& id) { return id.low | 1U; }

const Value& payload_of(const world::Running& running) { return running.fibers[0].slots[0]; }

}  // namespace

Reduction::Reduction(const program::Program& program, const program::Exploration& bounds,
                     Rule broken)
    : program_(program), footprints_(program, bounds), broken_(broken) {
    awaited_.resize(program.operations.size());
    for (const program::Handler& handler : program.handlers) {
        if (!handler.entry) continue;
        for (std::uint32_t at = handler.entry.value; at < handler.end.value; ++at) {
            const program::Instruction& step = program.code[at];
            if (step.op != program::Op::await_event || !step.operation) continue;
            awaited_[step.operation.value].push_back(handler.service);
        }
    }
}

bool Reduction::counts(const Touch& touch) const {
    const std::uint64_t kind = kind_of(touch.resource.kind);
    if (broken_ == Rule::none) return true;
    if (broken_ == Rule::link_tails) return kind != kind_of(ResourceKind::link);
    if (broken_ == Rule::claims) return kind != kind_of(ResourceKind::claim);
    if (broken_ == Rule::running) return kind != kind_of(ResourceKind::running);
    if (broken_ == Rule::crashes) {
        return kind != kind_of(ResourceKind::loss) && kind != kind_of(ResourceKind::up);
    }
    if (broken_ == Rule::outages) {
        return kind != kind_of(ResourceKind::still) && kind != kind_of(ResourceKind::way);
    }
    if (broken_ == Rule::late_time) return kind != kind_of(ResourceKind::time);
    return true;
}

void Reduction::both(Pending& pending, std::uint64_t kind, bool write, std::uint64_t key,
                     Nanos moment) {
    const Touch touch{{kind, key}, write, moment};
    pending.own.push_back(touch);
    pending.future.push_back(touch);
}

void Reduction::fill(std::vector<Touch>& target, const std::vector<Access>& accesses,
                     const Value& message) const {
    const bool crashes = node_->left.any(Adversity::crash);
    for (const Access& access : accesses) {
        const std::uint64_t kind = kind_of(access.kind);
        bool by_crash = access.write &&
                        (kind == kind_of(ResourceKind::up) || kind == kind_of(ResourceKind::loss));
        if (by_crash && !crashes) continue;
        std::uint64_t key = 0;
        if (access.key.kind != Origin::Kind::unknown) {
            Value value = access.key.of(message);
            key = Footprints::key_of(value);
            if (access.saga && key != 0) {
                key =
                    Value(program_[access.saga].name + "/" + std::string(value.text())).hash() | 1U;
            }
        }
        target.push_back({{access.kind, key}, access.write, never});
    }
}

void Reduction::begins(Pending& pending, HandlerId handler, const Value& payload) {
    if (!handler) return;
    fill(pending.own, footprints_.own(handler), payload);
    fill(pending.future, footprints_.future(handler), payload);
}

// Where it fails for good, what follows of its sender is set aside.
bool Reduction::sets_aside(const Message& message) const {
    return message.operation && message.from &&
           program_.bus.topics[message.operation.value].dead_letter ==
               program::DeadLetterMode::sequence;
}

// A handler that waits goes on.
void Reduction::goes_on(Pending& pending, const world::Service& service, const Hash128& id) {
    const Cow<world::Running>* found = service.handlers.find(id);
    if (!found) return;
    fill(pending.own, footprints_.own((*found)->handler), payload_of(**found));
    if (sets_aside((*found)->message)) {
        both(pending, footprints_.link((*found)->message.from, service.id), true);
    }
    both(pending, resource(ResourceKind::running), true, key_of(id));
    both(pending, resource(ResourceKind::loss, service.id.value), false);
    chain(pending.future, service, id);
}

// What may come of a handler that goes on: all it does, and what those do who wait for it.
void Reduction::chain(std::vector<Touch>& future, const world::Service& service,
                      const Hash128& id) {
    const Cow<world::Running>* found = service.handlers.find(id);
    if (!found) return;
    const world::Running& running = **found;
    fill(future, footprints_.future(running.handler), payload_of(running));
    future.push_back({{resource(ResourceKind::running), key_of(id)}, true, never});
    if (sets_aside(running.message)) {
        future.push_back({{footprints_.link(running.message.from, service.id), 0}, true, never});
    }
    if (running.message.kind == MessageKind::call) {
        chain_to_caller(future, running.message.from, running.message.id);
    }
    if (!running.saga) return;
    for (const world::Caller& caller : (*running.saga).callers) {
        chain_to_caller(future, caller.service, caller.call);
    }
}

void Reduction::chain_to_caller(std::vector<Touch>& future, ServiceId service,
                                const Hash128& call) {
    if (!service) return;
    const world::Service& caller = *node_->world.services[service.value];
    const world::Wait* wait = caller.waits.find(call);
    if (wait) chain(future, caller, wait->handler);
}

// A message that will be sent: whoever takes it up, and whoever waits for the answer.
void Reduction::sends(Pending& pending, const Message& message) {
    for (HandlerId handler : program_[message.operation].handlers) {
        fill(pending.future, footprints_.future(handler), message.payload);
        both(pending, footprints_.link(message.from, program_[handler].service), true);
        passes(pending, message.from, program_[handler].service);
    }
    if (message.kind == MessageKind::call) {
        chain_to_caller(pending.future, message.from, message.id);
    }
}

void Reduction::message(Pending& pending, const Item& item) {
    const Message& message = *item.message;
    const world::Service& service = *node_->world.services[item.service.value];
    if (message.kind == MessageKind::reply) {
        const world::Wait* wait = service.waits.find(message.answers);
        if (wait) goes_on(pending, service, wait->handler);
        return;
    }
    const program::Operation& operation = program_[message.operation];
    if (operation.kind == OperationKind::admin) everything_ = true;
    for (HandlerId handler : operation.handlers) {
        if (program_[handler].service == item.service) begins(pending, handler, message.payload);
    }
    if (operation.kind == OperationKind::route && operation.handlers.empty()) {
        both(pending, resource(ResourceKind::limiter, item.service.value), true);
    }
    // A call is refused where the service is down. What the bus keeps waits, and holds no timer
    // back meanwhile: such a timer may come before it, and before all that it leads to.
    pending.own.push_back({{resource(ResourceKind::up, item.service.value), 0}, false});
    if (message.kind == MessageKind::call) {
        if (!message.by_bus) {
            pending.future.push_back({{resource(ResourceKind::up, item.service.value), 0}, false});
        }
        chain_to_caller(pending.future, message.from, message.id);
    }
    if (program_[item.service].inbox) {
        const std::uint64_t kind = resource(ResourceKind::inbox, item.service.value);
        if (message.saga != 0) {
            both(pending, kind, true, message.saga | 1U);
        } else if (!message.note.is_null()) {
            both(pending, kind, true, Footprints::key_of(message.note));
        }
        both(pending, kind, true, key_of(message.id));
    }
    const program::Topic& topic = program_.bus.topics[message.operation.value];
    if (topic.dead_letter == program::DeadLetterMode::sequence) {
        both(pending, footprints_.link(item.from, item.service), true);
    }
    const std::vector<ServiceId>& awaited = awaited_[message.operation.value];
    if (std::find(awaited.begin(), awaited.end(), item.service) == awaited.end()) return;
    both(pending, resource(ResourceKind::awaiting, item.service.value), true);
    for (const world::Awaiting& each : service.awaiting) {
        if (each.event != message.operation) continue;
        const world::Wait* wait = service.waits.find(each.wait);
        if (wait) goes_on(pending, service, wait->handler);
    }
}

void Reduction::timer(Pending& pending, const Item& item) {
    const world::Service& service = *node_->world.services[item.service.value];
    switch (item.timer->kind) {
        case TimerKind::wait: {
            const world::Wait* wait = service.waits.find(item.timer->wait);
            if (wait) goes_on(pending, service, wait->handler);
            break;
        }
        case TimerKind::firing: {
            const world::Firing& firing = service.firings[item.timer->of];
            begins(pending, program_.workload[firing.item].handler, Value());
            both(pending, resource(ResourceKind::up, item.service.value), false);
            break;
        }
        case TimerKind::scheduled:
            if (const Message* later = service.scheduled.find(item.timer->wait)) {
                sends(pending, *later);
            }
            break;
        default: everything_ = true;
    }
}

// What was suspended goes on, what was committed is sent.
void Reduction::restart(Pending& pending, const Item& item) {
    const world::Service& service = *node_->world.services[item.service.value];
    both(pending, resource(ResourceKind::up, item.service.value), true);
    both(pending, resource(ResourceKind::loss, item.service.value), true);
    service.handlers.for_each(
        [&](const Hash128& id, const Cow<world::Running>&) { goes_on(pending, service, id); });
    service.outbox.for_each([&](const world::Send& send) { sends(pending, send.message); });
    for (const world::Projection& projection : service.projections) {
        if (projection.rebuild) everything_ = true;
    }
}

void Reduction::lateness(Pending& pending, const Item& item) {
    const bool late = item.kind == Item::Kind::late;
    const std::uint64_t time = resource(ResourceKind::time);
    if (late) both(pending, time, false, 0, std::max(item.time, node_->world.clock));
    if (item.kind == Item::Kind::free) both(pending, time, false, 0, floor_of(item));
    if (item.kind == Item::Kind::timed) both(pending, time, true, 0, item.time);
    if (!item.ordered || broken_ == Rule::late_links) return;
    const std::uint64_t link = footprints_.link(item.from, item.service);
    if (late) {
        both(pending, link, true);
    } else if (node_->left.any(Adversity::delay)) {
        pending.future.push_back({{link, 0}, true, never});
    }
}

// The earliest that a restart, or the end of a stall, can be now.
Nanos Reduction::floor_of(const Item& item) const {
    Nanos floor = node_->world.clock;
    if (item.pick.move != world::Pick::Move::restart) return floor;
    const world::Service& service = *node_->world.services[item.service.value];
    return std::max(floor, service.replicas[item.pick.nth].down_since);
}

void Reduction::gather(const Adversary& adversary) {
    const std::vector<Item>& items = *items_;
    pending_.clear();
    pending_.resize(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        Pending& pending = pending_[i];
        pending.enabled = items[i].enabled;
        if (items[i].message) {
            message(pending, items[i]);
        } else if (items[i].timer) {
            timer(pending, items[i]);
        } else {
            restart(pending, items[i]);
        }
        lateness(pending, items[i]);
        outages(pending, items[i]);
    }
    // Who waits for a worker goes on when another one ends, and is no item of its own.
    for (const Cow<world::Service>& service : node_->world.services) {
        for (const world::Replica& replica : service->replicas) {
            everything_ = everything_ || !replica.queue.empty();
        }
    }
    crashes_.clear();
    for (std::size_t i = 0; i < program_.services.size(); ++i) {
        const ServiceId service(i);
        if (!adversary.may_crash(*node_, service)) continue;
        Pending crash;
        both(crash, resource(ResourceKind::up, i), true);
        both(crash, resource(ResourceKind::loss, i), true);
        if (footprints_.pausable(service)) both(crash, resource(ResourceKind::still, i), true);
        // What was lost begins anew, after a while or with a restart.
        const world::Service& state = *node_->world.services[i];
        crash.future.push_back({{resource(ResourceKind::time), 0}, true});
        both(crash, resource(ResourceKind::time), false);
        state.handlers.for_each(
            [&](const Hash128& id, const Cow<world::Running>&) { chain(crash.future, state, id); });
        for (std::uint32_t at = 0; at < state.replicas.size(); ++at) {
            crash.enabled = crash.enabled || world::has_volatile(state, at);
        }
        pending_.push_back(std::move(crash));
        crashes_.push_back(service);
    }
    gather_outages(adversary);
}

// Whoever may publish an awaited event may let those go on who wait for it.
void Reduction::wake(Pending& pending) {
    std::vector<bool> woken(program_.services.size());
    for (std::size_t at = 0; at < pending.future.size(); ++at) {
        const Resource resource = pending.future[at].resource;
        if (kind_of(resource.kind) != kind_of(ResourceKind::awaiting)) continue;
        const auto number = static_cast<std::uint32_t>(resource.kind);
        if (woken[number]) continue;
        woken[number] = true;
        const world::Service& service = *node_->world.services[number];
        for (const world::Awaiting& each : service.awaiting) {
            const world::Wait* wait = service.waits.find(each.wait);
            if (wait) chain(pending.future, service, wait->handler);
        }
    }
}

void Reduction::index() {
    index_.clear();
    for (std::uint32_t i = 0; i < pending_.size(); ++i) {
        Pending& pending = pending_[i];
        if (!awaited_.empty()) wake(pending);
        const std::vector<Touch>& future = broken_ == Rule::futures ? pending.own : pending.future;
        for (const Touch& touch : future) {
            if (kind_of(touch.resource.kind) == kind_of(ResourceKind::everything)) {
                everything_ = true;
            }
            if (!counts(touch)) continue;
            index_.push_back({touch.resource, i, touch.write, touch.moment});
        }
    }
    std::sort(index_.begin(), index_.end());
    index_.erase(std::unique(index_.begin(), index_.end()), index_.end());
}

void Reduction::add(std::uint32_t item) {
    if (member_[item]) return;
    member_[item] = true;
    members_.push_back(item);
}

void Reduction::add_conflicts(std::uint32_t member) {
    for (const Touch& touch : pending_[member].own) {
        if (!counts(touch)) continue;
        auto see = [&](const Indexed& other) {
            bool dependent =
                touch.write ? !(other.write && is_soft(touch.resource.kind)) : other.write;
            if (dependent && kind_of(touch.resource.kind) == kind_of(ResourceKind::time)) {
                const Nanos due = touch.write ? touch.moment : other.moment;
                dependent = due > (touch.write ? other.moment : touch.moment);
            }
            if (dependent) add(other.item);
        };
        const Indexed from{{touch.resource.kind, 0}, 0, false, 0};
        auto at = std::lower_bound(index_.begin(), index_.end(), from);
        const bool any = touch.resource.key == 0;
        for (; at != index_.end() && at->resource.kind == touch.resource.kind &&
               (any || at->resource.key == 0);
             ++at) {
            see(*at);
        }
        if (any) continue;
        at = std::lower_bound(at, index_.end(), Indexed{touch.resource, 0, false, 0});
        for (; at != index_.end() && at->resource == touch.resource; ++at) see(*at);
    }
}

void Reduction::add_all(ResourceKind kind, ServiceId service, bool write) {
    add_all(resource(kind, service.value), write);
}

void Reduction::add_all(std::uint64_t wanted, bool write) {
    auto at = std::lower_bound(index_.begin(), index_.end(), Indexed{{wanted, 0}, 0, false});
    for (; at != index_.end() && at->resource.kind == wanted; ++at) {
        if (at->write == write) add(at->item);
    }
}

// Something without which a member cannot go.
void Reduction::add_first(std::uint32_t member) {
    if (broken_ == Rule::go_first) return;
    const std::vector<Item>& items = *items_;
    // Nothing is there that a crash would lose: somebody must wait first.
    if (member >= items.size() + crashes_.size()) return add_first_of_outage(member);
    if (member >= items.size()) {
        return add_all(ResourceKind::loss, crashes_[member - items.size()], false);
    }
    const Item& item = items[member];
    if (!item.blocked) {
        for (std::uint32_t i = 0; i < items.size(); ++i) {
            bool holds = items[i].kind == Item::Kind::timed || items[i].kind == Item::Kind::flight;
            if (items[i].blocked || !holds || items[i].time >= item.time) continue;
            // Where its service is down, it holds nothing back.
            if (items[i].message) add_all(ResourceKind::up, items[i].service, true);
            return add(i);
        }
        return;
    }
    if (add_end_of_outage(item)) return;
    const world::Service& service = *node_->world.services[item.service.value];
    if (!service.up()) {
        for (std::uint32_t i = 0; i < items.size(); ++i) {
            bool restarts = items[i].pick.move == world::Pick::Move::restart;
            if (restarts && items[i].service == item.service) return add(i);
        }
    }
    const world::Link& link = service.mailbox.links()[item.pick.link];
    if (!link.busy) {
        for (std::uint32_t i = 0; i < items.size(); ++i) {
            bool same = items[i].message && items[i].service == item.service &&
                        items[i].pick.link == item.pick.link;
            if (same && items[i].message == link.first()) return add(i);
        }
        return;
    }
    // The handler of the first message must end: whatever may make it go on, or ends it.
    add_all(ResourceKind::loss, item.service, true);
    service.handlers.for_each([&](const Hash128& id, const Cow<world::Running>& running) {
        if (running->link != item.pick.link) return;
        const Resource waited{resource(ResourceKind::running), key_of(id)};
        auto at = std::lower_bound(index_.begin(), index_.end(), Indexed{waited, 0, false, 0});
        for (; at != index_.end() && at->resource == waited; ++at) add(at->item);
    });
}

void Reduction::close(std::uint32_t start, std::vector<std::uint32_t>& members) {
    member_.assign(pending_.size(), false);
    members_.clear();
    add(start);
    for (std::size_t at = 0; at < members_.size(); ++at) {
        const std::uint32_t member = members_[at];
        // A crash that cannot strike yet depends on nothing but what lets it.
        const bool no_crash = member >= items_->size() && !pending_[member].enabled;
        if (!no_crash || broken_ == Rule::go_first) add_conflicts(member);
        if (!pending_[member].enabled) add_first(member);
    }
    members = members_;
}

std::optional<Selection> Reduction::select(const Adversary& adversary, const Node& node,
                                           const std::vector<Item>& items) {
    node_ = &node;
    items_ = &items;
    everything_ = false;
    const auto enabled = static_cast<std::size_t>(
        std::count_if(items.begin(), items.end(), [](const Item& item) { return item.enabled; }));
    const bool more = node.left.any(Adversity::crash) || node.left.any(Adversity::pause) ||
                      node.left.any(Adversity::partition);
    if (enabled <= 1 && !more) return std::nullopt;
    gather(adversary);
    index();
    if (everything_) return std::nullopt;
    std::size_t all = 0;
    for (const Pending& pending : pending_) all += pending.enabled ? 1 : 0;
    std::size_t fewest = all;
    std::vector<std::uint32_t> best;
    std::vector<std::uint32_t> members;
    for (std::uint32_t start = 0; start < items.size() && fewest > 1; ++start) {
        if (!items[start].enabled) continue;
        close(start, members);
        std::size_t choices = 0;
        for (std::uint32_t member : members) choices += pending_[member].enabled ? 1 : 0;
        if (choices < fewest) {
            fewest = choices;
            best = members;
        }
    }
    if (best.empty()) return std::nullopt;
    Selection selection;
    selection.items.resize(items.size());
    selection.crashes.resize(program_.services.size());
    selection.pauses.resize(program_.services.size());
    selection.cuts.resize(adversary.pairs().size());
    for (std::uint32_t member : best) {
        if (member < items.size()) {
            selection.items[member] = true;
        } else if (member < items.size() + crashes_.size()) {
            selection.crashes[crashes_[member - items.size()].value] = true;
        } else {
            const Outage& outage = outages_[member - items.size() - crashes_.size()];
            (outage.cut ? selection.cuts : selection.pauses)[outage.of] = true;
        }
    }
    return selection;
}

}  // namespace sagalab::explore
