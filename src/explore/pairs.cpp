#include "explore/pairs.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace sagalab::explore {
namespace {

using program::Instruction;
using program::Op;
using program::Program;
using program::ServiceKind;
using program::Site;

class Pairs {
public:
    explicit Pairs(const Program& program) : program_(program) {}

    std::vector<Pair> all() {
        for (const program::Handler& handler : program_.handlers) {
            for (const Instruction& step : program_.code_of(handler)) {
                instruction(handler.service, step);
            }
        }
        std::vector<Pair> pairs;
        for (const auto& [ends, operations] : found_) {
            pairs.push_back({ends.first, ends.second, {operations.begin(), operations.end()}});
        }
        return pairs;
    }

private:
    void instruction(ServiceId from, const Instruction& step) {
        if (step.op == Op::publish || step.op == Op::send) sent(from, step.operation);
        if (step.op == Op::call) call(from, program_.calls[step.call]);
        if (step.op != Op::append) return;
        const program::Append& append = program_.appends[step.call];
        for (const program::AppendedEvent& event : append.events) sent(from, event.event);
        for (std::uint32_t projection : program_.aggregates[append.aggregate].projections) {
            sent(from, program_.projections[projection].feed);
        }
    }

    void call(ServiceId from, const program::Call& call) {
        if (call.gateway == Index<void>::absent) return sent(from, call.operation);
        for (const program::Route& route : program_.gateways[call.gateway].routes) {
            sent(from, program_[route.handler].operation);
        }
    }

    void sent(ServiceId from, OperationId operation) {
        if (!operation) return;
        for (HandlerId handler : program_[operation].handlers) {
            ServiceId to = program_[handler].service;
            bool client = program_[from].kind == ServiceKind::client ||
                          program_[to].kind == ServiceKind::client;
            if (client || from == to) continue;
            found_[std::minmax(from, to)].insert(operation);
        }
    }

    const Program& program_;
    std::map<std::pair<ServiceId, ServiceId>, std::set<OperationId>> found_;
};

bool fits(const Site& site, const Pair& pair) {
    if (site.table || !site.point.empty()) return false;
    auto is_end = [&](ServiceId service) { return service == pair.a || service == pair.b; };
    if (site.peer) return is_end(site.service) && is_end(site.peer);
    if (site.service) return is_end(site.service);
    return std::ranges::find(pair.operations, site.operation) != pair.operations.end();
}

}  // namespace

std::vector<Pair> talking_pairs(const Program& program) { return Pairs(program).all(); }

std::vector<Pair> cuttable_pairs(const Program& program, const program::Exploration& bounds) {
    const program::Budget& budget = bounds.budget(program::Adversity::partition);
    std::vector<Pair> pairs;
    if (budget.max == 0) return pairs;
    auto within = [](const std::vector<Site>& sites, const Pair& pair) {
        return sites.empty() ||
               std::ranges::any_of(sites, [&](const Site& site) { return fits(site, pair); });
    };
    for (Pair& pair : talking_pairs(program)) {
        if (within(budget.only, pair) && within(bounds.only, pair)) pairs.push_back(pair);
    }
    return pairs;
}

}  // namespace sagalab::explore
