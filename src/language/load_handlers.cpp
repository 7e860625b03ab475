// Handlers of operations and events, and sagas with their rules of compensation.
#include "language/load_context.h"
#include "language/load_gateway.h"
#include "language/load_steps.h"
#include "language/load_values.h"
#include "language/policies.h"
#include "program/presets.h"

namespace sagalab::language {

Scope handler_scope(const LoadContext& context, ServiceId service) {
    Scope scope(&context.services);
    Binding message;
    message.type = Type::map;
    scope.bind("msg", message);
    Binding meta;
    meta.kind = Binding::Kind::meta;
    scope.bind("meta", meta);
    Binding store;
    store.kind = Binding::Kind::store;
    store.service = service;
    scope.bind("store", store);
    return scope;
}

namespace {

using program::CompensationOrder;
using program::CompensationScope;
using program::UndoFailure;

void load_preset(LoadContext& context, const Node& owner, std::string_view key,
                 program::Saga& saga) {
    const Node* name = string_at(owner, key);
    const program::CompensationPreset* preset = name ? program::find_preset(name->text) : nullptr;
    if (preset) program::use_preset(context.program, saga, *preset);
}

// What a preset says first; the keys beside it win.
void load_compensation(LoadContext& context, const Node& node, program::Saga& saga) {
    load_preset(context, node, "compensation", saga);
    const Node* compensation = object_at(node, "compensation");
    if (!compensation) return;
    load_preset(context, *compensation, "preset", saga);
    if (const Node* scope = string_at(*compensation, "scope")) {
        saga.scope = scope->text == "completed" ? CompensationScope::completed
                     : scope->text == "started" ? CompensationScope::started
                                                : CompensationScope::completed_or_unknown;
    }
    if (const Node* order = string_at(*compensation, "order")) {
        saga.order =
            order->text == "parallel" ? CompensationOrder::parallel : CompensationOrder::reverse;
    }
    if (const Node* failure = string_at(*compensation, "onFailure")) {
        saga.on_failure = failure->text == "stop"       ? UndoFailure::stop
                          : failure->text == "continue" ? UndoFailure::go_on
                                                        : UndoFailure::retry_then_park;
    }
    if (const PolicyId retry = retry_of(context, *compensation)) saga.undo_retry = retry;
}

void load_saga(LoadContext& context, const PendingHandler& pending, StepCompiler& compiler,
               const Scope& scope) {
    program::Saga& saga = context.program.sagas[context.program[pending.handler].saga.value];
    const Node& node = *pending.saga;
    if (const Node* id = string_at(node, "id")) {
        saga.id = context.compiler.expression(*id, scope, Type::string);
    }
    saga.deadline = time_at(node, "deadline", never);
    load_compensation(context, node, saga);
    if (!saga.undo_retry) saga.undo_retry = built_in_retry(context, false);
    saga.retriable_retry = built_in_retry(context, true);
    if (const Node* steps = array_at(node, "onCompleted")) {
        saga.on_completed = compiler.compile_aside(*steps);
    }
    if (const Node* steps = array_at(node, "onCompensated")) {
        saga.on_compensated = compiler.compile_aside(*steps);
    }
    if (const Node* steps = array_at(node, "onParked")) {
        saga.on_parked = compiler.compile_aside(*steps);
    }
}

void load_handler(LoadContext& context, const PendingHandler& pending) {
    static const Node nothing = [] {
        Node empty;
        empty.kind = Node::Kind::array;
        return empty;
    }();
    Scope scope = handler_scope(context, context.program[pending.handler].service);
    const bool is_route = context.program[pending.handler].kind == program::HandlerKind::route;
    if (is_route) bind_route(context, context.program[pending.handler].operation, scope);
    StepCompiler compiler(context, pending.handler, scope, is_route ? route_slots : 1);
    compiler.compile(pending.steps ? *pending.steps : nothing);
    if (pending.saga) load_saga(context, pending, compiler, scope);
}

}  // namespace

void load_handlers(LoadContext& context) {
    for (const PendingHandler& pending : context.names.handlers) load_handler(context, pending);
}

}  // namespace sagalab::language
