#include "explore/blame.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace sagalab::explore {

// Every way back from one state to another, beside that to its parent.
std::vector<Blame::Way> Blame::ways_back(const Visited& visited) const {
    std::vector<Way> ways;
    ways.reserve(steps_.size());
    for (const Edge& edge : steps_) ways.push_back({edge.to, edge.from, edge.spent});
    for (Visited::Id id = 0; id < visited.size(); ++id) {
        const Visited::Id other = visited.covered_by(id);
        if (other != Visited::none) ways.push_back({other, id, Left()});
    }
    std::ranges::sort(ways, {}, &Way::to);
    return ways;
}

Blame::Needs Blame::needs(const Visited& visited, std::uint32_t claim) const {
    const std::vector<Way> ways = ways_back(visited);
    Needs needs(visited.size());
    std::deque<std::pair<Visited::Id, Left>> todo;
    auto reach = [&](Visited::Id state, const Left& rest, const Left& spent) {
        if (state == Visited::none) return;
        if (rest.faults() + spent.faults() > program::budget_max) return;
        const Left need = rest.plus(spent);
        if (!visited.left(state).covers(need)) return;
        std::vector<Left>& known = needs[state];
        bool more = std::ranges::any_of(known, [&](const Left& each) { return need.covers(each); });
        if (more) return;
        std::erase_if(known, [&](const Left& each) { return each.covers(need); });
        known.push_back(need);
        todo.emplace_back(state, need);
    };
    for (const Broken& each : broken_) {
        if (claim == any || claim == each.claim) reach(each.from, Left(), each.spent);
    }
    while (!todo.empty()) {
        const auto [to, rest] = todo.front();
        todo.pop_front();
        const Visited::Id parent = visited.parent(to);
        if (parent != Visited::none) {
            reach(parent, rest, visited.left(parent).minus(visited.left(to)));
        }
        auto way = std::ranges::lower_bound(ways, to, {}, &Way::to);
        for (; way != ways.end() && way->to == to; ++way) reach(way->from, rest, way->spent);
    }
    return needs;
}

std::set<SiteWord> Blame::sites(const Visited& visited) const {
    std::set<SiteWord> blamed;
    const Needs all = needs(visited, any);
    for (const Broken& each : broken_) blamed.insert(each.sites.begin(), each.sites.end());
    for (const Edge& edge : steps_) {
        const Left left = visited.left(edge.from).minus(edge.spent);
        bool breaks =
            std::ranges::any_of(all[edge.to], [&](const Left& need) { return left.covers(need); });
        if (breaks) blamed.insert(edge.sites.begin(), edge.sites.end());
    }
    return blamed;
}

std::set<SiteWord> Blame::enough(const Visited& visited, std::uint32_t claim) const {
    std::set<SiteWord> alone;
    const Needs all = needs(visited, claim);
    auto is_only = [&](Visited::Id from, const Left& spent) {
        return spent.faults() == 1 && visited.left(from) == visited.left(0);
    };
    for (const Edge& edge : steps_) {
        const std::vector<Left>& rest = all[edge.to];
        bool breaks = std::ranges::find(rest, Left()) != rest.end();
        if (breaks && is_only(edge.from, edge.spent)) {
            alone.insert(edge.sites.begin(), edge.sites.end());
        }
    }
    for (const Broken& each : broken_) {
        if (each.claim == claim && each.from != Visited::none && is_only(each.from, each.spent)) {
            alone.insert(each.sites.begin(), each.sites.end());
        }
    }
    return alone;
}

}  // namespace sagalab::explore
