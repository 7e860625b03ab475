#include "program/told_apart.h"

#include <algorithm>
#include <string_view>

namespace sagalab::program {
namespace {

using Op = ExpressionOp;
using Step = ExpressionStep;

class Reader {
public:
    Reader(const Program& program, const Expression& expression)
        : program_(program), code_(expression.code) {}

    [[nodiscard]] LogUse of_table(TableId table) const {
        LogUse use = LogUse::nothing;
        bool loops = false;
        for (std::size_t at = 0; at < code_.size(); ++at) {
            if (code_[at].op == Op::macro_table)
                loops = loops || code_[at + 1].extra == table.value;
            use = std::max(use, of_step(at, table));
        }
        // A variable of a loop over rows is a row.
        for (std::size_t at = 0; loops && at < code_.size(); ++at) {
            if (!is_second(at)) continue;
            use = std::max(use, code_[at].op == Op::variable ? LogUse::everything
                                : is(code_[at].extra, "log") ? of_log(at)
                                                             : LogUse::nothing);
        }
        return use;
    }

    // The most that the delivery's count is compared with; no_bound where there is more to it.
    [[nodiscard]] std::uint64_t most_compared(std::uint32_t delivery) const {
        std::uint64_t most = 0;
        for (std::size_t at = 0; at < code_.size(); ++at) {
            if (code_[at].op == Op::delivered && code_[at].operand == delivery) {
                most = std::max(most, compared_with(at));
            }
        }
        return most;
    }

private:
    [[nodiscard]] bool is(std::uint32_t constant, std::string_view name) const {
        const Value& value = program_.constants[constant];
        return value.is(Value::Kind::string) && value.text() == name;
    }

    [[nodiscard]] bool is_second(std::size_t at) const {
        const bool variable = code_[at].op == Op::variable || code_[at].op == Op::variable_field;
        return variable && (code_[at].operand & 1U) != 0;
    }

    [[nodiscard]] const Step* after(std::size_t at) const {
        return at + 1 < code_.size() ? &code_[at + 1] : nullptr;
    }

    [[nodiscard]] LogUse of_step(std::size_t at, TableId table) const {
        const Step& step = code_[at];
        if (step.op == Op::table && step.extra == table.value) return LogUse::everything;
        const bool row =
            (step.op == Op::row || step.op == Op::get_row) && step.extra == table.value;
        if (!row) return LogUse::nothing;
        const Step* next = after(at);
        if (next && next->op == Op::has_field) return LogUse::nothing;
        if (!next || next->op != Op::field) return LogUse::everything;
        return is(next->operand, "log") ? of_log(at + 1) : LogUse::nothing;
    }

    [[nodiscard]] bool sizes(std::size_t at) const {
        return at < code_.size() && code_[at].op == Op::call &&
               static_cast<Function>(code_[at].operand) == Function::size;
    }

    // The log is on the stack after this step.
    [[nodiscard]] LogUse of_log(std::size_t at) const {
        if (sizes(at + 1)) return LogUse::records;
        const Step* next = after(at);
        if (!next || next->op != Op::macro) return LogUse::everything;
        const std::size_t end = at + 1 + next->operand;
        for (std::size_t inside = at + 2; inside < end; ++inside) {
            const Step& step = code_[inside];
            if (step.op == Op::variable) return LogUse::everything;  // perhaps an entry as a whole
            if (step.op == Op::variable_field && is(step.extra, "attempt")) {
                return LogUse::everything;
            }
        }
        // What a filter leaves are entries.
        const bool entries = static_cast<MacroKind>(next->extra & 0xffU) == MacroKind::filter;
        return entries && !sizes(end) ? LogUse::everything : LogUse::records;
    }

    // What stands before a step need not be what came before it.
    [[nodiscard]] bool branches() const {
        return std::ranges::any_of(code_, [](const Step& step) { return step.op == Op::jump; });
    }

    [[nodiscard]] std::uint64_t compared_with(std::size_t at) const {
        auto compares = [&](std::size_t other) {
            return other < code_.size() && code_[other].op >= Op::equal &&
                   code_[other].op <= Op::greater_equal;
        };
        const Step* constant = nullptr;
        if (at + 1 < code_.size() && code_[at + 1].op == Op::constant && compares(at + 2)) {
            constant = &code_[at + 1];
        } else if (at > 0 && code_[at - 1].op == Op::constant && compares(at + 1) && !branches()) {
            constant = &code_[at - 1];
        }
        if (!constant) return no_bound;
        const Value& value = program_.constants[constant->operand];
        // Never equal to what is no number, nor below or above it: that is an error.
        if (!value.is(Value::Kind::integer) || value.integer() < 0) return 0;
        return static_cast<std::uint64_t>(value.integer()) + 1;
    }

    const Program& program_;
    const std::vector<Step>& code_;
};

}  // namespace

LogUse log_use(const Program& program, const Expression& expression, TableId table) {
    return Reader(program, expression).of_table(table);
}

LogUse log_use(const Program& program, const Saga& saga) {
    LogUse use = LogUse::nothing;
    // A row that handlers write may hold anything.
    const bool written = std::ranges::any_of(
        program.code, [&](const Instruction& step) { return step.table == saga.table; });
    if (written) return LogUse::everything;
    for (const Expression& expression : program.expressions) {
        use = std::max(use, log_use(program, expression, saga.table));
    }
    return use;
}

std::vector<std::uint64_t> counts_told_apart(const Program& program) {
    std::vector<std::uint64_t> most(program.deliveries.size());
    for (const CountClaim& claim : program.expect.counts) {
        most[claim.delivery] = std::max(most[claim.delivery], claim.count + 1);
    }
    for (const Expression& expression : program.expressions) {
        const Reader reader(program, expression);
        for (std::uint32_t i = 0; i < most.size(); ++i) {
            most[i] = std::max(most[i], reader.most_compared(i));
        }
    }
    return most;
}

bool counts_without_bound(const Program& program, const Expression& expression,
                          std::uint32_t delivery) {
    return Reader(program, expression).most_compared(delivery) == no_bound;
}

}  // namespace sagalab::program
