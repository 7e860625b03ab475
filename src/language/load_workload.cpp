// The workload: each item is a client of its own, whose handler sends, and notes the reply.
#include <limits>
#include <optional>

#include "base/text.h"
#include "language/load_context.h"
#include "language/load_gateway.h"
#include "language/load_operators.h"
#include "language/load_steps.h"
#include "language/load_values.h"
#include "language/policies.h"
#include "language/shape_values.h"

namespace sagalab::language {

namespace {

using program::Op;

// The scopes of all clients: `i` is known where something is done more than once.
struct ClientScopes {
    explicit ClientScopes(const LoadContext& context)
        : once(&context.params), repeated(&context.params), sequential(&context.params) {
        for (Scope* scope : {&once, &repeated, &sequential}) {
            for (const char* name : {"msg", "meta", "store"}) {
                hide(*scope, name, "it is known only in the handlers of services");
            }
            hide(*scope, "client", "it is known only in the steps of a \"client\"");
        }
        hide(once, "i", "it is known only in repeated items (\"every\")");
        count(repeated, "i", 1);
        count(sequential, "client", client_slot);
        count(sequential, "i", round_slot);
    }
    Scope once;
    Scope repeated;
    Scope sequential;

    static constexpr std::uint32_t client_slot = 1;
    static constexpr std::uint32_t round_slot = 2;

private:
    static void hide(Scope& scope, const std::string& name, std::string why) {
        Binding binding;
        binding.kind = Binding::Kind::unusable;
        binding.why = std::move(why);
        scope.bind(name, binding);
    }
    static void count(Scope& scope, const std::string& name, std::uint32_t slot) {
        Binding binding;
        binding.slot = slot;
        binding.type = Type::integer;
        scope.bind(name, binding);
    }
};

// Arrivals without memory: for a length of time there may be any number of them.
void load_poisson(const Node& node, const Node& every, program::WorkItem& item) {
    const Node* text = string_at(every, "poisson");
    const auto rate = text ? rate_millionths_per_second(*text) : std::nullopt;
    if (rate) item.per_second_millionths = static_cast<std::uint64_t>(*rate);
    if (!node.find("for")) return;
    item.times = std::numeric_limits<std::uint64_t>::max();
    item.until = add_saturating(item.at, time_at(node, "for", 0));
}

// That `every`, `times` and `for` go together has been checked.
void load_times(LoadContext& context, const Node& node, program::WorkItem& item) {
    item.at = time_at(node, "at", 0);
    const Node* every = node.find("every");
    if (!every) return;
    item.every = time_at(node, "every", 0);
    item.times = count_at(node, "times", 1);
    if (every->is(Node::Kind::object)) return load_poisson(node, *every, item);
    const Member* span = node.member("for");
    if (!span) return;
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
        } else if (node_.find("request")) {
            request();
        } else {
            operate();
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
        instruction.time = time_at(node_, "after", 0);
        return instruction;
    }

    void call() {
        const std::uint32_t position = add_call(context_, node_, scope_, true);
        ask(send(Op::call), position);
    }

    void request() {
        const std::uint32_t position = add_request(context_, node_, scope_);
        const ExpressionId body = request_body(context_, node_, scope_);
        program::Instruction& instruction = emit(Op::call);
        instruction.data = body;
        ask(instruction, position);
    }

    // The reply is noted by its name; of repeated items it is counted, too.
    void ask(program::Instruction& instruction, std::uint32_t position) {
        const std::uint32_t slot = handler_.slots++;
        instruction.call = position;
        instruction.slot = slot;
        const Node* name = string_at(node_, "as");
        if (!name) return;
        const ExpressionId key = context_.compiler.data(*name, scope_);
        program::Instruction& note = emit(Op::note_reply);
        note.slot = slot;
        note.key = key;
        if (node_.find("every")) note.call = load_of(context_.program, name->text);
    }

    void operate() {
        const auto position = load_operator(context_, node_);
        if (!position) return;
        const Node* id = string_at(node_, "id");
        std::optional<ExpressionId> data;
        if (id) {
            Node payload;
            payload.kind = Node::Kind::object;
            payload.place = id->place;
            payload.members.push_back({"id", id->place, *id});
            data = context_.compiler.data(payload, scope_);
        }
        program::Instruction& instruction = emit(Op::operate);
        instruction.call = *position;
        if (data) instruction.data = *data;
    }

    LoadContext& context_;
    const Node& node_;
    const Scope& scope_;
    program::Handler& handler_;
};

// Several clients begin at once, and each does its steps so many times.
void load_client(LoadContext& context, const Node& node, program::WorkItem& item,
                 const Scope& scope) {
    item.counter_slot = ClientScopes::client_slot;
    item.times = count_at(node, "clients", 1);
    const Node* steps = array_at(node, "steps");
    if (!steps) return;
    StepCompiler compiler(context, item.handler, scope, ClientScopes::round_slot + 1);
    compiler.compile_client(*steps, ClientScopes::round_slot, count_at(node, "times", 1));
}

void load_item(LoadContext& context, const Node& node, std::size_t position,
               const ClientScopes& scopes) {
    program::WorkItem item;
    item.name = context.names.items[position];
    item.client = context.names.clients[position];
    item.handler = HandlerId(context.program.handlers.size());
    item.source = context.program[item.client].source;
    load_times(context, node, item);
    const bool repeated = node.find("every") != nullptr;
    const bool sequential = node.find("client") != nullptr;
    program::Handler& handler = context.program.handlers.emplace_back();
    handler.name = item.name;
    handler.kind = program::HandlerKind::client;
    handler.service = item.client;
    handler.entry = InstructionId(context.program.code.size());
    handler.about = about_of(node);
    handler.source = item.source;
    if (sequential) {
        load_client(context, node, item, scopes.sequential);
    } else {
        if (repeated) item.counter_slot = handler.slots++;
        ItemLoader(context, node, repeated ? scopes.repeated : scopes.once, handler).load();
    }
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
