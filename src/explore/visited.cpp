#include "explore/visited.h"

#include <algorithm>

namespace sagalab::explore {

Visited::Id Visited::find(const Hash128& hash, const Left& left) const {
    if (slots_.empty()) return none;
    for (std::size_t at = hash.low & mask(); slots_[at].id != none; at = (at + 1) & mask()) {
        const Slot& slot = slots_[at];
        if (holds(slot, hash) && states_[slot.id].left.covers(left)) return slot.id;
    }
    return none;
}

Visited::Id Visited::add(const Hash128& hash, const Left& left, Id parent, std::uint64_t step) {
    if (4 * (states_.size() + 1) > 3 * slots_.size()) grow();
    const Id id = static_cast<Id>(states_.size());
    bool known = false;
    std::size_t at = hash.low & mask();
    for (; slots_[at].id != none; at = (at + 1) & mask()) {
        if (!holds(slots_[at], hash)) continue;
        known = true;
        State& other = states_[slots_[at].id];
        if (other.left.covers(left)) return none;
        if (left.covers(other.left)) other.covered_by = id;
    }
    states_.push_back({hash, left, step, parent, none});
    slots_[at] = {tag_of(hash), id};
    if (!known) ++worlds_;
    return id;
}

std::vector<std::uint64_t> Visited::path(Id id) const {
    std::vector<std::uint64_t> steps;
    for (; id != none && parent(id) != none; id = parent(id)) steps.push_back(step(id));
    std::reverse(steps.begin(), steps.end());
    return steps;
}

void Visited::grow() {
    std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.empty() ? 1024 : old.size() * 2, Slot());
    for (const Slot& slot : old) {
        if (slot.id == none) continue;
        std::size_t at = states_[slot.id].hash.low & mask();
        while (slots_[at].id != none) at = (at + 1) & mask();
        slots_[at] = slot;
    }
}

std::size_t Visited::bytes() const {
    return states_.size() * sizeof(State) + slots_.capacity() * sizeof(Slot);
}

}  // namespace sagalab::explore
