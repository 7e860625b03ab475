#include "program/premise.h"

#include <string_view>
#include <vector>

namespace sagalab::program {
namespace {

using Op = ExpressionOp;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) + 1 - first);
}

class Search {
public:
    Search(const Program& program, const Expression& claim)
        : program_(program), code_(claim.code), text_(claim.text) {}

    // In the steps from `begin` to `end`, which are one expression: the first step that leads to
    // their end says what kind of expression it is.
    [[nodiscard]] std::optional<Premise> within(std::size_t begin, std::size_t end) const {
        for (std::size_t at = begin; at < end; ++at) {
            if (target_of(at) != end) continue;
            switch (code_[at].op) {
                case Op::macro:
                case Op::macro_table: return of_all(at, end);
                case Op::jump_if_false: return of_conditional(at, end);
                case Op::or_jump: return of_disjunction(begin, end);
                default: return std::nullopt;
            }
        }
        return std::nullopt;
    }

private:
    // Where a step may lead, past what follows it; 0 for all others.
    [[nodiscard]] std::size_t target_of(std::size_t at) const {
        switch (code_[at].op) {
            case Op::jump_if_false: return at + code_[at].extra;
            case Op::macro:
            case Op::macro_table:
            case Op::and_jump:
            case Op::or_jump: return at + code_[at].operand;
            default: return 0;
        }
    }

    [[nodiscard]] std::optional<Premise> of_all(std::size_t at, std::size_t end) const {
        if ((code_[at].extra & 0xffU) != static_cast<std::uint32_t>(MacroKind::all)) return {};
        std::size_t body = at + 2;
        if (code_[body].op == Op::macro_second) ++body;
        return within(body, end);
    }

    // p ? q : true
    [[nodiscard]] std::optional<Premise> of_conditional(std::size_t at, std::size_t end) const {
        const std::size_t otherwise = at + code_[at].operand;
        const bool plain = otherwise + 1 == end && code_[otherwise].op == Op::constant;
        if (!plain || program_.constants[code_[otherwise].operand] != Value(true)) return {};
        const ExpressionStep& last = code_[at - 1];
        return Premise{static_cast<std::uint32_t>(at), text(last.begin, last.end)};
    }

    // The leftmost of a || b || c, which groups as (a || b) || c.
    [[nodiscard]] std::optional<Premise> of_disjunction(std::size_t begin, std::size_t end) const {
        std::size_t left_end = end;
        while (left_end > begin && code_[left_end - 1].op == Op::logical_or) {
            std::size_t jump = begin;
            while (code_[jump].op != Op::or_jump || target_of(jump) != left_end) ++jump;
            left_end = jump;
        }
        if (left_end <= begin) return {};
        const ExpressionStep& last = code_[left_end - 1];
        std::string told;
        if (last.op == Op::logical_not) told = operand_of_not(last);
        if (last.op == Op::not_equal && left_end >= begin + 3) {
            told = as_equal(last, code_[left_end - 2]);
        }
        if (told.empty()) return {};
        return Premise{static_cast<std::uint32_t>(left_end), std::move(told)};
    }

    [[nodiscard]] std::string operand_of_not(const ExpressionStep& step) const {
        const std::string whole = text(step.begin, step.end);
        const std::size_t mark = whole.find('!');
        return mark == std::string::npos ? whole : std::string(trimmed(whole.substr(mark + 1)));
    }

    // a != b as a == b; the sign stands before the right operand.
    [[nodiscard]] std::string as_equal(const ExpressionStep& step,
                                       const ExpressionStep& right) const {
        const std::size_t sign = text_.rfind("!=", right.begin);
        if (sign == std::string::npos || sign < step.begin) return {};
        return text(step.begin, sign) + " == " + text(sign + 2, step.end);
    }

    [[nodiscard]] std::string text(std::size_t begin, std::size_t end) const {
        return std::string(trimmed(std::string_view(text_).substr(begin, end - begin)));
    }

    const Program& program_;
    const std::vector<ExpressionStep>& code_;
    const std::string& text_;
};

}  // namespace

std::optional<Premise> premise_of(const Program& program, const Expression& claim) {
    return Search(program, claim).within(0, claim.code.size());
}

}  // namespace sagalab::program
