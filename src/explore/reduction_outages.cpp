// What pauses and cuts, and their ends, depend on.
#include <algorithm>

#include "explore/reduction.h"

namespace sagalab::explore {

using program::Adversity;
using world::Item;
using world::Pick;

namespace {

bool is_still(const world::Service& service) {
    return std::ranges::any_of(service.replicas,
                               [](const world::Replica& each) { return each.still; });
}

}  // namespace

// Every item waits while its service stands still, and a message while its way is cut. When these
// end, what has waited is as late as the last timer that has fired.
void Reduction::outages(Pending& pending, const Item& item) {
    const ServiceId service = item.service;
    switch (item.pick.move) {
        case Pick::Move::go_on: stand_still(pending, service); return;
        case Pick::Move::heal:
            both(pending, profiles_.footprints().way(service, item.from), true);
            pending.future.push_back(touch(resource(ResourceKind::time), true));
            return;
        default: break;
    }
    if (profiles_.footprints().pausable(service)) {
        const bool restarts = item.pick.move == Pick::Move::restart;
        both(pending, resource(ResourceKind::still, service.value), restarts);
    }
    if (item.message) passes(pending, item.from, service);
}

void Reduction::passes(Pending& pending, ServiceId from, ServiceId to) {
    if (!profiles_.footprints().cuts() || !from || from == to) return;
    both(pending, profiles_.footprints().way(from, to), false);
}

void Reduction::stand_still(Pending& pending, ServiceId service) {
    both(pending, resource(ResourceKind::still, service.value), true);
    pending.future.push_back(touch(resource(ResourceKind::time), true));
}

// A lease may expire meanwhile: then another replica goes on with whatever this one owned.
bool Reduction::leases_may_expire() const {
    return std::ranges::any_of(program_.sagas, [&](const program::Saga& saga) {
        const ServiceId service = program_[saga.table].service;
        bool may = node_->left.any(Adversity::pause) && profiles_.footprints().pausable(service);
        return program_[service].replicas > 1 &&
               (may || is_still(*node_->world.services[service.value]));
    });
}

void Reduction::gather_outages(const Adversary& adversary) {
    outages_.clear();
    if (leases_may_expire()) everything_ = true;
    for (std::uint32_t i = 0; i < program_.services.size(); ++i) {
        if (!adversary.may_pause(*node_, ServiceId(i))) continue;
        Pending& pause = next_pending();
        stand_still(pause, ServiceId(i));
        pause.enabled = adversary.can_pause(*node_, *items_, ServiceId(i));
        outages_.push_back({false, i});
    }
    const std::vector<Pair>& pairs = adversary.pairs();
    for (std::uint32_t i = 0; i < pairs.size(); ++i) {
        if (!adversary.may_cut(*node_, pairs[i])) continue;
        Pending& cut = next_pending();
        both(cut, profiles_.footprints().way(pairs[i].a, pairs[i].b), true);
        cut.future.push_back(touch(resource(ResourceKind::time), true));
        cut.enabled = adversary.can_cut(*node_, pairs[i]);
        outages_.push_back({true, i});
    }
}

// What is held can go on when the outage ends; there may be several.
bool Reduction::add_end_of_outage(const Item& item) {
    const world::Service& service = *node_->world.services[item.service.value];
    if (item.message ? service.held(*item.message) : service.held(*item.timer)) {
        add_all(ResourceKind::still, item.service, true);
        return true;
    }
    bool cut = item.message && !item.message->by_wire() && service.is_cut_from(item.from);
    if (cut) {
        const std::uint64_t way = profiles_.footprints().way(item.from, item.service);
        add_all(profiles_.resources.find({way, 0}), true);
    }
    return cut;
}

// Nothing is there that a pause or a cut would strike: somebody must bring it first.
void Reduction::add_first_of_outage(std::uint32_t member) {
    const std::uint32_t struck = pending_[member].own.front().resource;
    add_all(struck, false);
    add_all(struck, true);  // or let it go on, so that it can be struck again
}

}  // namespace sagalab::explore
