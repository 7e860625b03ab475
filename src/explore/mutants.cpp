#include "explore/mutants.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace sagalab::explore {

using program::Checkpoint;
using program::CompensationOrder;
using program::CompensationScope;
using program::Handler;
using program::Instruction;
using program::Op;
using program::Program;
using program::Saga;

namespace {

// What the loader calls the retry of undos where the file has none.
constexpr std::string_view unwritten = "of a compensation";

// "order.json:12": the column helps nobody here.
std::string line_of(const Program& program, SourceId source) {
    std::string place = program.place(source);
    return source ? place.substr(0, place.rfind(':')) : place;
}

// The handler in whose code the instruction stands, undos and what follows an end included: code of
// one handler stands before that of the next.
const Handler& handler_of(const Program& program, InstructionId id) {
    const Handler* found = &program.handlers.front();
    for (const Handler& handler : program.handlers) {
        if (handler.entry <= id && handler.entry >= found->entry) found = &handler;
    }
    return *found;
}

std::string handler_name(const Program& program, const Handler& handler) {
    return program[handler.service].display + "." + handler.name;
}

std::string saga_name(const Program& program, const Saga& saga) {
    return program[saga.operation].label;
}

// An expression that is this value, whatever it looks at.
ExpressionId always(Program& program, Value value) {
    program::Expression expression;
    program::ExpressionStep step{};
    step.op = program::ExpressionOp::constant;
    step.operand = static_cast<std::uint32_t>(program.constants.size());
    expression.code.push_back(step);
    expression.stack_max = 1;
    program.constants.push_back(std::move(value));
    program.expressions.push_back(std::move(expression));
    return ExpressionId(program.expressions.size() - 1);
}

class Making {
public:
    explicit Making(const Program& program) : program_(program) {}

    std::vector<Mutant> all() {
        services();
        undos();
        retries();
        keys();
        versions();
        rules_of_compensation();
        checkpoints();
        return std::move(made_);
    }

private:
    void add(std::string name, SourceId source, std::function<void(Program&)> change) {
        made_.push_back({std::move(name), line_of(program_, source), std::move(change)});
    }

    void services() {
        for (std::size_t i = 0; i < program_.services.size(); ++i) {
            const program::Service& service = program_.services[i];
            if (!service.outbox) continue;
            add(service.name + " has no outbox", service.source,
                [i](Program& program) { program.services[i].outbox = false; });
        }
        for (std::size_t i = 0; i < program_.services.size(); ++i) {
            const program::Service& service = program_.services[i];
            if (!service.inbox) continue;
            add(service.name + " has no inbox", service.source,
                [i](Program& program) { program.services[i].inbox = false; });
        }
    }

    void undos() {
        for (std::size_t i = 0; i < program_.sagas.size(); ++i) {
            const Saga& saga = program_.sagas[i];
            for (std::size_t step = 0; step < saga.steps.size(); ++step) {
                InstructionId undo = saga.steps[step].undo;
                if (!undo) continue;
                add(saga_name(program_, saga) + " does not undo " + saga.steps[step].name,
                    program_[undo].source, [i, step](Program& program) {
                        program.sagas[i].steps[step].undo = InstructionId();
                    });
            }
        }
    }

    // Calls `visit` for each instruction of this kind, with who carries it out.
    template <class Visit>
    void each(Op op, Visit&& visit) const {
        for (std::size_t at = 0; at < program_.code.size(); ++at) {
            const Instruction& instruction = program_.code[at];
            if (instruction.op != op || instruction.call == Index<void>::absent) continue;
            visit(instruction, handler_of(program_, InstructionId(at)));
        }
    }

    [[nodiscard]] std::string calling(const Instruction& call, const Handler& handler) const {
        const program::Call& spec = program_.calls[call.call];
        return handler_name(program_, handler) + " calls " +
               (spec.operation ? program_[spec.operation].label : std::string("the gateway"));
    }

    void retries() {
        each(Op::call, [&](const Instruction& instruction, const Handler& handler) {
            const std::uint32_t call = instruction.call;
            if (!program_.calls[call].retry) return;
            add(calling(instruction, handler) + " once only", instruction.source,
                [call](Program& program) { program.calls[call].retry = PolicyId(); });
        });
        for (std::size_t i = 0; i < program_.sagas.size(); ++i) {
            const Saga& saga = program_.sagas[i];
            if (program_.retries[saga.undo_retry.value].name == unwritten) continue;
            add(saga_name(program_, saga) + " tries each undo once only", saga.source,
                [i](Program& program) {
                    program::Retry once = program.retries[program.sagas[i].undo_retry.value];
                    once.max_attempts = 1;
                    program.sagas[i].undo_retry = PolicyId(program.retries.size());
                    program.retries.push_back(std::move(once));
                });
        }
    }

    // In a saga a call without a key of its own gets one, so there it becomes an empty one.
    void keys() {
        each(Op::call, [&](const Instruction& instruction, const Handler& handler) {
            const std::uint32_t call = instruction.call;
            if (!program_.calls[call].idempotency_key) return;
            add(calling(instruction, handler) + " without an idempotency key", instruction.source,
                [call](Program& program) {
                    program.calls[call].idempotency_key = always(program, Value());
                });
        });
    }

    // The version that is written, or the one at which the handler has read the aggregate.
    void versions() {
        each(Op::append, [&](const Instruction& instruction, const Handler& handler) {
            const std::uint32_t append = instruction.call;
            const program::Append& spec = program_.appends[append];
            const TableId table = program_.aggregates[spec.aggregate].table;
            if (spec.expected ? is_at_any_version(program_, spec) : !reads(handler, table)) return;
            add(handler_name(program_, handler) + " appends to " + program_[table].name +
                    " at any version",
                instruction.source, [append](Program& program) {
                    program.appends[append].expected = always(program, Value("any"));
                });
        });
    }

    [[nodiscard]] bool reads(const Handler& handler, TableId table) const {
        for (std::size_t at = 0; at < program_.code.size(); ++at) {
            if (&handler_of(program_, InstructionId(at)) != &handler) continue;
            for (ExpressionId id : {program_.code[at].key, program_.code[at].data}) {
                if (id && reads(program_[id], table)) return true;
            }
        }
        return false;
    }

    [[nodiscard]] static bool reads(const program::Expression& expression, TableId table) {
        using program::ExpressionOp;
        return std::ranges::any_of(expression.code, [&](const program::ExpressionStep& step) {
            bool row = step.op == ExpressionOp::row || step.op == ExpressionOp::get_row;
            return row && step.extra == table.value;
        });
    }

    void rules_of_compensation() {
        for (std::size_t i = 0; i < program_.sagas.size(); ++i) {
            const Saga& saga = program_.sagas[i];
            auto undos = std::ranges::count_if(
                saga.steps, [](const program::SagaStep& step) { return step.undo.valid(); });
            if (undos > 1 && saga.order == CompensationOrder::reverse) {
                add(saga_name(program_, saga) + " undoes its steps side by side", saga.source,
                    [i](Program& program) {
                        program.sagas[i].order = CompensationOrder::parallel;
                    });
            }
            if (undos > 0 && saga.scope == CompensationScope::completed_or_unknown) {
                add(saga_name(program_, saga) + " undoes only steps known to have succeeded",
                    saga.source, [i](Program& program) {
                        program.sagas[i].scope = CompensationScope::completed;
                    });
            }
        }
    }

    void checkpoints() {
        for (std::size_t i = 0; i < program_.projections.size(); ++i) {
            const program::Projection& projection = program_.projections[i];
            auto to = [&](Checkpoint checkpoint, const char* when) {
                const program::Table& table = program_[projection.table];
                add(program_[table.service].name + "." + table.name + " notes its position " + when,
                    source_of(projection), [i, checkpoint](Program& program) {
                        program.projections[i].checkpoint = checkpoint;
                    });
            };
            bool atomic = projection.checkpoint == Checkpoint::atomic;
            if (atomic) to(Checkpoint::after, "after the rows");
            if (projection.checkpoint != Checkpoint::before) {
                to(Checkpoint::before, "before the rows");
            }
        }
    }

    [[nodiscard]] SourceId source_of(const program::Projection& projection) const {
        for (HandlerId id : program_[projection.feed].handlers) return program_[id].source;
        return program_[program_[projection.table].service].source;
    }

    const Program& program_;
    std::vector<Mutant> made_;
};

}  // namespace

bool is_at_any_version(const Program& program, const program::Append& append) {
    if (!append.expected) return false;
    const std::vector<program::ExpressionStep>& code = program[append.expected].code;
    return code.size() == 1 && code[0].op == program::ExpressionOp::constant &&
           program.constants[code[0].operand] == Value("any");
}

std::vector<Mutant> mutants(const Program& program) { return Making(program).all(); }

}  // namespace sagalab::explore
