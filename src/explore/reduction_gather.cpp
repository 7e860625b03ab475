// What the pending items of a state touch, at once and in all that may come of them.
#include <algorithm>

#include "explore/reduction.h"

namespace sagalab::explore {

using program::Adversity;
using program::OperationKind;
using trace::MessageKind;
using world::Item;
using world::Message;
using world::TimerKind;

namespace {

const Value& payload_of(const world::Running& running) { return running.fibers[0].slots[0]; }

}  // namespace

void Reduction::Pending::clear() {
    parts.clear();
    own.clear();
    future.clear();
    enabled = false;
    held_by = restarts = awaits = ServiceId();
}

Reduction::Pending& Reduction::next_pending() {
    if (count_ == pending_.size()) pending_.emplace_back();
    pending_[count_].clear();
    return pending_[count_++];
}

Touch Reduction::touch(std::uint64_t kind, bool write, std::uint64_t key, Nanos moment) {
    return {profiles_.resources.number({kind, key}), write, moment};
}

void Reduction::both(Pending& pending, std::uint64_t kind, bool write, std::uint64_t key,
                     Nanos moment) {
    pending.own.push_back(touch(kind, write, key, moment));
    pending.future.push_back(pending.own.back());
}

const Profile* Reduction::profile(HandlerId handler, const Value& message) {
    return profiles_.of(handler, message, node_->left.any(Adversity::crash));
}

void Reduction::begins(Pending& pending, HandlerId handler, const Value& payload) {
    if (handler) pending.parts.push_back({profile(handler, payload), true});
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
    pending.parts.push_back({profile((*found)->handler, payload_of(**found)), true});
    if (sets_aside((*found)->message)) {
        both(pending, profiles_.footprints().link((*found)->message.from, service.id), true);
    }
    both(pending, resource(ResourceKind::running), true, Footprints::key_of(id));
    both(pending, resource(ResourceKind::loss, service.id.value), false);
    chain(pending, service, id);
}

// What may come of a handler that goes on: all it does, and what those do who wait for it.
void Reduction::chain(Pending& pending, const world::Service& service, const Hash128& id) {
    const Cow<world::Running>* found = service.handlers.find(id);
    if (!found) return;
    const world::Running& running = **found;
    pending.parts.push_back({profile(running.handler, payload_of(running)), false});
    pending.future.push_back(touch(resource(ResourceKind::running), true, Footprints::key_of(id)));
    if (sets_aside(running.message)) {
        pending.future.push_back(
            touch(profiles_.footprints().link(running.message.from, service.id), true));
    }
    if (running.message.kind == MessageKind::call) {
        chain_to_caller(pending, running.message.from, running.message.id);
    }
    if (!running.saga) return;
    for (const world::Caller& caller : (*running.saga).callers) {
        chain_to_caller(pending, caller.service, caller.call);
    }
}

void Reduction::chain_to_caller(Pending& pending, ServiceId service, const Hash128& call) {
    if (!service) return;
    const world::Service& caller = *node_->world.services[service.value];
    const world::Wait* wait = caller.waits.find(call);
    if (wait) chain(pending, caller, wait->handler);
}

// A message that will be sent: whoever takes it up, and whoever waits for the answer.
void Reduction::sends(Pending& pending, const Message& message) {
    for (HandlerId handler : program_[message.operation].handlers) {
        pending.parts.push_back({profile(handler, message.payload), false});
        both(pending, profiles_.footprints().link(message.from, program_[handler].service), true);
        passes(pending, message.from, program_[handler].service);
    }
    if (message.kind == MessageKind::call) {
        chain_to_caller(pending, message.from, message.id);
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
    const Touch up = touch(resource(ResourceKind::up, item.service.value), false);
    const bool by_wire = message.by_wire();
    if (by_wire || !timeless_) pending.own.push_back(up);
    if (by_wire) {
        pending.future.push_back(up);
    } else {
        pending.held_by = item.service;
    }
    if (message.kind == MessageKind::call) chain_to_caller(pending, message.from, message.id);
    if (program_[item.service].inbox) {
        const std::uint64_t kind = resource(ResourceKind::inbox, item.service.value);
        if (message.saga != 0) {
            both(pending, kind, true, message.saga | 1U);
        } else if (!message.note.is_null()) {
            both(pending, kind, true, Footprints::key_of(message.note));
        }
        both(pending, kind, true, Footprints::key_of(message.id));
    }
    const program::Topic& topic = program_.bus.topics[message.operation.value];
    if (topic.dead_letter == program::DeadLetterMode::sequence) {
        both(pending, profiles_.footprints().link(item.from, item.service), true);
    }
    const std::vector<ServiceId>& awaited = awaited_[message.operation.value];
    if (std::find(awaited.begin(), awaited.end(), item.service) == awaited.end()) return;
    both(pending, resource(ResourceKind::awaiting, item.service.value), true);
    pending.awaits = item.service;
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
            // Of a service that is down, it waits for the restart.
            both(pending, resource(ResourceKind::up, item.service.value), false);
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
    if (item.kind == Item::Kind::free) {
        const world::Service& service = *node_->world.services[item.service.value];
        const bool restarts = item.pick.move == world::Pick::Move::restart;
        if (timeless_ && restarts && service.handlers.empty() && service.outbox.empty() &&
            service.timers.empty()) {
            pending.restarts = item.service;
        } else {
            both(pending, time, false, 0, node_->world.clock);
        }
    }
    if (item.kind == Item::Kind::timed) both(pending, time, true, 0, item.time);
    if (!item.ordered || broken_ == Rule::late_links) return;
    const std::uint64_t link = profiles_.footprints().link(item.from, item.service);
    if (late) {
        both(pending, link, true);
    } else if (node_->left.any(Adversity::delay)) {
        pending.future.push_back(touch(link, true));
    }
}

void Reduction::gather(const Adversary& adversary) {
    const std::vector<Item>& items = *items_;
    count_ = 0;
    for (const Item& item : items) {
        Pending& pending = next_pending();
        pending.enabled = item.enabled;
        if (item.message) {
            message(pending, item);
        } else if (item.timer) {
            timer(pending, item);
        } else {
            restart(pending, item);
        }
        lateness(pending, item);
        outages(pending, item);
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
        Pending& crash = next_pending();
        both(crash, resource(ResourceKind::up, i), true);
        both(crash, resource(ResourceKind::loss, i), true);
        if (profiles_.footprints().pausable(service)) {
            both(crash, resource(ResourceKind::still, i), true);
        }
        // What was lost begins anew, after a while or with a restart.
        const world::Service& state = *node_->world.services[i];
        crash.future.push_back(touch(resource(ResourceKind::time), true));
        both(crash, resource(ResourceKind::time), false, 0, node_->world.clock);
        state.handlers.for_each(
            [&](const Hash128& id, const Cow<world::Running>&) { chain(crash, state, id); });
        for (std::uint32_t at = 0; at < state.replicas.size(); ++at) {
            crash.enabled = crash.enabled || world::has_volatile(state, at);
        }
        crashes_.push_back(service);
    }
    gather_outages(adversary);
    for (std::size_t i = 0; i < count_; ++i) wake(pending_[i]);
}

// Whoever may publish an awaited event may let those go on who wait for it.
void Reduction::wake(Pending& pending) {
    std::vector<bool> woken;
    auto in = [&](ServiceId number) {
        woken.resize(program_.services.size());
        if (woken[number.value]) return;
        woken[number.value] = true;
        const world::Service& service = *node_->world.services[number.value];
        for (const world::Awaiting& each : service.awaiting) {
            const world::Wait* wait = service.waits.find(each.wait);
            if (wait) chain(pending, service, wait->handler);
        }
    };
    if (pending.awaits) in(pending.awaits);
    for (std::size_t at = 0; at < pending.parts.size(); ++at) {
        for (ServiceId number : pending.parts[at].profile->awaits) in(number);
    }
}

}  // namespace sagalab::explore
