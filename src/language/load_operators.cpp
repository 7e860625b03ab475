// What operators do in the workload: resume and compensate sagas, rebuild projections, redrive dead
// letters.
#include "language/load_operators.h"

#include "base/text.h"
#include "language/load_context.h"
#include "language/load_values.h"

namespace sagalab::language {

namespace {

using program::Operator;

void find_saga(LoadContext& context, const Node& name, Operator& made) {
    const OperationId operation = find_operation(context, name);
    if (!operation) return;
    made.saga = context.program[operation].saga;
    if (made.saga) return;
    context.error(name.place, "\"" + printable(name.text) + "\" is no saga");
}

void find_projection(LoadContext& context, const Node& name, Operator& made) {
    const TableId table = find_table(context, name);
    if (!table) return;
    if (context.program[table].kind == program::TableKind::projection) {
        made.projection = context.program[table].events;
        return;
    }
    context.error(name.place, "\"" + printable(name.text) + "\" is no projection");
}

}  // namespace

std::optional<std::uint32_t> load_operator(LoadContext& context, const Node& item) {
    Operator made;
    if (const Node* name = string_at(item, "resume")) {
        made.verb = Operator::Verb::resume;
        find_saga(context, *name, made);
    } else if (const Node* undo = string_at(item, "compensate")) {
        made.verb = Operator::Verb::compensate;
        find_saga(context, *undo, made);
    } else if (const Node* view = string_at(item, "rebuild")) {
        made.verb = Operator::Verb::rebuild;
        find_projection(context, *view, made);
    } else if (const Node* service = string_at(item, "redrive")) {
        made.verb = Operator::Verb::redrive;
        find_service(context, *service);
        if (const Node* type = string_at(item, "type")) made.type = find_event(context, *type);
    } else {
        return std::nullopt;
    }
    const auto [service, command] = command_name(item);
    const auto commands = context.names.commands.find(service);
    const auto position = static_cast<std::uint32_t>(context.program.operators.size());
    if (commands != context.names.commands.end()) {
        made.operation = commands->second.find(command)->second;
    }
    // Without an operation there is no such service, which has been reported.
    if (made.operation) context.program.operations[made.operation.value].target = position;
    context.program.operators.push_back(made);
    return position;
}

}  // namespace sagalab::language
