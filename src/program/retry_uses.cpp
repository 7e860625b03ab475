#include "program/retry_uses.h"

#include <algorithm>
#include <map>
#include <utility>

#include "program/retry.h"

namespace sagalab::program {
namespace {

bool sends(Op op) { return op == Op::call || op == Op::send || op == Op::publish; }

// Where the blocks of a saga begin that stand behind its steps: the step that each undoes, or
// absent for what is done at its ends.
std::map<std::uint32_t, std::uint32_t> blocks_of(const Saga& saga) {
    std::map<std::uint32_t, std::uint32_t> blocks;
    for (std::size_t i = 0; i < saga.steps.size(); ++i) {
        if (saga.steps[i].undo) blocks[saga.steps[i].undo.value] = static_cast<std::uint32_t>(i);
    }
    for (const InstructionId end : {saga.on_completed, saga.on_compensated, saga.on_parked}) {
        if (end) blocks[end.value] = Index<void>::absent;
    }
    return blocks;
}

class SiteFinder {
public:
    explicit SiteFinder(const Program& program) : program_(program) {}

    std::vector<SendSite> find() {
        std::vector<HandlerId> by_entry;
        for (std::size_t i = 0; i < program_.handlers.size(); ++i) {
            if (program_.handlers[i].entry) by_entry.emplace_back(i);
        }
        std::sort(by_entry.begin(), by_entry.end(),
                  [&](HandlerId a, HandlerId b) { return program_[a].entry < program_[b].entry; });
        for (const HandlerId id : by_entry) handler(id);
        return std::move(sites_);
    }

private:
    void handler(HandlerId id) {
        const SagaId saga = program_[id].saga;
        std::map<std::uint32_t, std::uint32_t> blocks;
        if (saga) blocks = blocks_of(program_[saga]);
        SendSite site;
        site.handler = id;
        for (std::size_t at = program_[id].entry.value; at < program_[id].end.value; ++at) {
            const Instruction& instruction = program_.code[at];
            const auto block = blocks.find(static_cast<std::uint32_t>(at));
            if (block != blocks.end()) {
                site.step = block->second;
                site.undo = block->second != Index<void>::absent;
            }
            if (instruction.op == Op::step_begin) site.step = instruction.step;
            if (instruction.op == Op::step_end) site.step = Index<void>::absent;
            if (!sends(instruction.op)) continue;
            site.instruction = InstructionId(at);
            sites_.push_back(site);
        }
    }

    const Program& program_;
    std::vector<SendSite> sites_;
};

// How long a call may last, all its tries together.
Nanos longest(const Program& program, const Call& call) {
    if (!call.retry) return call.timeout;
    return schedule_of(program.retries[call.retry.value], call.timeout, 0).most_end;
}

// One try of each step and of each undo of a saga, if its calls come one after the other.
struct Durations {
    std::map<std::uint32_t, Nanos> steps;
    std::map<std::uint32_t, Nanos> undos;
};

void add_saga(const Saga& saga, Durations durations, std::vector<RetryUse>& uses) {
    for (std::size_t i = 0; i < saga.steps.size(); ++i) {
        const SagaStep& step = saga.steps[i];
        RetryUse use;
        use.handler = saga.handler;
        use.step = static_cast<std::uint32_t>(i);
        use.source = saga.source;
        if (step.kind != StepKind::compensatable) {
            use.kind = RetryUse::Kind::step;
            use.retry = saga.retriable_retry;
            use.timeout = durations.steps[use.step];
            uses.push_back(use);
        }
        if (step.undo && saga.on_failure == UndoFailure::retry_then_park) {
            use.kind = RetryUse::Kind::undo;
            use.retry = saga.undo_retry;
            use.timeout = durations.undos[use.step];
            uses.push_back(use);
        }
    }
}

}  // namespace

std::vector<SendSite> send_sites(const Program& program) { return SiteFinder(program).find(); }

std::vector<RetryUse> retry_uses(const Program& program) {
    std::vector<RetryUse> uses;
    std::map<HandlerId, Durations> durations;
    for (const SendSite& site : send_sites(program)) {
        const Instruction& instruction = program[site.instruction];
        if (instruction.op != Op::call) continue;
        const Call& call = program.calls[instruction.call];
        if (site.step != Index<void>::absent) {
            Durations& of_saga = durations[site.handler];
            Nanos& sum = (site.undo ? of_saga.undos : of_saga.steps)[site.step];
            sum = add_saturating(sum, longest(program, call));
        }
        if (!call.retry) continue;
        RetryUse use;
        use.retry = call.retry;
        use.handler = site.handler;
        use.timeout = call.timeout;
        use.operation = call.operation;
        use.step = site.step;
        use.source = instruction.source;
        uses.push_back(use);
    }
    for (const Saga& saga : program.sagas) {
        add_saga(saga, durations[saga.handler], uses);
    }
    return uses;
}

}  // namespace sagalab::program
