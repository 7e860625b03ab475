// Exploration: its budgets, and where faults may strike.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "language/load_context.h"
#include "language/load_values.h"
#include "program/points.h"

namespace sagalab::language {

namespace {

using program::Adversity;
using program::Budget;
using program::Site;

class ExploreLoader {
public:
    ExploreLoader(LoadContext& context, const Node& explore)
        : context_(context), explore_(explore), target_(context.program.explore) {}

    void load() {
        target_.written = true;
        load_sites(explore_, target_.only);
        for (const program::AdversityRow& row : program::adversity_rows) load_budget(row);
        target_.faults = bounded(small_count_at(explore_, "faults", program::budget_max));
        if (const Node* reorder = explore_.find("reorder")) target_.reorder = reorder->truth;
        if (const Node* breaks = array_at(explore_, "breaks")) {
            for (const Node& name : breaks->items) target_.breaks.push_back(name.text);
        }
    }

private:
    static std::uint32_t bounded(std::uint32_t count) {
        return std::min(count, program::budget_max);
    }

    void load_budget(const program::AdversityRow& row) {
        const Node* node = explore_.find(row.name);
        if (node == nullptr) return;
        Budget& budget = target_.budget(row.kind);
        budget.max = bounded(node->is(Node::Kind::object) ? small_count_at(*node, "max", 0)
                                                          : small_count_at(explore_, row.name, 0));
        bool coded = row.kind == Adversity::reject || row.kind == Adversity::fail ||
                     row.kind == Adversity::fail_store;
        if (node->is(Node::Kind::object)) {
            if (row.kind == Adversity::pause || row.kind == Adversity::partition) {
                load_outages(*node, row.kind, budget.only);
            } else {
                load_sites(*node, budget.only);
            }
            if (const Node* with = array_at(*node, "with")) {
                for (const Node& code : with->items) budget.with.emplace_back(code.text);
            }
            if (node->find("restart") != nullptr) {
                budget.restart = time_at(*node, "restart", at_will);
            }
        }
        if (coded && budget.with.empty()) budget.with.emplace_back("Injected");
    }

    void load_sites(const Node& owner, std::vector<Site>& sites) {
        if (const Node* one = string_at(owner, "only")) load_site(*one, sites);
        const Node* several = array_at(owner, "only");
        if (several == nullptr) return;
        for (const Node& name : several->items) load_site(name, sites);
    }

    // What strikes whole services: their names, and for a partition pairs of them.
    void load_outages(const Node& budget, Adversity kind, std::vector<Site>& sites) {
        const Node* only = budget.find("only");
        if (only == nullptr) return;
        auto load_one = [&](const Node& node) {
            Site site;
            const bool pair = node.is(Node::Kind::array);
            if (pair && node.items.size() != 2) return;
            const Node& first = pair ? node.items[0] : node;
            site.service = struck(first, kind);
            if (pair) site.peer = struck(node.items[1], kind);
            if (!site.service || (pair && !site.peer)) return;
            if (site.service == site.peer) {
                context_.error(node.items[1].place,
                               "a pair is two services; this one is \"" + first.text + "\" twice");
                return;
            }
            sites.push_back(std::move(site));
        };
        if (only->is(Node::Kind::string)) return load_one(*only);
        for (const Node& each : only->items) load_one(each);
    }

    ServiceId struck(const Node& name, Adversity kind) {
        if (!name.is(Node::Kind::string)) return {};
        const std::string what = kind == Adversity::pause ? "a pause" : "a partition";
        const bool service = context_.names.services.count(name.text) != 0;
        const bool other = name.text.find_first_of(". ") != std::string::npos ||
                           context_.names.events.count(name.text) != 0;
        if (!service && other) {
            context_.error(
                name.place,
                what + " strikes whole services: name " +
                    (kind == Adversity::pause ? "services" : "services, or pairs of them") +
                    ", not \"" + printable(name.text) + "\"");
            return {};
        }
        const ServiceNames* found = find_service(context_, name);
        if (found == nullptr) return {};
        const bool external = context_.program[found->id].kind == program::ServiceKind::external;
        if (external && kind == Adversity::pause) {
            context_.error(name.place, "\"" + name.text +
                                           "\" is external: exploration never pauses it; \"delay\" "
                                           "makes what it answers late");
            return {};
        }
        return found->id;
    }

    // A service, Service.Operation, Service.table or a message type; anything with a blank is a
    // point.
    void load_site(const Node& name, std::vector<Site>& sites) {
        if (!name.is(Node::Kind::string)) return;
        Site site;
        const auto& services = context_.names.services;
        const std::size_t dot = name.text.find('.');
        if (name.text.find(' ') != std::string::npos) {
            if (!is_point(name)) return;
            site.point = name.text;
        } else if (dot != std::string::npos) {
            const auto service = services.find(name.text.substr(0, dot));
            const std::string rest = name.text.substr(dot + 1);
            const bool table = service != services.end() && service->second.tables.count(rest) != 0;
            if (table) {
                site.table = service->second.tables.at(rest);
            } else {
                site.operation = find_operation(context_, name);
            }
        } else if (const auto service = services.find(name.text); service != services.end()) {
            site.service = service->second.id;
        } else if (const auto event = context_.names.events.find(name.text);
                   event != context_.names.events.end()) {
            site.operation = event->second;
        } else {
            std::vector<std::string> known = keys_of(services);
            for (const auto& each : context_.names.events) known.push_back(each.first);
            context_.diagnostics.unknown_name(name.place, "service or event", name.text, known);
            return;
        }
        sites.push_back(std::move(site));
    }

    bool is_point(const Node& name) {
        const program::Program& program = context_.program;
        std::set<std::string> known;
        for (const program::Point& point : program.points) {
            known.insert(program::point_name(program, point));
        }
        if (known.count(name.text) != 0) return true;
        context_.diagnostics.unknown_name(name.place, "point", name.text,
                                          std::vector<std::string>(known.begin(), known.end()));
        return false;
    }

    LoadContext& context_;
    const Node& explore_;
    program::Exploration& target_;
};

}  // namespace

void load_explore(LoadContext& context) {
    if (const Node* explore = object_at(context.root, "explore")) {
        ExploreLoader(context, *explore).load();
    }
    if (const Node* schedule = array_at(context.root, "schedule")) {
        for (const Node& step : schedule->items) context.program.schedule.push_back(step.text);
    }
}

}  // namespace sagalab::language
