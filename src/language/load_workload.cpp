// The workload: each item is a client of its own, whose handler sends, and notes the reply.
#include <limits>

#include "base/text.h"
#include "language/load_context.h"
#include "language/load_steps.h"
#include "language/load_values.h"
#include "language/policies.h"
#include "language/shape_values.h"

namespace sagalab::language {

namespace {

using program::Op;

// The scopes of all clients: `i` is known in repeated items only.
struct ClientScopes {
    explicit ClientScopes(const LoadContext& context)
        : once(&context.params), repeated(&context.params) {
        for (const char* name : {"msg", "meta", "store"}) {
            Binding binding;
            binding.kind = Binding::Kind::unusable;
            binding.why = "it is known only in the handlers of services";
            once.bind(name, binding);
            repeated.bind(name, binding);
        }
        Binding counter;
        counter.slot = 1;
        counter.type = Type::integer;
        repeated.bind("i", counter);
        counter.kind = Binding::Kind::unusable;
        counter.why = "it is known only in repeated items (\"every\")";
        once.bind("i", counter);
    }
    Scope once;
    Scope repeated;
};

void load_poisson(LoadContext& context, const Node& every, program::WorkItem& item) {
    for (const Member& member : every.members) {
        context.need(member.key_place, member.key);
        const auto rate = rate_millionths_per_second(member.value);
        if (rate) item.per_second_millionths = static_cast<std::uint64_t>(*rate);
    }
}

// That `every`, `times` and `for` go together has been checked.
void load_times(LoadContext& context, const Node& node, program::WorkItem& item) {
    item.at = time_at(node, "at", 0);
    const Node* every = node.find("every");
    if (!every) return;
    item.every = time_at(node, "every", 0);
    if (every->is(Node::Kind::object)) load_poisson(context, *every, item);
    item.times = count_at(node, "times", 1);
    const Member* span = node.member("for");
    if (!span || !every->is(Node::Kind::string)) return;
    if (item.every == 0) {
        context.error(span->key_place,
                      "\"for\" with \"every\": \"0ms\" would never end: say \"times\"");
        return;
    }
    const auto length = static_cast<std::uint64_t>(time_at(node, "for", 0));
    const auto step = static_cast<std::uint64_t>(item.every);
    item.times = length / step + (length % step != 0 ? 1 : 0);
}

class ItemLoader {
public:
    ItemLoader(LoadContext& context, const Node& node, const Scope& scope,
               program::Handler& handler)
        : context_(context), node_(node), scope_(scope), handler_(handler) {}

    void load() {
        if (const Member* verb = node_.member("publish")) {
            send(Op::publish).operation = find_event(context_, verb->value);
        } else if (const Member* command = node_.member("send")) {
            send(Op::send).operation = find_command(context_, command->value);
        } else if (node_.find("call")) {
            call();
        } else {
            refuse_later();
        }
        emit(Op::end);
    }

private:
    program::Instruction& emit(Op op) {
        program::Instruction& instruction = context_.program.code.emplace_back();
        instruction.op = op;
        instruction.source = handler_.source;
        return instruction;
    }

    program::Instruction& send(Op op) {
        const ExpressionId data =
            context_.compiler.record(node_.find("copy"), node_.find("data"), scope_);
        program::Instruction& instruction = emit(op);
        instruction.data = data;
        if (const Member* after = node_.member("after")) {
            context_.need(after->key_place, "after");
            instruction.time = time_at(node_, "after", 0);
        }
        return instruction;
    }

    void call() {
        const std::uint32_t position = add_call(context_, node_, scope_, true);
        const std::uint32_t slot = handler_.slots++;
        program::Instruction& instruction = send(Op::call);
        instruction.call = position;
        instruction.slot = slot;
        const Node* name = string_at(node_, "as");
        if (!name) return;
        const ExpressionId key = context_.compiler.data(*name, scope_);
        program::Instruction& note = emit(Op::note_reply);
        note.slot = slot;
        note.key = key;
    }

    void refuse_later() {
        for (const char* verb :
             {"request", "client", "resume", "compensate", "rebuild", "redrive"}) {
            const Member* member = node_.member(verb);
            if (!member) continue;
            context_.need(member->key_place, verb);
            const std::string_view word = verb;
            if (word == "resume" || word == "compensate") find_operation(context_, member->value);
            if (word == "rebuild") find_table(context_, member->value);
            if (word == "redrive") find_service(context_, member->value);
            return;
        }
    }

    LoadContext& context_;
    const Node& node_;
    const Scope& scope_;
    program::Handler& handler_;
};

void load_item(LoadContext& context, const Node& node, std::size_t position,
               const ClientScopes& scopes) {
    program::WorkItem item;
    item.name = context.names.items[position];
    item.client = context.names.clients[position];
    item.handler = HandlerId(context.program.handlers.size());
    item.source = context.program[item.client].source;
    load_times(context, node, item);
    const bool repeated = node.find("every") != nullptr;
    program::Handler& handler = context.program.handlers.emplace_back();
    handler.name = item.name;
    handler.kind = program::HandlerKind::client;
    handler.service = item.client;
    handler.entry = InstructionId(context.program.code.size());
    handler.about = about_of(node);
    handler.source = item.source;
    if (repeated) item.counter_slot = handler.slots++;
    ItemLoader(context, node, repeated ? scopes.repeated : scopes.once, handler).load();
    context.program.workload.push_back(std::move(item));
}

}  // namespace

void load_workload(LoadContext& context) {
    const Node* workload = array_at(context.root, "workload");
    if (!workload) return;
    const ClientScopes scopes(context);
    for (std::size_t i = 0; i < workload->items.size(); ++i) {
        if (!workload->items[i].is(Node::Kind::object)) continue;
        load_item(context, workload->items[i], i, scopes);
    }
}

}  // namespace sagalab::language
