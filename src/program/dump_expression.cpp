#include "program/dump_expression.h"

#include <optional>
#include <vector>

namespace sagalab::program {

namespace {

// Runs the operations on texts instead of values. Gives up on what branches or loops.
class Describer {
public:
    explicit Describer(const Program& program) : program_(program) {}

    std::optional<std::string> describe(const Expression& expression) {
        for (const ExpressionStep& step : expression.code) {
            if (!run(step)) return std::nullopt;
        }
        if (stack_.size() != 1) return std::nullopt;
        return stack_.back();
    }

private:
    bool run(const ExpressionStep& step) {
        switch (step.op) {
            case ExpressionOp::constant: return push(constant(step.operand).json());
            case ExpressionOp::slot: return push("$" + std::to_string(step.operand));
            case ExpressionOp::slot_field:
                return push("$" + std::to_string(step.operand) + "." + key(step.extra));
            case ExpressionOp::field: return push(pop() + "." + key(step.operand));
            case ExpressionOp::table: return push(table(step.extra));
            case ExpressionOp::row: return push(table(step.extra) + "[" + pop() + "]");
            case ExpressionOp::make_record: return make_record(step);
            case ExpressionOp::make_list: return push("[" + joined(step.operand, ", ") + "]");
            case ExpressionOp::concat: return push(joined(step.operand, " ++ "));
            case ExpressionOp::add: return push(joined(2, " + "));
            case ExpressionOp::subtract: return push(joined(2, " - "));
            case ExpressionOp::multiply: return push(joined(2, " * "));
            default: return false;
        }
    }

    [[nodiscard]] const Value& constant(std::uint32_t position) const {
        return program_.constants[position];
    }
    [[nodiscard]] std::string key(std::uint32_t position) const {
        return std::string(constant(position).text());
    }
    [[nodiscard]] std::string table(std::uint32_t number) const {
        return "store." + program_[TableId(number)].name;
    }

    bool push(std::string text) {
        stack_.push_back(std::move(text));
        return true;
    }
    std::string pop() {
        if (stack_.empty()) return "?";
        std::string text = std::move(stack_.back());
        stack_.pop_back();
        return text;
    }
    std::vector<std::string> pop(std::uint32_t count) {
        std::vector<std::string> texts(count);
        for (std::uint32_t i = count; i > 0; --i) texts[i - 1] = pop();
        return texts;
    }
    std::string joined(std::uint32_t count, std::string_view between) {
        std::string out;
        for (const std::string& text : pop(count)) {
            if (!out.empty()) out += between;
            out += text;
        }
        return out;
    }

    bool make_record(const ExpressionStep& step) {
        const std::vector<std::string> values = pop(step.operand);
        std::string out = "{";
        for (std::uint32_t i = 0; i < step.operand; ++i) {
            out += (i > 0 ? ", " : "") + constant(step.extra + i).json() + ": " + values[i];
        }
        return push(out + "}");
    }

    const Program& program_;
    std::vector<std::string> stack_;
};

}  // namespace

std::string describe(const Program& program, ExpressionId id) {
    if (!id) return "?";
    const std::string& text = program[id].text;
    if (!text.empty()) return text;
    const std::optional<std::string> described = Describer(program).describe(program[id]);
    return described ? *described : "#" + std::to_string(id.value);
}

}  // namespace sagalab::program
