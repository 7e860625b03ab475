// Lints of what is sent and what is handled: unheard-event, unsent-event, never-called.
#include <algorithm>
#include <vector>

#include "base/text.h"
#include "language/lint_rules.h"
#include "language/load_values.h"
#include "program/request.h"

namespace sagalab::language {

namespace {

using Verb = MessageUse::Verb;

std::string quoted(std::string_view name) { return "\"" + printable(name) + "\""; }

// What an included file holds may be there for another scenario.
bool is_own(const Place& place) { return place.file == 0; }

bool is_sent(const LintContext& context, OperationId operation) {
    return !context.uses.senders(operation).empty() || context.uses.is_seeded(operation);
}

template <class Visit>
void for_each_member(const LintContext& context, std::string_view section, const Visit& visit) {
    for (const auto& [name, service] : context.load.names.services) {
        if (!service.node->is(Node::Kind::object)) continue;
        const Node* held = object_at(*service.node, section);
        if (!held) continue;
        for (const Member& member : held->members) visit(service, member);
    }
}

}  // namespace

void lint_unheard_events(const LintContext& context) {
    std::vector<std::string> heard;
    for (const program::Operation& operation : context.program.operations) {
        const bool is_event = operation.kind == program::OperationKind::event;
        if (is_event && !operation.handlers.empty()) heard.push_back(operation.name);
    }
    std::vector<bool> told(context.program.operations.size());
    for (const MessageUse& use : context.uses.messages()) {
        if (use.verb != Verb::publish) continue;
        const bool fires = context.program[use.operation].handlers.empty();
        if (fires && told[use.operation.value]) continue;
        told[use.operation.value] = true;
        const std::string message = fires ? "nobody handles the event " + quoted(use.name->text) +
                                                meant(use.name->text, heard)
                                          : "";
        context.look(Lint::unheard_event, use.name->place, fires, message);
    }
}

void lint_unsent_events(const LintContext& context) {
    if (context.program.workload.empty()) return;
    std::vector<bool> told(context.program.operations.size());
    const auto look = [&](OperationId event, const std::string& name, const Place& place,
                          const std::string& verb) {
        if (!is_own(place)) return;
        const bool fires = !is_sent(context, event);
        if (fires && told[event.value]) return;
        told[event.value] = true;
        context.look(Lint::unsent_event, place, fires,
                     "nobody " + verb + " the event " + quoted(name));
    };
    const auto look_at_key = [&](const Member& member, const std::string& verb) {
        const auto event = context.load.names.events.find(member.key);
        if (event == context.load.names.events.end()) return;
        look(event->second, member.key, member.key_place, verb);
    };
    for_each_member(context, "on", [&](const ServiceNames&, const Member& member) {
        look_at_key(member, "publishes");
    });
    for_each_member(context, "aggregates", [&](const ServiceNames&, const Member& aggregate) {
        const Node* apply = object_at(aggregate.value, "apply");
        if (!apply) return;
        for (const Member& member : apply->members) look_at_key(member, "appends");
    });
    for (const MessageUse& use : context.uses.messages()) {
        if (use.verb != Verb::await) continue;
        look(use.operation, use.name->text, use.name->place, "publishes");
    }
}

namespace {

// Which routes some request may be for; a request that is not known may be for any.
std::vector<bool> requested_routes(const LintContext& context) {
    std::vector<bool> requested(context.program.operations.size());
    for (const program::Call& call : context.program.calls) {
        if (call.gateway == Index<void>::absent) continue;
        const program::Gateway& gateway = context.program.gateways[call.gateway];
        const auto text = context.load.compiler.known(call.request);
        const auto request = text && text->is(Value::Kind::string)
                                 ? program::parse_request(text->text())
                                 : std::nullopt;
        Value params;
        const program::Route* only =
            request ? program::find_route(gateway, *request, params) : nullptr;
        for (const program::Route& route : gateway.routes) {
            if (!text || &route == only) requested[route.operation.value] = true;
        }
    }
    return requested;
}

}  // namespace

void lint_never_called(const LintContext& context) {
    if (context.program.workload.empty()) return;
    const auto look = [&](const ServiceNames& service, const Member& member,
                          const std::string& verb) {
        const auto operation = service.operations.find(member.key);
        if (operation == service.operations.end() || !is_own(member.key_place)) return;
        const bool fires = context.uses.senders(operation->second).empty();
        context.look(Lint::never_called, member.key_place, fires,
                     "nobody " + verb + " " + quoted(context.program[operation->second].label));
    };
    for_each_member(context, "api", [&](const ServiceNames& service, const Member& member) {
        look(service, member, "calls");
    });
    for_each_member(context, "sagas", [&](const ServiceNames& service, const Member& member) {
        look(service, member, "starts");
    });
    if (context.program.gateways.empty()) return;
    const std::vector<bool> requested = requested_routes(context);
    for_each_member(context, "routes", [&](const ServiceNames& service, const Member& member) {
        if (!is_own(member.key_place)) return;
        const std::uint32_t gateway = context.program[service.id].gateway;
        for (const program::Route& route : context.program.gateways[gateway].routes) {
            if (context.program[route.operation].name != member.key) continue;
            context.look(Lint::never_called, member.key_place, !requested[route.operation.value],
                         "nobody requests " + quoted(member.key));
        }
    });
}

}  // namespace sagalab::language
