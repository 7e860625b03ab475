#include "explore/scheduler.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace sagalab::explore {

using world::Item;

namespace {

// What priorities are drawn for: steps count from 0, so no step has these names.
constexpr std::uint64_t of_priorities = ~std::uint64_t{0};
constexpr std::uint64_t of_changes = of_priorities - 1;

}  // namespace

// A random order of the services, above the priorities that change points give.
Scheduler::Scheduler(const Draws& draws, std::size_t services, std::uint32_t depth,
                     std::uint64_t horizon)
    : draws_(draws), priorities_(services) {
    std::iota(priorities_.begin(), priorities_.end(), std::uint64_t{depth});
    for (std::size_t i = services; i > 1; --i) {
        std::swap(priorities_[i - 1],
                  priorities_[draws.below(i, Purpose::schedule, of_priorities, i)]);
    }
    for (std::uint32_t i = 1; i < depth; ++i) {
        changes_.push_back(draws.below(horizon, Purpose::schedule, of_changes, i));
    }
}

std::uint64_t Scheduler::highest(const std::vector<Item>& items) const {
    std::uint64_t most = 0;
    for (const Item& item : items) {
        if (item.enabled) most = std::max(most, priority(item));
    }
    return most;
}

// Of one service any item may be next: orderings within it are left to chance.
std::size_t Scheduler::choose(const std::vector<Item>& items, std::uint64_t step) {
    std::uint64_t wanted = 0;
    if (!priorities_.empty()) {
        for (std::size_t i = 0; i < changes_.size(); ++i) {
            if (changes_[i] != step) continue;
            auto held = std::ranges::find(priorities_, highest(items));
            *held = i;
        }
        wanted = highest(items);
    }
    std::vector<std::size_t> places;
    for (std::size_t at = 0; at < items.size(); ++at) {
        bool fits = priorities_.empty() || priority(items[at]) == wanted;
        if (items[at].enabled && fits) places.push_back(at);
    }
    return places[draws_.below(places.size(), Purpose::schedule, step)];
}

}  // namespace sagalab::explore
