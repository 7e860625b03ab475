// What a service holds beside its behaviour: seeded rows and options; and the scopes that every
// expression stands on.
#include <algorithm>

#include "language/load_context.h"
#include "language/load_values.h"

namespace sagalab::language {

namespace {

void bind_params(LoadContext& context) {
    Binding params;
    params.kind = Binding::Kind::constant;
    params.type = Type::map;
    params.constant = Value::map({});
    if (const Node* node = object_at(context.root, "params")) {
        const Scope nothing;
        if (const auto value = context.compiler.literal(*node, nothing)) params.constant = *value;
    }
    context.params.bind("params", params);
}

void bind_services(LoadContext& context) {
    for (const auto& entry : context.names.services) {
        Binding binding;
        binding.kind = Binding::Kind::unusable;
        binding.why = "nothing reads another service's store; \"call\" it";
        context.services.bind(entry.first, binding);
    }
}

void load_rows(LoadContext& context, const Node& rows, program::Table& table) {
    table.rows.reserve(rows.members.size());
    for (const Member& row : rows.members) {
        const auto value = context.compiler.literal(row.value, context.params);
        if (value) table.rows.emplace_back(Value(row.key), *value);
    }
    std::sort(table.rows.begin(), table.rows.end(),
              [](const auto& a, const auto& b) { return key_less(a.first, b.first); });
}

void load_store(LoadContext& context, const ServiceNames& names) {
    const Node* store = object_at(*names.node, "store");
    if (!store) return;
    for (const Member& member : store->members) {
        const auto table = names.tables.find(member.key);
        const Node* rows = object_at(member.value, "rows");
        if (rows) load_rows(context, *rows, context.program.tables[table->second.value]);
    }
}

// Whether the switch `key` is on: true, or an object with more to say.
bool is_on(const Node& service, std::string_view key) {
    return is_true(service, key) || object_at(service, key) != nullptr;
}

void load_options(LoadContext& context, const ServiceNames& names) {
    const Node& node = *names.node;
    program::Service& service = context.program.services[names.id.value];
    if (is_true(node, "external")) service.kind = program::ServiceKind::external;
    service.outbox = is_on(node, "outbox");
    service.inbox = is_on(node, "inbox");
    if (const Node* inbox = object_at(node, "inbox")) {
        service.inbox_window = time_at(*inbox, "window", never);
    }
    service.workers = small_count_at(node, "workers", 0);
    service.queue_limit = small_count_at(node, "queueLimit", Index<void>::absent);
    service.replicas = small_count_at(node, "replicas", 1);
    service.lease = time_at(node, "lease", second);
    const Node* fencing = node.find("fencing");
    service.fencing = !fencing || !fencing->is(Node::Kind::boolean) || fencing->truth;
    service.about = about_of(node);
}

}  // namespace

// Jobs are fired like items of the workload; the first time when the first period is over.
void load_jobs(LoadContext& context) {
    for (std::size_t i = 0; i < context.program.handlers.size(); ++i) {
        const program::Handler& handler = context.program.handlers[i];
        if (handler.kind != program::HandlerKind::job) continue;
        const std::string& owner = context.program[handler.service].name;
        const Node* jobs = object_at(*context.names.services.find(owner)->second.node, "jobs");
        const Node* job = object_at(*jobs, handler.name);
        if (!job) continue;
        program::WorkItem item;
        item.name = owner + "." + handler.name;
        item.client = handler.service;
        item.job = true;
        item.handler = HandlerId(i);
        item.every = time_at(*job, "every", second);
        item.at = item.every;
        item.times = count_at(*job, "times", 1);
        item.source = handler.source;
        context.program.workload.push_back(std::move(item));
    }
}

void load_services(LoadContext& context) {
    bind_params(context);
    bind_services(context);
    for (const auto& entry : context.names.services) {
        if (!entry.second.node->is(Node::Kind::object)) continue;
        load_options(context, entry.second);
        load_store(context, entry.second);
    }
}

}  // namespace sagalab::language
