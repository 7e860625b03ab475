#include "explore/loops.h"

#include <algorithm>
#include <map>
#include <set>

#include "explore/names.h"

namespace sagalab::explore {

using program::Op;
using program::Program;
using world::Item;

namespace {

// What a handler may set going: handlers by what it sends.
std::vector<std::set<std::uint32_t>> successors(const Program& program) {
    std::vector<std::set<std::uint32_t>> next(program.handlers.size());
    auto add = [&](std::set<std::uint32_t>& to, OperationId operation) {
        if (!operation) return;
        for (HandlerId handler : program[operation].handlers) to.insert(handler.value);
    };
    for (std::size_t i = 0; i < program.handlers.size(); ++i) {
        const program::Handler& handler = program.handlers[i];
        for (const program::Instruction& step : program.code_of(handler)) {
            add(next[i], step.operation);
            if (step.op == Op::call) add(next[i], program.calls[step.call].operation);
            if (step.op != Op::append) continue;
            for (const program::AppendedEvent& event : program.appends[step.call].events) {
                add(next[i], event.event);
            }
        }
    }
    return next;
}

bool goes_round(const std::vector<std::set<std::uint32_t>>& next) {
    std::vector<std::size_t> incoming(next.size());
    for (const auto& targets : next) {
        for (std::uint32_t to : targets) ++incoming[to];
    }
    std::vector<std::uint32_t> free;
    for (std::uint32_t i = 0; i < next.size(); ++i) {
        if (incoming[i] == 0) free.push_back(i);
    }
    std::size_t seen = 0;
    while (!free.empty()) {
        std::uint32_t at = free.back();
        free.pop_back();
        ++seen;
        for (std::uint32_t to : next[at]) {
            if (--incoming[to] == 0) free.push_back(to);
        }
    }
    return seen != next.size();
}

}  // namespace

bool Loops::possible(const Program& program) {
    for (const program::Retry& retry : program.retries) {
        if (retry.max_attempts == 0) return true;
    }
    constexpr std::uint64_t many = 1'000'000;
    for (const program::WorkItem& item : program.workload) {
        if (item.job && item.times > many && item.until == never) return true;
    }
    return goes_round(successors(program));
}

void Loops::collect(const Visited& visited) {
    all_ = edges_;
    for (Visited::Id id = 0; id < visited.size(); ++id) {
        const Visited::Id parent = visited.parent(id);
        if (parent == Visited::none || !(visited.left(parent) == visited.left(id))) continue;
        all_.push_back({parent, id, visited.step(id)});
    }
    std::erase_if(all_, [&](const Edge& edge) {
        return !(visited.left(edge.from) == visited.left(edge.to));
    });
    std::stable_sort(all_.begin(), all_.end(),
                     [](const Edge& a, const Edge& b) { return a.from < b.from; });
    first_.assign(visited.size() + 1, 0);
    for (const Edge& edge : all_) ++first_[edge.from + 1];
    for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
}

// Tarjan's algorithm, without recursion: paths are long.
std::vector<std::vector<Visited::Id>> Loops::components(std::size_t states) const {
    constexpr std::uint32_t unseen = 0;
    std::vector<std::uint32_t> number(states, unseen);
    std::vector<std::uint32_t> low(states, 0);
    std::vector<bool> open(states, false);
    std::vector<Visited::Id> stack;
    std::vector<std::vector<Visited::Id>> found;
    std::uint32_t count = 0;
    struct Frame {
        Visited::Id state = 0;
        std::size_t edge = 0;
    };
    std::vector<Frame> frames;
    auto enter = [&](Visited::Id state) {
        number[state] = low[state] = ++count;
        open[state] = true;
        stack.push_back(state);
        frames.push_back({state, first_[state]});
    };
    for (Visited::Id root = 0; root < states; ++root) {
        if (number[root] != unseen) continue;
        enter(root);
        while (!frames.empty()) {
            Frame& frame = frames.back();
            const Visited::Id state = frame.state;
            if (frame.edge < first_[state + 1]) {
                const Visited::Id to = all_[frame.edge++].to;
                if (number[to] == unseen) {
                    enter(to);
                } else if (open[to]) {
                    low[state] = std::min(low[state], number[to]);
                }
                continue;
            }
            frames.pop_back();
            if (!frames.empty()) {
                low[frames.back().state] = std::min(low[frames.back().state], low[state]);
            }
            if (low[state] != number[state]) continue;
            std::vector<Visited::Id> component;
            for (;;) {
                const Visited::Id member = stack.back();
                stack.pop_back();
                open[member] = false;
                component.push_back(member);
                if (member == state) break;
            }
            bool alone = component.size() == 1;
            for (std::size_t e = first_[state]; alone && e < first_[state + 1]; ++e) {
                alone = all_[e].to != state;
            }
            std::sort(component.begin(), component.end());
            if (!alone) found.push_back(std::move(component));
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

Node node_at(const Visited& visited, Adversary& adversary, Visited::Id state) {
    Node node = adversary.start();
    for (std::uint64_t step : visited.path(state)) adversary.replay(node, unpack(step), nullptr);
    return node;
}

bool Loops::is_fair(const std::vector<Visited::Id>& component, const Visited& visited,
                    Adversary& adversary) const {
    constexpr std::size_t most = 200;  // of a larger one nobody would read the round anyway
    if (component.size() > most) return true;
    const std::set<Visited::Id> inside(component.begin(), component.end());
    std::map<std::string, std::size_t> deliverable;
    std::set<std::string> taken;
    for (Visited::Id state : component) {
        const Node node = node_at(visited, adversary, state);
        const std::vector<Item> items = adversary.items(node);
        std::set<std::string> here;
        for (const Item& item : items) {
            if (item.enabled && item.kind != Item::Kind::timed) {
                here.insert(item_name(adversary.program(), node.world, item));
            }
        }
        for (const std::string& name : here) ++deliverable[name];
        for (std::size_t e = first_[state]; e < first_[state + 1]; ++e) {
            const Step step = unpack(all_[e].step);
            if (inside.count(all_[e].to) == 0 || step.deed != Deed::take) continue;
            if (step.item >= items.size()) continue;
            taken.insert(item_name(adversary.program(), node.world, items[step.item]));
        }
    }
    return std::ranges::none_of(deliverable, [&](const auto& each) {
        return each.second == component.size() && taken.count(each.first) == 0;
    });
}

// The shortest way from its first state back to it.
std::vector<Step> Loops::round(const std::vector<Visited::Id>& component) const {
    const std::set<Visited::Id> inside(component.begin(), component.end());
    const Visited::Id start = component.front();
    std::map<Visited::Id, std::pair<Visited::Id, std::uint64_t>> from;
    std::vector<Visited::Id> todo{start};
    for (std::size_t at = 0; at < todo.size(); ++at) {
        for (std::size_t e = first_[todo[at]]; e < first_[todo[at] + 1]; ++e) {
            const Edge& edge = all_[e];
            if (inside.count(edge.to) == 0 || from.count(edge.to) != 0) continue;
            from[edge.to] = {todo[at], edge.step};
            if (edge.to == start) at = todo.size() - 1;
            todo.push_back(edge.to);
            if (edge.to == start) break;
        }
        if (from.count(start) != 0) break;
    }
    std::vector<Step> steps;
    for (Visited::Id state = start; from.count(state) != 0;) {
        steps.push_back(unpack(from[state].second));
        state = from[state].first;
        if (state == start) break;
    }
    std::reverse(steps.begin(), steps.end());
    return steps;
}

std::optional<Loops::Found> Loops::find(const Visited& visited, Adversary& adversary) {
    if (edges_.empty()) return std::nullopt;
    collect(visited);
    for (const std::vector<Visited::Id>& component : components(visited.size())) {
        if (!is_fair(component, visited, adversary)) continue;
        return Found{component.front(), round(component)};
    }
    return std::nullopt;
}

}  // namespace sagalab::explore
