// What the adversary does to services at rest: crashes and pauses between handlings, cuts.
#include <algorithm>
#include <utility>

#include "explore/adversary.h"

namespace sagalab::explore {

using program::Adversity;
using world::Item;

std::vector<Step> Adversary::at_rest(const Node& node) const {
    std::vector<Step> all;
    auto emit = [&](Step&& step) { all.push_back(std::move(step)); };
    const std::vector<Item> pending = items(node);
    for (std::size_t i = 0; i < program_.services.size(); ++i) {
        crash_at_rest(node, ServiceId(i), emit);
        pause(node, pending, ServiceId(i), emit);
    }
    for (const Pair& pair : pairs_) cut(node, pair, emit);
    return all;
}

void Adversary::crash_at_rest(const Node& node, ServiceId service, const Emit& emit) const {
    if (!may_crash(node, service)) return;
    const world::Service& state = *node.world.services[service.value];
    for (std::uint32_t at = 0; at < state.replicas.size(); ++at) {
        if (!world::has_volatile(state, at)) continue;
        Step step;
        step.deed = Deed::crash;
        step.item = service.value;
        step.at = at;
        emit(std::move(step));
    }
}

void Adversary::pause(const Node& node, const std::vector<Item>& items, ServiceId service,
                      const Emit& emit) const {
    if (!can_pause(node, items, service)) return;
    Step step;
    step.deed = Deed::pause;
    step.item = service.value;
    const std::size_t replicas = node.world.services[service.value]->replicas.size();
    for (step.at = 0; step.at < replicas; ++step.at) {
        if (can_strike(node, step)) emit(Step(step));
    }
}

void Adversary::cut(const Node& node, const Pair& pair, const Emit& emit) const {
    if (!can_cut(node, pair)) return;
    Step step;
    step.deed = Deed::cut;
    step.item = pair.a.value;
    step.at = pair.b.value;
    emit(std::move(step));
}

// Of what is no item: is it there, and not struck already?
bool Adversary::can_strike(const Node& node, const Step& step) {
    const std::vector<Cow<world::Service>>& services = node.world.services;
    if (step.item >= services.size()) return false;
    const world::Service& service = *services[step.item];
    if (step.deed == Deed::cut) {
        return step.at < services.size() && !service.is_cut_from(ServiceId(step.at));
    }
    if (step.at >= service.replicas.size() || !service.replicas[step.at].up) return false;
    return step.deed == Deed::crash || !service.replicas[step.at].still;
}

Item Adversary::resting(const Node& node, const Step& step) const {
    Item item;
    item.kind = Item::Kind::free;
    item.enabled = true;
    item.service = ServiceId(step.item);
    if (step.deed == Deed::cut) {
        item.from = ServiceId(step.at);
        return item;
    }
    using Move = world::Pick::Move;
    item.pick.move = step.deed == Deed::crash ? Move::crash : Move::stand_still;
    item.pick.nth = step.at;
    const world::Service& service = *node.world.services[step.item];
    item.pick.not_before = std::max(node.world.clock, world::rests_since(service, step.at));
    if (step.deed == Deed::pause && service.replicas.size() == 1) {
        item.pick.not_before = std::max(item.pick.not_before, next_of(node, item.service));
    }
    return item;
}

// When something happens next in this service; a pause that nobody has a lease of may begin then.
Nanos Adversary::next_of(const Node& node, ServiceId service) const {
    for (const Item& item : items(node)) {
        if (item.service == service && !item.blocked) return item.time < at_will ? item.time : 0;
    }
    return 0;
}

// Something is pending that would wait.
bool Adversary::can_pause(const Node& node, const std::vector<Item>& items,
                          ServiceId service) const {
    if (!may_pause(node, service)) return false;
    const std::vector<world::Replica>& replicas = node.world.services[service.value]->replicas;
    bool moves = std::ranges::any_of(
        replicas, [](const world::Replica& each) { return each.up && !each.still; });
    return moves && std::ranges::any_of(items, [&](const Item& item) {
               return item.service == service && !item.blocked && (item.message || item.timer);
           });
}

// Something is on its way between them.
bool Adversary::can_cut(const Node& node, const Pair& pair) const {
    if (!may_cut(node, pair)) return false;
    auto sends = [&](ServiceId from, ServiceId to) {
        const auto& links = node.world.services[to.value]->mailbox.links();
        return std::ranges::any_of(links, [&](const world::Link& link) {
            return link.from == from && (link.again || !link.queue.empty());
        });
    };
    return sends(pair.a, pair.b) || sends(pair.b, pair.a);
}

bool Adversary::may_crash(const Node& node, ServiceId service) const {
    return may_stop(node.left, Adversity::crash, service, Index<void>::absent);
}

bool Adversary::may_pause(const Node& node, ServiceId service) const {
    return may_stop(node.left, Adversity::pause, service, Index<void>::absent);
}

bool Adversary::may_cut(const Node& node, const Pair& pair) const {
    return node.left.any(Adversity::partition) &&
           !node.world.services[pair.a.value]->is_cut_from(pair.b);
}

}  // namespace sagalab::explore
