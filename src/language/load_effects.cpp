// Steps that change something or talk to somebody.
#include "base/text.h"
#include "language/load_steps.h"
#include "language/load_values.h"
#include "language/policies.h"
#include "program/eval.h"

namespace sagalab::language {

using program::Op;

namespace {

// The service that has a table of this name, if some other one does.
const std::string* owner_of_table(const LoadContext& context, const std::string& name) {
    for (const auto& entry : context.names.services) {
        if (entry.second.tables.find(name) != entry.second.tables.end()) return &entry.first;
    }
    return nullptr;
}

}  // namespace

TableId StepCompiler::own_table(const Node& name) {
    const auto found = service_.tables.find(name.text);
    if (found != service_.tables.end()) {
        const auto held = service_.held.find(name.text);
        if (context_.program[found->second].kind == program::TableKind::table) {
            return found->second;
        }
        const bool aggregate =
            context_.program[found->second].kind == program::TableKind::aggregate;
        context_.error(name.place, "\"" + name.text + "\" is not a table of the store but " +
                                       (aggregate ? "an " : "a ") + std::string(held->second) +
                                       ": no step writes it");
        return {};
    }
    const std::string table = name.text.substr(name.text.rfind('.') + 1);
    if (const std::string* owner = owner_of_table(context_, table)) {
        if (*owner != context_.program[service_.id].name) {
            context_.error(name.place, "\"" + table + "\" is a table of \"" + *owner +
                                           "\": nothing reads or writes another service's store");
            return {};
        }
    }
    context_.diagnostics.unknown_name(name.place, "table", name.text, keys_of(service_.tables));
    return {};
}

void StepCompiler::insert(const Node& step, const Member& verb) {
    const Way before = locals_.way();
    const InstructionId id = emit(Op::insert, step);
    at(id).table = own_table(verb.value);
    if (const Node* key = string_at(step, "key")) {
        at(id).key = context_.compiler.expression(*key, scope(), Type::string);
    }
    at(id).data = context_.compiler.record(step.find("copy"), step.find("row"), scope());
    number(id, verb.key, verb.value.text);
    catch_errors(step, id, before);
}

void StepCompiler::merge_row(Op op, const Node& step, const Member& verb) {
    const Way before = locals_.way();
    const InstructionId id = emit(op, step);
    at(id).table = own_table(verb.value);
    if (const Node* key = string_at(step, "key")) {
        at(id).key = context_.compiler.expression(*key, scope(), Type::string);
    }
    if (row_slot_ == Index<void>::absent) row_slot_ = locals_.new_slot();
    locals_.show_own("row", row_slot_);
    at(id).data = context_.compiler.record(step.find("copy"), step.find("set"), scope());
    const ExpressionId data = at(id).data;
    if (data && program::reads_slot(context_.program[data], row_slot_)) at(id).slot = row_slot_;
    locals_.hide_own("row", "it is known only inside \"set\"");
    number(id, verb.key, verb.value.text);
    catch_errors(step, id, before);
}

void StepCompiler::update(const Node& step, const Member& verb) {
    merge_row(Op::update, step, verb);
}
void StepCompiler::upsert(const Node& step, const Member& verb) {
    merge_row(Op::upsert, step, verb);
}

void StepCompiler::erase(const Node& step, const Member& verb) {
    const Way before = locals_.way();
    const InstructionId id = emit(Op::erase, step);
    at(id).table = own_table(verb.value);
    if (const Node* key = string_at(step, "key")) {
        at(id).key = context_.compiler.expression(*key, scope(), Type::string);
    }
    number(id, verb.key, verb.value.text);
    catch_errors(step, id, before);
}

void StepCompiler::schedule(const Node& step, InstructionId instruction) {
    at(instruction).time = time_at(step, "after", 0);
}

void StepCompiler::publish(const Node& step, const Member& verb) {
    const InstructionId id = emit(Op::publish, step);
    at(id).operation = find_event(context_, verb.value);
    at(id).data = context_.compiler.record(step.find("copy"), step.find("data"), scope());
    schedule(step, id);
    number(id, verb.key, verb.value.text);
}

OperationId find_command(LoadContext& context, const Node& string) {
    const OperationId operation = find_operation(context, string);
    if (!operation || context.program[operation].kind == program::OperationKind::api) {
        return operation;
    }
    context.error(string.place, "\"" + printable(string.text) +
                                    "\" is a saga: it is started by \"call\", not by \"send\"");
    return {};
}

void StepCompiler::send(const Node& step, const Member& verb) {
    const InstructionId id = emit(Op::send, step);
    at(id).operation = find_command(context_, verb.value);
    at(id).data = context_.compiler.record(step.find("copy"), step.find("data"), scope());
    schedule(step, id);
    number(id, verb.key, verb.value.text);
}

std::uint32_t add_call(LoadContext& context, const Node& step, const Scope& scope, bool settled) {
    program::Call call;
    if (const Node* name = string_at(step, "call")) {
        call.operation = find_operation(context, *name);
    }
    call.timeout = time_at(step, "timeout", second);
    call.retry = retry_of(context, step);
    call.breaker = breaker_of(context, step);
    call.settled = settled;
    if (const Node* key = string_at(step, "idempotencyKey")) {
        call.idempotency_key = context.compiler.expression(*key, scope, Type::string);
    }
    if (const Node* fallback = step.find("fallback")) {
        call.fallback = context.compiler.data(*fallback, scope);
    }
    const Node* via = string_at(step, "via");
    call.via_bus = via && via->text == "bus";
    context.program.calls.push_back(call);
    return static_cast<std::uint32_t>(context.program.calls.size() - 1);
}

void StepCompiler::call(const Node& step, const Member& verb) {
    const Way before = locals_.way();
    const InstructionId id = emit(Op::call, step);
    at(id).data = context_.compiler.record(step.find("copy"), step.find("data"), scope());
    at(id).call = add_call(context_, step, scope(), is_client_);
    number(id, verb.key, verb.value.text);
    if (const auto slot = bind_result(step, "as")) at(id).slot = *slot;
    if (is_client_) return note(step, id);
    catch_errors(step, id, before);
}

void StepCompiler::append(const Node& step, const Member& verb) {
    const Way before = locals_.way();
    const InstructionId id = emit(Op::append, step);
    program::Append made;
    const program::Aggregate* aggregate = nullptr;
    if (const Node* to = string_at(step, "to")) {
        const auto found = service_.tables.find(to->text);
        const bool fits = found != service_.tables.end() &&
                          context_.program[found->second].kind == program::TableKind::aggregate;
        if (fits) {
            made.aggregate = context_.program[found->second].events;
            aggregate = &context_.program.aggregates[made.aggregate];
            at(id).table = found->second;
        } else {
            std::vector<std::string> known;
            for (const auto& [name, table] : service_.tables) {
                const bool fits_too = context_.program[table].kind == program::TableKind::aggregate;
                if (fits_too) known.push_back(name);
            }
            context_.diagnostics.unknown_name(to->place, "aggregate", to->text, known);
        }
    }
    if (const Node* key = string_at(step, "key")) {
        at(id).key = context_.compiler.expression(*key, scope(), Type::string);
    }
    const auto add = [&](const Node& name, const Node& owner) {
        program::AppendedEvent event;
        if (aggregate) event.event = applied_event(context_, *aggregate, name);
        event.data = context_.compiler.record(owner.find("copy"), owner.find("data"), scope());
        made.events.push_back(event);
    };
    if (verb.value.is(Node::Kind::string)) add(verb.value, step);
    for (const Node& event : verb.value.items) {
        if (const Node* name = string_at(event, "event")) add(*name, event);
    }
    if (const Node* expected = step.find("expectedVersion")) {
        made.expected = context_.compiler.data(*expected, scope());
    } else {
        context_.program.handlers[handler_.value].tracks_reads = true;
    }
    number(id, verb.key, verb.value.text);
    at(id).call = static_cast<std::uint32_t>(context_.program.appends.size());
    context_.program.appends.push_back(std::move(made));
    catch_errors(step, id, before);
}

void StepCompiler::await(const Node& step, const Member& verb) {
    const Way before = locals_.way();
    const InstructionId id = emit(Op::await_event, step);
    at(id).operation = find_event(context_, verb.value);
    if (const Node* condition = string_at(step, "if")) {
        const std::uint32_t slot = locals_.new_slot();
        locals_.show_own("event", slot);
        at(id).call = slot;
        at(id).key = context_.compiler.expression(*condition, scope(), Type::boolean);
        locals_.hide_own("event", "it is known only inside \"await\"");
    }
    at(id).time = time_at(step, "timeout", never);
    if (const auto slot = bind_result(step, "as")) at(id).slot = *slot;
    catch_errors(step, id, before);
}

}  // namespace sagalab::language
