#include "explore/reduction.h"

#include <algorithm>

namespace sagalab::explore {

using program::Adversity;
using world::Item;

namespace {

// More resources than a search goes on using: they are forgotten, with the profiles.
constexpr std::size_t resources_kept = 1U << 20U;

}  // namespace

Reduction::Reduction(const program::Program& program, const program::Exploration& bounds,
                     Rule broken)
    : program_(program),
      profiles_(program, bounds),
      broken_(broken),
      conflicts_(profiles_.resources) {
    const world::Traits traits = world::Traits::of(program);
    timeless_ = !traits.ids && !traits.times && broken != Rule::crashes &&
                bounds.budget(Adversity::pause).max == 0 &&
                bounds.budget(Adversity::partition).max == 0;
    awaited_.resize(program.operations.size());
    for (const program::Handler& handler : program.handlers) {
        for (const program::Instruction& step : program.code_of(handler)) {
            if (step.op != program::Op::await_event || !step.operation) continue;
            awaited_[step.operation.value].push_back(handler.service);
        }
    }
}

bool Reduction::counts(const Touch& touch) const {
    if (broken_ == Rule::none) return true;
    const ResourceKind kind =
        profiles_.resources.kind(profiles_.resources[touch.resource].kind).what;
    switch (broken_) {
        case Rule::link_tails: return kind != ResourceKind::link;
        case Rule::claims: return kind != ResourceKind::claim;
        case Rule::running: return kind != ResourceKind::running;
        case Rule::crashes: return kind != ResourceKind::loss && kind != ResourceKind::up;
        case Rule::outages: return kind != ResourceKind::still && kind != ResourceKind::way;
        case Rule::late_time: return kind != ResourceKind::time;
        default: return true;
    }
}

void Reduction::add_to_index(std::uint32_t item, const Touch& touch) {
    if (counts(touch)) conflicts_.add(item, touch);
}

void Reduction::index() {
    conflicts_.begin(count_);
    for (std::uint32_t i = 0; i < count_; ++i) {
        const Pending& pending = pending_[i];
        for (const Part& part : pending.parts) {
            everything_ = everything_ || part.profile->everything;
            const Profile& profile = *part.profile;
            const bool all = broken_ != Rule::futures;
            if (!all && !part.own) continue;
            for (const Touch& touch : all ? profile.future : profile.own) add_to_index(i, touch);
        }
        for (const Touch& touch : broken_ == Rule::futures ? pending.own : pending.future) {
            add_to_index(i, touch);
        }
    }
    conflicts_.index();
    timeless_clusters_.clear();
}

// Whether what is in the item's cluster can be shifted in time as a whole: it is the only one in
// it, or nothing there has a time of its own. Then it does not matter which timers of others come
// before it.
bool Reduction::is_harmless(std::uint32_t item) {
    return conflicts_.alone(item) || is_timeless(item);
}

bool Reduction::is_timeless(std::uint32_t item) {
    const std::vector<std::uint32_t>& clusters = conflicts_.clusters();
    if (timeless_clusters_.empty()) {
        timeless_clusters_.assign(count_, true);
        const std::uint32_t time = profiles_.resources.find({resource(ResourceKind::time), 0});
        if (time != Resources::none) {
            conflicts_.entries(time, [&](const Conflicts::Entry& each) {
                if (each.write) timeless_clusters_[clusters[each.item]] = false;
            });
        }
    }
    return timeless_clusters_[clusters[item]];
}

// The time of a restart is that of the last timer, and what has waited for it comes no earlier. So
// it depends on timers where that can matter.
void Reduction::weigh_restarts() {
    bool again = false;
    for (std::uint32_t i = 0; i < count_; ++i) {
        Pending& pending = pending_[i];
        if (!pending.restarts) continue;
        const std::uint32_t waiting =
            profiles_.resources.find({resource(ResourceKind::waiting, pending.restarts.value), 0});
        bool harmed = false;
        if (waiting != Resources::none) {
            conflicts_.entries(waiting, [&](const Conflicts::Entry& each) {
                // Alone, and held: nothing of it comes before the restart.
                const bool held = pending_[each.item].held_by == pending.restarts;
                harmed = harmed || !(held ? is_harmless(each.item) : is_timeless(each.item));
            });
        }
        if (!harmed) continue;
        both(pending, resource(ResourceKind::time), false, 0, node_->world.clock);
        again = true;
    }
    if (again) index();
}

void Reduction::add(std::uint32_t item) {
    if (member_[item]) return;
    member_[item] = true;
    members_.push_back(item);
    if (pending_[item].enabled) ++choices_;
}

void Reduction::add_conflicts(const Touch& touch) {
    if (counts(touch)) conflicts_.against(touch, [&](std::uint32_t item) { add(item); });
}

void Reduction::add_conflicts(std::uint32_t member) {
    const Pending& pending = pending_[member];
    for (const Part& part : pending.parts) {
        if (!part.own) continue;
        for (const Touch& touch : part.profile->own) add_conflicts(touch);
    }
    for (const Touch& touch : pending.own) add_conflicts(touch);
    if (timeless_ && pending.held_by && !is_harmless(member)) {
        add_conflicts(touch(resource(ResourceKind::up, pending.held_by.value), false));
    }
}

void Reduction::add_all(ResourceKind kind, ServiceId service, bool write) {
    add_all(profiles_.resources.find({resource(kind, service.value), 0}), write);
}

void Reduction::add_all(std::uint32_t resource, bool write) {
    if (resource == Resources::none) return;
    conflicts_.entries(resource, [&](const Conflicts::Entry& each) {
        if (each.write == write) add(each.item);
    });
}

// Something without which a member cannot go.
void Reduction::add_first(std::uint32_t member) {
    if (broken_ == Rule::go_first) return;
    const std::vector<Item>& items = *items_;
    if (member >= items.size() + crashes_.size()) return add_first_of_outage(member);
    // Nothing is there that a crash would lose: somebody must wait first.
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
        const std::uint32_t waited =
            profiles_.resources.find({resource(ResourceKind::running), Footprints::key_of(id)});
        if (waited == Resources::none) return;
        conflicts_.entries(waited, [&](const Conflicts::Entry& each) { add(each.item); });
    });
}

// The set that begins with `start`; false as soon as it has no fewer choices than `below`.
bool Reduction::close(std::uint32_t start, std::size_t below) {
    member_.assign(count_, false);
    members_.clear();
    choices_ = 0;
    add(start);
    for (std::size_t at = 0; at < members_.size(); ++at) {
        const std::uint32_t member = members_[at];
        // A crash that cannot strike yet depends on nothing but what lets it.
        const bool no_crash = member >= items_->size() && !pending_[member].enabled;
        if (!no_crash || broken_ == Rule::go_first) add_conflicts(member);
        if (!pending_[member].enabled) add_first(member);
        if (choices_ >= below) return false;
    }
    return true;
}

// What came last is tried first: what has begun comes to its end before anything else begins, so
// that what was different on the way is soon the same again.
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
    if (profiles_.resources.size() > resources_kept) {
        profiles_.forget();
        conflicts_.forget();
    }
    gather(adversary);
    index();
    if (everything_) return std::nullopt;
    weigh_restarts();
    std::size_t fewest = 0;
    for (std::size_t i = 0; i < count_; ++i) fewest += pending_[i].enabled ? 1 : 0;
    std::vector<std::uint32_t> best;
    const auto count = static_cast<std::uint32_t>(items.size());
    for (std::uint32_t at = 0; at < count && fewest > 1; ++at) {
        // Any order is sound; a rule that is left out is missed in the canonical one.
        const std::uint32_t start = broken_ == Rule::none ? count - 1 - at : at;
        if (!items[start].enabled || !close(start, fewest)) continue;
        fewest = choices_;
        best = members_;
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
