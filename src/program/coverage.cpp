#include "program/coverage.h"

#include <bit>

namespace sagalab::program {

bool Coverage::unite(const Coverage& other) {
    if (words_.size() < other.words_.size()) words_.resize(other.words_.size());
    std::uint64_t added = 0;
    for (std::size_t i = 0; i < other.words_.size(); ++i) {
        added |= other.words_[i] & ~words_[i];
        words_[i] |= other.words_[i];
    }
    return added != 0;
}

std::size_t Coverage::size() const {
    std::size_t count = 0;
    for (const std::uint64_t word : words_) count += static_cast<std::size_t>(std::popcount(word));
    return count;
}

namespace {

// The handler of each instruction: what stands from its entry to the next one's.
std::vector<HandlerId> owners_of(const Program& program) {
    std::vector<HandlerId> owners(program.code.size());
    for (std::size_t i = 0; i < program.handlers.size(); ++i) {
        const InstructionId entry = program.handlers[i].entry;
        if (entry) owners[entry.value] = HandlerId(i);
    }
    for (std::size_t at = 1; at < owners.size(); ++at) {
        if (!owners[at]) owners[at] = owners[at - 1];
    }
    return owners;
}

constexpr std::uint32_t outcomes = 4;

}  // namespace

std::size_t options_of(const Program& program, const Instruction& choose) {
    const std::vector<ExpressionStep>& code = program[choose.data].code;
    if (code.empty()) return 0;
    if (code.back().op == ExpressionOp::make_list) return code.back().operand;
    if (code.size() > 1 || code.back().op != ExpressionOp::constant) return 0;
    const Value& list = program.constants[code.back().operand];
    return list.is(Value::Kind::list) ? list.items().size() : 0;
}

CoverageMap::CoverageMap(const Program& program)
    : handlers_(program.handlers.size(), absent),
      own_(program.code.size(), absent),
      arms_(program.code.size(), absent) {
    for (std::size_t i = 0; i < program.handlers.size(); ++i) {
        if (program.handlers[i].kind == HandlerKind::client) continue;
        handlers_[i] = add(SpotKind::handler, HandlerId(i), {}, 0);
    }
    const std::vector<HandlerId> owners = owners_of(program);
    for (std::size_t i = 0; i < program.code.size(); ++i) {
        const bool counts = owners[i] && program[owners[i]].kind != HandlerKind::client;
        if (counts) number_instruction(program, InstructionId(i), owners[i]);
    }
    for (const Saga& saga : program.sagas) {
        std::vector<std::uint32_t>& undos = undos_.emplace_back(saga.steps.size(), absent);
        for (std::uint32_t step = 0; step < undos.size(); ++step) {
            if (!saga.steps[step].undo) continue;
            undos[step] = add(SpotKind::compensation, saga.handler, {}, step);
        }
    }
    points_ = static_cast<std::uint32_t>(spots_.size());
    for (std::uint32_t i = 0; i < program.points.size(); ++i) {
        add(SpotKind::point, program.points[i].handler, {}, i);
        add(SpotKind::strike, program.points[i].handler, {}, i);
    }
}

std::uint32_t CoverageMap::fallback(InstructionId id) const {
    return own_[id.value] == absent ? absent : own_[id.value] + outcomes;
}

void CoverageMap::number_instruction(const Program& program, InstructionId id, HandlerId handler) {
    const Instruction& instruction = program[id];
    const auto next = static_cast<std::uint32_t>(spots_.size());
    if (instruction.op == Op::jump_unless) {
        for (std::uint32_t i = 0; i < 2; ++i) add(SpotKind::condition, handler, id, i);
    } else if (instruction.op == Op::choose) {
        const std::size_t options = options_of(program, instruction);
        for (std::uint32_t i = 0; i < options; ++i) add(SpotKind::option, handler, id, i);
    } else if (instruction.op == Op::call) {
        for (std::uint32_t i = 0; i < outcomes; ++i) add(SpotKind::outcome, handler, id, i);
        if (program.calls[instruction.call].fallback) add(SpotKind::fallback, handler, id, 0);
    }
    if (spots_.size() > next) own_[id.value] = next;
    if (!instruction.on_error) return;
    arms_[id.value] = static_cast<std::uint32_t>(spots_.size());
    const std::size_t arms = program[instruction.on_error].arms.size();
    for (std::uint32_t i = 0; i < arms; ++i) add(SpotKind::arm, handler, id, i);
}

std::uint32_t CoverageMap::add(SpotKind kind, HandlerId handler, InstructionId instruction,
                               std::uint32_t number) {
    spots_.push_back({kind, handler, instruction, number});
    return static_cast<std::uint32_t>(spots_.size() - 1);
}

}  // namespace sagalab::program
