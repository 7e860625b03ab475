#include <utility>
#include <vector>

#include "world/execute.h"

namespace sagalab::world {

using program::Instruction;
using program::ParallelMode;

// Each branch is a fiber on a copy of the frame; the step waits for them.
Execution::Flow Execution::parallel(const Instruction& instruction) {
    const program::Parallel& spec = program_.parallels[instruction.call];
    std::size_t parent = fiber_;
    fiber().branches = static_cast<std::uint32_t>(spec.branches.size());
    fiber().waits_for = WaitKind::parallel;
    fiber().result = Value();
    for (const program::Branch& branch : spec.branches) slots()[branch.slot] = Value();
    for (std::uint32_t i = 0; i < spec.branches.size(); ++i) {
        std::size_t at = free_fiber();
        const Fiber& from = running_->fibers[parent];
        Fiber made;
        made.pc = spec.branches[i].entry;
        made.slots = from.slots;
        made.undo = from.undo;
        made.parent = static_cast<std::uint32_t>(parent);
        made.branch = i;
        running_->fibers[at] = std::move(made);
    }
    return Flow::waits;
}

// One that has ended, or a new one. The first fiber is the handler itself.
std::size_t Execution::free_fiber() {
    std::vector<Fiber>& fibers = running_->fibers;
    for (std::size_t i = 1; i < fibers.size(); ++i) {
        if (fibers[i].ended) return i;
    }
    fibers.emplace_back();
    return fibers.size() - 1;
}

Execution::Flow Execution::branch_ended(Outcome outcome, const Value& code, Value body) {
    fiber().ended = true;
    std::size_t at = fiber().parent;
    std::uint32_t which = fiber().branch;
    Fiber& parent = running_->fibers[at];
    const Instruction& instruction = program_[parent.pc];
    const program::Parallel& spec = program_.parallels[instruction.call];
    const program::Branch& branch = spec.branches[which];
    bool succeeded = outcome == Outcome::succeeded;
    --parent.branches;
    if (spec.mode == ParallelMode::settle) {
        if (!succeeded) running_->partial.push_back(branch.name);
        parent.slots[branch.slot] = Value::map({{"outcome", program::outcome_name(outcome)},
                                                {"code", succeeded ? Value() : code},
                                                {"body", std::move(body)}});
        if (parent.branches == 0) finish_parallel(at);
        return Flow::ended;
    }
    if (succeeded) {
        parent.slots[branch.slot] = std::move(body);
        if (parent.branches == 0 || spec.mode == ParallelMode::any) finish_parallel(at);
        return Flow::ended;
    }
    // Of `any`, the last error tells that there is no success left: the first one is the step's.
    bool last = spec.mode == ParallelMode::all || parent.branches == 0;
    Failure failure{outcome, code, std::move(body)};
    if (spec.mode == ParallelMode::any) {
        if (parent.result.is_null()) {
            parent.result = Value::map({{"outcome", program::outcome_name(outcome)},
                                        {"code", failure.code},
                                        {"body", failure.body}});
        } else if (last) {
            failure = {outcome_of(*parent.result.find("outcome")), *parent.result.find("code"),
                       *parent.result.find("body")};
        }
    }
    if (!last) return Flow::ended;
    leave_branches(at);
    fiber_ = at;
    if (failed(instruction, failure) == Flow::next) ++fiber().pc.value;
    return Flow::ended;
}

// The step has its values; what still runs goes on unobserved.
void Execution::finish_parallel(std::size_t at) {
    leave_branches(at);
    fiber_ = at;
    const Instruction& instruction = program_[here()];
    if (instruction.slot != Index<void>::absent) {
        std::vector<MapEntry> values;
        for (const program::Branch& branch : program_.parallels[instruction.call].branches) {
            values.push_back({branch.name, slots()[branch.slot]});
        }
        slots()[instruction.slot] = Value::map(std::span(values));
    }
    ++fiber().pc.value;
}

void Execution::leave_branches(std::size_t at) {
    Fiber& parent = running_->fibers[at];
    parent.waits_for = WaitKind::none;
    parent.branches = 0;
    for (Fiber& other : running_->fibers) {
        if (!other.ended && other.parent == at) other.parent = unobserved;
    }
}

}  // namespace sagalab::world
