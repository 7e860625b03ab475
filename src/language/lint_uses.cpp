#include "language/lint_uses.h"

#include <utility>

#include "base/text.h"
#include "language/load_values.h"

namespace sagalab::language {

namespace {

struct VerbRow {
    const char* key;
    MessageUse::Verb verb;
};
constexpr VerbRow verb_rows[] = {{"publish", MessageUse::Verb::publish},
                                 {"send", MessageUse::Verb::send},
                                 {"call", MessageUse::Verb::call},
                                 {"await", MessageUse::Verb::await}};

}  // namespace

ScenarioUses::ScenarioUses(const LoadContext& context)
    : context_(context),
      senders_(context.program.operations.size()),
      seeded_(context.program.operations.size()),
      writes_(context.program.tables.size()),
      handler_of_(context.program.operations.size(), Index<void>::absent) {
    collect_handlers();
    collect_workload();
    for (const program::Aggregate& aggregate : context.program.aggregates) {
        for (const program::SeededStream& stream : aggregate.streams) {
            for (const program::SeededEvent& event : stream.events) {
                seeded_[event.event.value] = true;
            }
        }
    }
}

void ScenarioUses::collect_handlers() {
    const std::vector<PendingHandler>& handlers = context_.names.handlers;
    for (std::uint32_t i = 0; i < handlers.size(); ++i) {
        const program::Handler& handler = context_.program[handlers[i].handler];
        if (handler.operation) handler_of_[handler.operation.value] = i;
        for_each_step(handlers[i], [&](const Node& step) { take(step, i, handler.service); });
    }
}

void ScenarioUses::collect_workload() {
    const Node* workload = array_at(context_.root, "workload");
    if (!workload) return;
    for (std::size_t i = 0; i < workload->items.size(); ++i) {
        const Node& item = workload->items[i];
        const ServiceId client = context_.names.clients[i];
        take(item, Index<void>::absent, client);
        const Node* steps = array_at(item, "steps");
        if (!steps) continue;
        for_each_step(*steps, [&](const Node& step) { take(step, Index<void>::absent, client); });
    }
}

void ScenarioUses::take(const Node& step, std::uint32_t handler, ServiceId from) {
    MessageUse use;
    use.step = use.payload = &step;
    use.handler = handler;
    use.from = from;
    for (const VerbRow& row : verb_rows) {
        use.name = string_at(step, row.key);
        if (!use.name) continue;
        use.verb = row.verb;
        return add(use);
    }
    if (const Member* append = step.member("append")) {
        use.verb = MessageUse::Verb::append;
        if (append->value.is(Node::Kind::string)) {
            use.name = &append->value;
            return add(use);
        }
        for (const Node& event : append->value.items) {
            use.payload = &event;
            use.name = string_at(event, "event");
            add(use);
        }
        return;
    }
    if (handler == Index<void>::absent) return;
    for (const char* verb : {"insert", "upsert"}) {
        if (const Node* table = string_at(step, verb)) take_write(step, *table, handler, from);
    }
}

void ScenarioUses::add(MessageUse use) {
    if (!use.name) return;
    use.operation = find(use.name->text);
    if (!use.operation) return;
    if (use.verb != MessageUse::Verb::await) {
        senders_[use.operation.value].push_back(static_cast<std::uint32_t>(messages_.size()));
    }
    messages_.push_back(use);
}

void ScenarioUses::take_write(const Node& step, const Node& table, std::uint32_t handler,
                              ServiceId from) {
    const auto service = context_.names.services.find(context_.program[from].name);
    if (service == context_.names.services.end()) return;
    const auto found = service->second.tables.find(table.text);
    if (found == service->second.tables.end()) return;
    writes_[found->second.value].push_back({&step, handler});
}

OperationId ScenarioUses::find(const std::string& name) const {
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos) {
        const auto event = context_.names.events.find(name);
        return event == context_.names.events.end() ? OperationId() : event->second;
    }
    const auto service = context_.names.services.find(name.substr(0, dot));
    if (service == context_.names.services.end()) return {};
    const auto operation = service->second.operations.find(name.substr(dot + 1));
    return operation == service->second.operations.end() ? OperationId() : operation->second;
}

std::optional<std::string_view> plain_field(std::string_view expression) {
    constexpr std::string_view root = "msg.";
    if (!expression.starts_with(root)) return std::nullopt;
    expression.remove_prefix(root.size());
    if (!is_identifier(expression)) return std::nullopt;
    return expression;
}

}  // namespace sagalab::language
