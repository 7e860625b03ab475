// The registry of names: everything that steps, faults and expectations may name is numbered here,
// before any of them is read. Services stand sorted by name, clients among them.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "language/load_context.h"
#include "language/load_values.h"

namespace sagalab::language {

namespace {

using program::OperationKind;
using program::TableKind;

// What a service can hold, by the key that holds it. All of it shares one namespace.
struct Section {
    std::string_view key;
    std::string_view what;  // in messages
};
constexpr Section sections[] = {
    {"store", "table"}, {"aggregates", "aggregate"}, {"projections", "projection"},
    {"sagas", "saga"},  {"api", "operation"},        {"on", "event"},
    {"jobs", "job"}};

std::vector<const Member*> sorted_members(const Node* object) {
    std::vector<const Member*> members;
    if (!object) return members;
    for (const Member& member : object->members) members.push_back(&member);
    std::sort(members.begin(), members.end(),
              [](const Member* a, const Member* b) { return a->key < b->key; });
    return members;
}

// Every type that some step publishes, wherever the step stands. Data is not looked into.
void collect_published(const Node& node, std::set<std::string, std::less<>>& events) {
    static const std::set<std::string, std::less<>> opaque = {"data", "row",  "rows", "set",
                                                              "body", "copy", "store"};
    for (const Node& item : node.items) collect_published(item, events);
    for (const Member& member : node.members) {
        const bool names_event = member.key == "publish" || member.key == "await";
        if (names_event && member.value.is(Node::Kind::string)) {
            events.insert(member.value.text);
        } else if (opaque.find(member.key) == opaque.end()) {
            collect_published(member.value, events);
        }
    }
}

void number_events(LoadContext& context) {
    std::set<std::string, std::less<>> events;
    if (const Node* services = object_at(context.root, "services")) {
        collect_published(*services, events);
        for (const Member& service : services->members) {
            const Node* on = object_at(service.value, "on");
            if (!on) continue;
            for (const Member& event : on->members) events.insert(event.key);
        }
    }
    if (const Node* workload = array_at(context.root, "workload")) {
        collect_published(*workload, events);
    }
    for (const std::string& name : events) {
        program::Operation operation;
        operation.name = name;
        operation.label = name;
        context.names.events.emplace(name, OperationId(context.program.operations.size()));
        context.program.operations.push_back(std::move(operation));
    }
}

// The label of what an item sends: "PayOrder", "OrderSaga.PlaceOrder", "GET /orders/o-1".
std::string sent_label(const Node& item) {
    for (const char* verb : {"publish", "send", "call", "request", "client", "resume", "compensate",
                             "rebuild", "redrive"}) {
        if (const Node* found = string_at(item, verb)) return found->text;
    }
    return "item";
}

std::string unused_name(const std::string& name, std::map<std::string, std::uint32_t>& used) {
    const std::uint32_t count = ++used[name];
    return count == 1 ? name : name + "#" + std::to_string(count);
}

void name_items(LoadContext& context) {
    const Node* workload = array_at(context.root, "workload");
    if (!workload) return;
    std::map<std::string, std::uint32_t> used;
    for (const Node& item : workload->items) {
        const Node* as = string_at(item, "as");
        if (as && ++used[as->text] > 1) {
            context.error(as->place, "another item is called \"" + printable(as->text) + "\"");
        }
    }
    for (const Node& item : workload->items) {
        const Node* as = string_at(item, "as");
        context.names.items.push_back(as ? as->text : unused_name(sent_label(item), used));
    }
}

struct NewService {
    std::string name;
    const Member* member = nullptr;  // of a real one
    std::size_t item = 0;            // of a client
};

void number_services(LoadContext& context) {
    std::vector<NewService> found;
    for (const Member* member : sorted_members(object_at(context.root, "services"))) {
        found.push_back({member->key, member, 0});
    }
    for (std::size_t item = 0; item < context.names.items.size(); ++item) {
        found.push_back({"client " + context.names.items[item], nullptr, item});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const NewService& a, const NewService& b) { return a.name < b.name; });
    context.names.clients.resize(context.names.items.size());
    const Node* workload = array_at(context.root, "workload");
    for (const NewService& entry : found) {
        const ServiceId id(context.program.services.size());
        program::Service& service = context.program.services.emplace_back();
        service.name = entry.name;
        if (!entry.member) {
            service.kind = program::ServiceKind::client;
            service.display = "client";
            context.names.clients[entry.item] = id;
            service.source = context.source(workload->items[entry.item].place);
            continue;
        }
        service.display = entry.name;
        service.source = context.source(entry.member->key_place);
        ServiceNames& names = context.names.services[entry.name];
        names.id = id;
        names.node = &entry.member->value;
    }
}

// What the service holds, each name once.
void hold_names(LoadContext& context, ServiceNames& service) {
    for (const Section& section : sections) {
        const Node* held = object_at(*service.node, section.key);
        if (!held) continue;
        for (const Member& member : held->members) {
            const auto [place, is_new] = service.held.emplace(member.key, section.what);
            if (is_new) continue;
            context.error(member.key_place,
                          "\"" + context.program[service.id].name + "\" already has a " +
                              std::string(place->second) + " called \"" + member.key +
                              "\": what a service holds shares " + "one namespace");
        }
    }
}

void number_tables(LoadContext& context, ServiceNames& service, std::string_view key,
                   TableKind kind) {
    for (const Member* member : sorted_members(object_at(*service.node, key))) {
        program::Service& owner = context.program.services[service.id.value];
        const TableId id(context.program.tables.size());
        if (!service.tables.emplace(member->key, id).second) continue;
        program::Table& table = context.program.tables.emplace_back();
        table.name = member->key;
        table.service = service.id;
        table.local = static_cast<std::uint32_t>(owner.tables.size());
        table.kind = kind;
        owner.tables.push_back(id);
    }
}

HandlerId add_handler(LoadContext& context, const ServiceNames& service, const Member& member,
                      program::HandlerKind kind, OperationId operation) {
    program::Handler handler;
    handler.name = member.key;
    handler.kind = kind;
    handler.service = service.id;
    handler.operation = operation;
    handler.about = about_of(member.value);
    handler.source = context.source(member.key_place);
    const HandlerId id(context.program.handlers.size());
    context.program.handlers.push_back(std::move(handler));
    const Node* steps =
        member.value.is(Node::Kind::array) ? &member.value : array_at(member.value, "steps");
    if (const Member* takes = member.value.member("takes")) context.need(takes->key_place, "takes");
    context.names.handlers.push_back({id, steps, nullptr});
    return id;
}

program::Operation own_operation(const LoadContext& context, const ServiceNames& service,
                                 const Member& member, OperationKind kind) {
    program::Operation operation;
    operation.name = member.key;
    operation.label = context.program[service.id].name + "." + member.key;
    operation.kind = kind;
    operation.service = service.id;
    return operation;
}

void add_saga(LoadContext& context, ServiceNames& service, const Member& member,
              OperationId operation, HandlerId handler) {
    const SagaId id(context.program.sagas.size());
    program::Saga& saga = context.program.sagas.emplace_back();
    saga.name = member.key;
    saga.service = service.id;
    saga.operation = operation;
    saga.table = service.tables.find(member.key)->second;
    saga.handler = handler;
    saga.source = context.source(member.key_place);
    context.program.tables[saga.table.value].saga = id;
    context.program.operations[operation.value].saga = id;
    context.program.handlers[handler.value].saga = id;
    context.names.handlers.back().saga = &member.value;
}

// The api operations and sagas of one service, together in the order of their names.
void number_operations(LoadContext& context, ServiceNames& service) {
    std::vector<const Member*> members = sorted_members(object_at(*service.node, "api"));
    const std::size_t api_count = members.size();
    for (const Member* member : sorted_members(object_at(*service.node, "sagas"))) {
        members.push_back(member);
    }
    std::vector<std::pair<const Member*, bool>> ordered;
    for (std::size_t i = 0; i < members.size(); ++i) {
        ordered.emplace_back(members[i], i >= api_count);
    }
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const auto& a, const auto& b) { return a.first->key < b.first->key; });
    for (const auto& [member, is_saga] : ordered) {
        const OperationId id(context.program.operations.size());
        if (!service.operations.emplace(member->key, id).second) continue;
        const OperationKind kind = is_saga ? OperationKind::saga : OperationKind::api;
        context.program.operations.push_back(own_operation(context, service, *member, kind));
        const HandlerId handler =
            add_handler(context, service, *member,
                        is_saga ? program::HandlerKind::saga : program::HandlerKind::api, id);
        context.program.operations[id.value].handlers.push_back(handler);
        if (is_saga) add_saga(context, service, *member, id, handler);
    }
}

void number_subscriptions(LoadContext& context, ServiceNames& service) {
    for (const Member* member : sorted_members(object_at(*service.node, "on"))) {
        const auto event = context.names.events.find(member->key);
        service.handled.emplace(member->key, event->second);
        const HandlerId handler =
            add_handler(context, service, *member, program::HandlerKind::event, event->second);
        context.program.operations[event->second.value].handlers.push_back(handler);
    }
}

}  // namespace

void load_names(LoadContext& context) {
    number_events(context);
    name_items(context);
    number_services(context);
    for (auto& entry : context.names.services) {
        ServiceNames& service = entry.second;
        hold_names(context, service);
        number_tables(context, service, "store", TableKind::table);
        number_tables(context, service, "aggregates", TableKind::aggregate);
        number_tables(context, service, "projections", TableKind::projection);
        number_tables(context, service, "sagas", TableKind::saga);
        number_operations(context, service);
        number_subscriptions(context, service);
    }
}

}  // namespace sagalab::language
