// The registry of names: everything that steps, faults and expectations may name is numbered here,
// before any of them is read. Services stand sorted by name, clients among them.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "language/latencies.h"
#include "language/load_context.h"
#include "language/load_values.h"

namespace sagalab::language {

namespace {

using program::OperationKind;
using program::TableKind;

// What a service can hold, by the key that holds it. All of it shares one namespace.
constexpr std::string_view unrouted_name = "(no route)";

struct Section {
    std::string_view key;
    std::string_view what;  // in messages
};
constexpr Section sections[] = {
    {"store", "table"}, {"aggregates", "aggregate"}, {"projections", "projection"},
    {"sagas", "saga"},  {"api", "operation"},        {"on", "event"},
    {"jobs", "job"},    {"routes", "route"}};

std::vector<const Member*> sorted_members(const Node* object) {
    std::vector<const Member*> members;
    if (!object) return members;
    for (const Member& member : object->members) members.push_back(&member);
    std::sort(members.begin(), members.end(),
              [](const Member* a, const Member* b) { return a->key < b->key; });
    return members;
}

// Every type that some step publishes, appends or awaits, wherever the step stands. Data is not
// looked into.
bool is_opaque(std::string_view key) {
    static const std::set<std::string, std::less<>> opaque = {
        "data", "row", "rows", "set", "body", "copy", "store", "aggregates", "projections"};
    return opaque.find(key) != opaque.end();
}

void collect_published(const Node& node, std::set<std::string, std::less<>>& events) {
    for (const Node& item : node.items) collect_published(item, events);
    for (const Member& member : node.members) {
        const bool names_event =
            member.key == "publish" || member.key == "await" || member.key == "append";
        if (names_event && member.value.is(Node::Kind::string)) {
            events.insert(member.value.text);
        } else if (member.key == "append") {
            for (const Node& event : member.value.items) {
                if (const Node* name = string_at(event, "event")) events.insert(name->text);
            }
        } else if (!is_opaque(member.key)) {
            collect_published(member.value, events);
        }
    }
}

// Events that some handler of the service awaits: it subscribes to them too.
void collect_awaited(const Node& node, std::set<std::string, std::less<>>& events) {
    for (const Node& item : node.items) collect_awaited(item, events);
    for (const Member& member : node.members) {
        if (member.key == "await" && member.value.is(Node::Kind::string)) {
            events.insert(member.value.text);
        } else if (is_opaque(member.key)) {
            continue;
        } else {
            collect_awaited(member.value, events);
        }
    }
}

void collect_keys(const Node* object, std::set<std::string, std::less<>>& names) {
    if (!object) return;
    for (const Member& member : object->members) names.insert(member.key);
}

void number_events(LoadContext& context) {
    std::set<std::string, std::less<>> events;
    if (const Node* services = object_at(context.root, "services")) {
        collect_published(*services, events);
        for (const Member& service : services->members) {
            collect_keys(object_at(service.value, "on"), events);
            const Node* aggregates = object_at(service.value, "aggregates");
            if (!aggregates) continue;
            for (const Member& aggregate : aggregates->members) {
                collect_keys(object_at(aggregate.value, "apply"), events);
            }
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

// The operators' commands that the workload gives, by the service that they go to.
void collect_commands(LoadContext& context) {
    const Node* workload = array_at(context.root, "workload");
    if (!workload) return;
    for (const Node& item : workload->items) {
        if (!item.is(Node::Kind::object)) continue;
        const auto [service, command] = command_name(item);
        if (!command.empty()) context.names.commands[service].emplace(command, OperationId());
    }
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
    const Node& options = member.value.find("takes") ? member.value : *service.node;
    handler.takes = latency_at(context, options, "takes", handler.takes);
    const HandlerId id(context.program.handlers.size());
    context.program.handlers.push_back(std::move(handler));
    const Node* steps =
        member.value.is(Node::Kind::array) ? &member.value : array_at(member.value, "steps");
    context.names.handlers.push_back({id, steps, nullptr});
    return id;
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

// What can be sent to one service, in the order of the names: api operations, sagas, routes, feeds
// of projections, commands of operators.
struct NewOperation {
    std::string name;
    OperationKind kind = OperationKind::api;
    const Member* member = nullptr;  // of those that have a handler
};

std::vector<NewOperation> operations_of(const LoadContext& context, const ServiceNames& service) {
    std::vector<NewOperation> found;
    const auto add = [&](std::string_view key, OperationKind kind) {
        for (const Member* member : sorted_members(object_at(*service.node, key))) {
            found.push_back({member->key, kind, member});
        }
    };
    add("api", OperationKind::api);
    add("sagas", OperationKind::saga);
    add("routes", OperationKind::route);
    add("projections", OperationKind::feed);
    if (service.node->find("routes")) {
        found.push_back({std::string(unrouted_name), OperationKind::route, nullptr});
    }
    const auto commands = context.names.commands.find(context.program[service.id].name);
    if (commands != context.names.commands.end()) {
        for (const auto& command : commands->second) {
            found.push_back({command.first, OperationKind::admin, nullptr});
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const NewOperation& a, const NewOperation& b) { return a.name < b.name; });
    return found;
}

void add_route(LoadContext& context, const ServiceNames& service, OperationId operation,
               HandlerId handler) {
    program::Gateway& gateway = context.program.gateways[context.program[service.id].gateway];
    if (!handler) {
        gateway.unrouted = operation;
        return;
    }
    program::Route& route = gateway.routes.emplace_back();
    route.operation = operation;
    route.handler = handler;
}

void number_operation(LoadContext& context, ServiceNames& service, const NewOperation& made) {
    using program::HandlerKind;
    program::Program& program = context.program;
    const bool is_named = made.kind == OperationKind::api || made.kind == OperationKind::saga;
    const OperationId id(program.operations.size());
    if (is_named && !service.operations.emplace(made.name, id).second) return;
    program::Operation operation;
    operation.name = made.name;
    operation.label = program[service.id].name + "." + made.name;
    operation.kind = made.kind;
    operation.service = service.id;
    if (made.kind == OperationKind::admin) {
        context.names.commands[program[service.id].name][made.name] = id;
    }
    if (made.kind == OperationKind::feed) {
        const TableId table = service.tables.find(made.name)->second;
        operation.target = program[table].events;
        program.projections[operation.target].feed = id;
    }
    program.operations.push_back(std::move(operation));
    HandlerId handler;
    if (made.member) {
        const HandlerKind kind = made.kind == OperationKind::saga    ? HandlerKind::saga
                                 : made.kind == OperationKind::route ? HandlerKind::route
                                 : made.kind == OperationKind::feed  ? HandlerKind::projection
                                                                     : HandlerKind::api;
        handler = add_handler(context, service, *made.member, kind, id);
        program.operations[id.value].handlers.push_back(handler);
    }
    if (made.kind == OperationKind::saga) add_saga(context, service, *made.member, id, handler);
    if (made.kind == OperationKind::route) add_route(context, service, id, handler);
}

void number_operations(LoadContext& context, ServiceNames& service) {
    if (service.node->find("routes")) {
        context.program.services[service.id.value].gateway =
            static_cast<std::uint32_t>(context.program.gateways.size());
        context.program.gateways.emplace_back().service = service.id;
    }
    for (const NewOperation& made : operations_of(context, service)) {
        number_operation(context, service, made);
    }
}

// What aggregates and projections are beside their tables.
void number_event_tables(LoadContext& context, const ServiceNames& service) {
    program::Program& program = context.program;
    std::uint32_t aggregates = 0;
    std::uint32_t projections = 0;
    for (const TableId id : program[service.id].tables) {
        program::Table& table = program.tables[id.value];
        if (table.kind == TableKind::aggregate) {
            table.events = static_cast<std::uint32_t>(program.aggregates.size());
            program::Aggregate& aggregate = program.aggregates.emplace_back();
            aggregate.table = id;
            aggregate.local = aggregates++;
        } else if (table.kind == TableKind::projection) {
            table.events = static_cast<std::uint32_t>(program.projections.size());
            program::Projection& projection = program.projections.emplace_back();
            projection.table = id;
            projection.local = projections++;
        }
    }
}

// Each job is a handler, fired like an item of the workload.
void number_jobs(LoadContext& context, const ServiceNames& service) {
    for (const Member* member : sorted_members(object_at(*service.node, "jobs"))) {
        add_handler(context, service, *member, program::HandlerKind::job, OperationId());
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
    std::set<std::string, std::less<>> awaited;
    collect_awaited(*service.node, awaited);
    for (const std::string& name : awaited) {
        const OperationId event = context.names.events.find(name)->second;
        if (!service.handled.emplace(name, event).second) continue;
        Member silent;
        silent.key = name;
        const HandlerId handler =
            add_handler(context, service, silent, program::HandlerKind::event, event);
        context.program.handlers[handler.value].takes = program::Handler().takes;
        context.program.operations[event.value].handlers.push_back(handler);
    }
}

}  // namespace

std::pair<std::string, std::string> command_name(const Node& item) {
    for (const char* verb : {"resume", "compensate", "rebuild"}) {
        const Node* name = string_at(item, verb);
        if (!name) continue;
        const std::size_t dot = name->text.find('.');
        if (dot == std::string::npos) return {};
        return {name->text.substr(0, dot), std::string(verb) + " " + name->text.substr(dot + 1)};
    }
    const Node* service = string_at(item, "redrive");
    if (!service) return {};
    const Node* type = string_at(item, "type");
    return {service->text, type ? "redrive " + type->text : "redrive all"};
}

void load_names(LoadContext& context) {
    number_events(context);
    name_items(context);
    collect_commands(context);
    number_services(context);
    for (auto& entry : context.names.services) {
        ServiceNames& service = entry.second;
        hold_names(context, service);
        number_tables(context, service, "store", TableKind::table);
        number_tables(context, service, "aggregates", TableKind::aggregate);
        number_tables(context, service, "projections", TableKind::projection);
        number_tables(context, service, "sagas", TableKind::saga);
        number_event_tables(context, service);
        number_operations(context, service);
        number_subscriptions(context, service);
        number_jobs(context, service);
    }
}

}  // namespace sagalab::language
