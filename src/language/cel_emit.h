// From a checked tree to the steps of program/expression.h, constants folded.
//
// Parts that read nothing but constants are evaluated here. Where that fails and the part is
// evaluated on every way, the failure is reported; elsewhere (beside && and ||, in a branch, in the
// body of a macro) it is left to the run, where it may be absorbed or never met.
#pragma once

#include <optional>

#include "language/cel_ast.h"
#include "language/cel_constants.h"
#include "language/diagnostics.h"

namespace sagalab::language {

// The value of data (constants, lists and records of them) that holds no expression.
std::optional<Value> plain_data(const Ast& ast);

class Emitter {
public:
    Emitter(program::Program& program, ConstantPool& constants, const Sources& sources,
            Diagnostics& diagnostics)
        : program_(program), constants_(constants), sources_(sources), diagnostics_(diagnostics) {}

    // Nothing if a part can only fail.
    std::optional<program::Expression> emit(const Ast& ast);

private:
    // What a part reads: the world, and which loops' variables.
    struct Reads {
        bool world = false;
        std::uint32_t outermost = 0xffffffffU;  // loop whose variable it uses
    };

    void part(const Ast& ast, bool certain);
    void node(const Ast& ast, bool certain);
    void children(const Ast& ast, bool certain);
    void fold(const Ast& ast, std::size_t start, std::uint32_t height, bool certain);
    void select(const Ast& ast, bool certain);
    void has_field(const Ast& ast, bool certain);
    void index(const Ast& ast, bool certain);
    void binary(const Ast& ast, bool certain);
    void logical(const Ast& ast);
    void conditional(const Ast& ast, bool certain);
    void call(const Ast& ast, bool certain);
    void macro(const Ast& ast, bool certain);
    void table_step(program::ExpressionOp op, const Ast& table, const Ast& whole, int effect);
    void variable_reads(const Ast& ast);

    // Adds a step that changes the height of the stack by `effect`.
    std::size_t step(program::ExpressionOp op, std::uint32_t operand, std::uint32_t extra,
                     const Ast& ast, int effect);
    void constant(const Value& value, const Ast& ast);
    // The distance from a step to what comes next.
    [[nodiscard]] std::uint32_t distance(std::size_t from) const {
        return static_cast<std::uint32_t>(code_.size() - from);
    }

    program::Program& program_;
    ConstantPool& constants_;
    const Sources& sources_;
    Diagnostics& diagnostics_;
    std::vector<program::ExpressionStep> code_;
    std::uint32_t height_ = 0;
    std::uint32_t height_max_ = 0;
    std::uint32_t loops_ = 0;
    Reads reads_;
    bool failed_ = false;
};

}  // namespace sagalab::language
