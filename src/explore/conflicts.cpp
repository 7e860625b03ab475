#include "explore/conflicts.h"

namespace sagalab::explore {
void Conflicts::Group::add(const Entry& entry) {
    if (first == none) first = entry.item;
    several = several || first != entry.item;
    (entry.write ? writes : reads) = true;
}

void Conflicts::forget() {
    slots_.clear();
    kinds_.clear();
}

void Conflicts::begin(std::size_t items) {
    ++stamp_;
    slots_.resize(resources_.size());
    kinds_.resize(resources_.kinds());
    locals_.clear();
    entries_.clear();
    roots_.resize(items);
    clustered_ = false;
}

std::uint32_t Conflicts::local(std::uint32_t resource) {
    Slot& slot = slots_[resource];
    if (slot.stamp == stamp_) return slot.local;
    slot = {stamp_, static_cast<std::uint32_t>(locals_.size())};
    const Resources::Known& known = resources_[resource];
    Kind& kind = kinds_[known.kind];
    if (kind.stamp != stamp_) kind = {stamp_, none, none, {}};
    Local added;
    added.resource = resource;
    added.next = kind.first;
    locals_.push_back(added);
    kind.first = slot.local;
    if (known.any) kind.any = slot.local;
    return slot.local;
}

// Brings the entries of each resource together, in the order in which they came.
void Conflicts::index() {
    for (const Placed& each : entries_) ++locals_[each.local].end;
    std::uint32_t sum = 0;
    for (Local& each : locals_) {
        const std::uint32_t count = each.end;
        each.begin = each.end = sum;
        sum += count;
    }
    sorted_.resize(entries_.size());
    own_.clear();
    own_begin_.assign(roots_.size() + 1, 0);
    for (const Placed& each : entries_) {
        Local& its = locals_[each.local];
        sorted_[its.end++] = each.entry;
        its.group.add(each.entry);
        kinds_[resources_[its.resource].kind].group.add(each.entry);
        own_.push_back(each.local);
        ++own_begin_[each.entry.item + 1];
    }
    for (std::size_t i = 1; i < own_begin_.size(); ++i) own_begin_[i] += own_begin_[i - 1];
}

const Conflicts::Kind* Conflicts::kind_of(std::uint32_t resource) const {
    if (resource >= slots_.size()) return nullptr;
    const Kind& kind = kinds_[resources_[resource].kind];
    return kind.stamp == stamp_ ? &kind : nullptr;
}

bool Conflicts::alone(std::uint32_t item) const {
    for (std::uint32_t at = own_begin_[item]; at < own_begin_[item + 1]; ++at) {
        const Local& local = locals_[own_[at]];
        const std::uint32_t number = resources_[local.resource].kind;
        const Resources::Kind& spec = resources_.kind(number);
        const Kind& kind = kinds_[number];
        const Group& group = kind.any == none ? local.group : kind.group;
        if (spec.joins && group.joins(spec.soft)) return false;
    }
    return true;
}

std::uint32_t Conflicts::root(std::uint32_t item) {
    while (roots_[item] != item) item = roots_[item] = roots_[roots_[item]];
    return item;
}

void Conflicts::join(const Local& local, std::uint32_t& first) {
    for (std::uint32_t at = local.begin; at < local.end; ++at) {
        if (first == none) first = sorted_[at].item;
        roots_[root(sorted_[at].item)] = root(first);
    }
}

const std::vector<std::uint32_t>& Conflicts::clusters() {
    if (clustered_) return roots_;
    clustered_ = true;
    for (std::uint32_t i = 0; i < roots_.size(); ++i) roots_[i] = i;
    for (std::uint32_t i = 0; i < locals_.size(); ++i) {
        const Local& local = locals_[i];
        const std::uint32_t number = resources_[local.resource].kind;
        const Resources::Kind& spec = resources_.kind(number);
        const Kind& kind = kinds_[number];
        if (!spec.joins) continue;
        std::uint32_t first = none;
        if (kind.any == none) {
            if (local.group.joins(spec.soft)) join(local, first);
        } else if (kind.first == i && kind.group.joins(spec.soft)) {
            for (std::uint32_t at = i; at != none; at = locals_[at].next) join(locals_[at], first);
        }
    }
    for (std::uint32_t i = 0; i < roots_.size(); ++i) roots_[i] = root(i);
    return roots_;
}

}  // namespace sagalab::explore
