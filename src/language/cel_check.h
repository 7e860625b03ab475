// Names, types and scopes of an expression: turns names into slots, tables and constants, methods
// into macros, and reports what can be known to be wrong before the run.
//
// Types are gradual: an operation is refused only where what is known of its operands rules it out.
#pragma once

#include <string>
#include <vector>

#include "language/cel_ast.h"
#include "language/diagnostics.h"
#include "language/scope.h"
#include "program/program.h"

namespace sagalab::language {

class Checker {
public:
    Checker(program::Program& program, const Scope& scope, const Sources& sources,
            Diagnostics& diagnostics, bool check_types = true)
        : program_(program),
          scope_(scope),
          sources_(sources),
          diagnostics_(diagnostics),
          check_types_(check_types) {}

    // Errors are in the diagnostics; then the tree is not fit to be emitted.
    void check(Ast& ast);

private:
    // cel_check.cpp: operators and data.
    void check_children(Ast& ast);
    void check_unary(Ast& ast);
    void check_binary(Ast& ast);
    void check_logical(Ast& ast);
    void check_conditional(Ast& ast);
    void check_index(Ast& ast);
    void check_map(Ast& ast);
    void check_concat(Ast& ast);
    Type sum_type(program::ExpressionOp op, Type a, Type b, bool& fits) const;
    void check_order(Ast& ast, Type a, Type b);

    // cel_check_names.cpp: what names mean.
    void check_name(Ast& ast);
    void check_select(Ast& ast);
    bool check_root_field(Ast& ast);
    bool check_field(const Ast& ast, const Binding& binding);
    void check_meta(Ast& ast);
    void check_table(Ast& ast, ServiceId service);
    void check_param(Ast& ast);
    void check_delivered(Ast& ast);
    bool is_variable(const std::string& name) const;

    // cel_check_calls.cpp: functions, methods, macros.
    void check_call(Ast& ast);
    void check_method(Ast& ast);
    void check_function(Ast& ast);
    void check_arguments(Ast& ast);
    void check_has(Ast& ast);
    bool check_macro(Ast& ast);
    bool take_variables(Ast& ast, std::size_t count);
    void check_body(Ast& body, bool is_condition, const std::string& macro);

    void error(const Ast& ast, std::string message);
    void name_error(const Ast& ast, std::string message);
    void operand_error(const Ast& ast, Type a, Type b);
    [[nodiscard]] Place name_place(const Ast& ast) const {
        return ast.text->place(sources_, ast.name_begin, ast.name_end);
    }
    // Known to be none of the wanted types.
    [[nodiscard]] bool is_not(Type type, std::initializer_list<Type> wanted) const;

    program::Program& program_;
    const Scope& scope_;
    const Sources& sources_;
    Diagnostics& diagnostics_;
    bool check_types_;
    std::vector<std::vector<Variable>> loops_;
};

}  // namespace sagalab::language
