// Exploration: its budgets are checked by structure; what `only` names must exist.
#include "language/load_context.h"
#include "language/load_values.h"

namespace sagalab::language {

namespace {

// A service, Service.Operation, Service.table or a message type; anything with a blank is a point.
void check_only(LoadContext& context, const Node& name) {
    if (!name.is(Node::Kind::string) || name.text.find(' ') != std::string::npos) return;
    const std::size_t dot = name.text.find('.');
    if (dot == std::string::npos) {
        if (context.names.services.count(name.text) != 0) return;
        if (context.names.events.count(name.text) != 0) return;
        std::vector<std::string> known = keys_of(context.names.services);
        for (const auto& event : context.names.events) known.push_back(event.first);
        context.diagnostics.unknown_name(name.place, "service or event", name.text, known);
        return;
    }
    const auto service = context.names.services.find(name.text.substr(0, dot));
    const bool table = service != context.names.services.end() &&
                       service->second.tables.count(name.text.substr(dot + 1)) != 0;
    if (!table) find_operation(context, name);
}

void check_all_only(LoadContext& context, const Node& owner) {
    if (const Node* one = string_at(owner, "only")) check_only(context, *one);
    const Node* several = array_at(owner, "only");
    if (!several) return;
    for (const Node& name : several->items) check_only(context, name);
}

}  // namespace

void load_explore(LoadContext& context) {
    const Node* explore = object_at(context.root, "explore");
    if (!explore) return;
    check_all_only(context, *explore);
    for (const Member& budget : explore->members) check_all_only(context, budget.value);
}

}  // namespace sagalab::language
