// Clients that do one thing after another: their steps are those of a handler, but that a reply is
// bound whatever its outcome, and noted under its name.
#include <algorithm>
#include <string>
#include <vector>

#include "language/load_gateway.h"
#include "language/load_steps.h"
#include "language/load_values.h"

namespace sagalab::language {

using program::Op;

std::uint32_t load_of(program::Program& program, const std::string& as) {
    const std::string name = as.substr(0, as.find("${"));
    if (name.empty()) return Index<void>::absent;
    std::vector<std::string>& loads = program.loads;
    const auto found = std::find(loads.begin(), loads.end(), name);
    if (found == loads.end()) {
        loads.push_back(name);
        return static_cast<std::uint32_t>(loads.size() - 1);
    }
    return static_cast<std::uint32_t>(found - loads.begin());
}

void StepCompiler::compile_client(const Node& steps, std::uint32_t round_slot,
                                  std::uint64_t times) {
    context_.program.handlers[handler_.value].entry = here();
    const InstructionId first = emit(Op::let, steps);
    at(first).slot = round_slot;
    at(first).key = context_.compiler.constant(Value(0));
    const InstructionId body = here();
    block(steps);
    const InstructionId next = emit(Op::count_next, steps);
    at(next).slot = round_slot;
    at(next).time = static_cast<Nanos>(times);
    at(next).target = body;
    emit(Op::end, steps);
    context_.program.handlers[handler_.value].slots = locals_.slots();
}

void StepCompiler::request(const Node& step, const Member& verb) {
    const ExpressionId body = request_body(context_, step, scope());
    const std::uint32_t call = add_request(context_, step, scope());
    const InstructionId id = emit(Op::call, step);
    at(id).data = body;
    at(id).call = call;
    number(id, verb.key, verb.value.text);
    if (const auto slot = bind_result(step, "as")) at(id).slot = *slot;
    note(step, id);
}

void StepCompiler::note(const Node& step, InstructionId call) {
    refuse_error_words(step);
    const std::uint32_t slot = at(call).slot;
    const Node* name = string_at(step, "as");
    if (!name || slot == Index<void>::absent) return;
    const ExpressionId key = context_.compiler.data(*name, scope());
    const std::uint32_t load = load_of(context_.program, name->text);
    program::Instruction& note = at(emit(Op::note_reply, step));
    note.slot = slot;
    note.key = key;
    note.call = load;
}

void StepCompiler::refuse_error_words(const Node& step) {
    for (const char* word : {"onError", "fallback"}) {
        const Member* member = step.member(word);
        if (!member) continue;
        context_.error(member->key_place,
                       "\"" + std::string(word) +
                           "\" does not belong to a client, who binds every reply: its outcome "
                           "is in \"outcome\"");
    }
}

}  // namespace sagalab::language
