#include "world/lookahead.h"

namespace sagalab::world {
namespace {

using program::Op;

// The field of `msg` that this expression is, or null.
const Value* field_of_message(const Program& program, ExpressionId id) {
    if (!id) return nullptr;
    const program::Expression& expression = program[id];
    if (expression.code.size() != 1) return nullptr;
    const program::ExpressionStep& step = expression.code[0];
    bool of_message = step.op == program::ExpressionOp::slot_field && step.operand == 0;
    return of_message ? &program.constants[step.extra] : nullptr;
}

}  // namespace

Lookahead::Lookahead(const Program& program) {
    hints_.resize(program.operations.size());
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        for (HandlerId handler : program.operations[i].handlers) {
            const program::Instruction& first = program[program[handler].entry];
            bool touches = first.op == Op::insert || first.op == Op::update ||
                           first.op == Op::upsert || first.op == Op::erase;
            const Value* field = touches ? field_of_message(program, first.key) : nullptr;
            if (!field) continue;
            hints_[i].push_back({program[handler].service, program[first.table].local, *field});
        }
    }
}

void Lookahead::before_taking(const Service& service, std::uint32_t at) const {
    constexpr std::size_t distance = 8;
    const Link& link = service.mailbox.links()[at];
    if (link.queue.size() <= 2 * distance) return;
    const Message& far = link.queue.at(2 * distance);
    far.payload.prefetch();
    const Message& message = link.queue.at(distance);
    if (message.kind == MessageKind::reply || !message.payload.is(Value::Kind::map)) return;
    for (const Hint& hint : hints_[message.operation.value]) {
        if (hint.service != service.id) continue;
        const Value* key = message.payload.find(hint.field);
        if (key && key->is(Value::Kind::string)) service.tables[hint.table].prefetch(*key);
    }
}

}  // namespace sagalab::world
