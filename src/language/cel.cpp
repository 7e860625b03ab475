#include "language/cel.h"

#include <algorithm>
#include <array>

#include "language/cel_check.h"
#include "language/cel_emit.h"
#include "language/cel_lexer.h"
#include "language/cel_template.h"

namespace sagalab::language {
namespace {

constexpr std::array<std::string_view, 17> scenario_words{
    "msg",  "meta",  "store",   "row", "state", "event", "error",  "params", "user",
    "path", "query", "replies", "up",  "load",  "bus",   "client", "i"};

}  // namespace

bool is_reserved(std::string_view name) {
    return is_cel_reserved(name) ||
           std::find(scenario_words.begin(), scenario_words.end(), name) != scenario_words.end();
}

std::vector<std::string_view> reserved_words() {
    std::vector<std::string_view> words(cel_reserved_words().begin(), cel_reserved_words().end());
    words.insert(words.end(), scenario_words.begin(), scenario_words.end());
    return words;
}

bool ExpressionCompiler::check(Ast& tree, const Scope& scope) {
    std::size_t errors = diagnostics_.error_count();
    Checker(program_, scope, sources_, diagnostics_).check(tree);
    return diagnostics_.error_count() == errors;
}

ExpressionId ExpressionCompiler::compile(Ast tree, const Scope& scope, Type expected,
                                         std::string text) {
    if (!check(tree, scope)) return {};
    std::optional<program::Expression> expression =
        Emitter(program_, constants_, sources_, diagnostics_).emit(tree);
    if (!expression) return {};
    expression->text = std::move(text);
    expression->reads_meta =
        std::any_of(expression->code.begin(), expression->code.end(),
                    [](const auto& step) { return step.op == program::ExpressionOp::meta; });
    ExpressionId id(program_.expressions.size());
    program_.expressions.push_back(std::move(*expression));
    std::optional<Value> value = known(id);
    Type found = value ? type_of(*value) : tree.type;
    if (expected == Type::any || found == Type::any || found == expected) return id;
    diagnostics_.error(tree.text->place(sources_, tree.begin, tree.end),
                       "expected " + std::string(type_name(expected)) + ", found " +
                           std::string(type_name(found)));
    return {};
}

ExpressionId ExpressionCompiler::expression(const Node& string, const Scope& scope, Type expected) {
    TemplateParser parser(scope, sources_, diagnostics_);
    std::optional<Ast> tree = parser.expression(string);
    return tree ? compile(std::move(*tree), scope, expected, string.text) : ExpressionId();
}

ExpressionId ExpressionCompiler::data(const Node& node, const Scope& scope) {
    std::size_t errors = diagnostics_.error_count();
    TemplateParser parser(scope, sources_, diagnostics_);
    Ast tree = parser.data(node);
    if (diagnostics_.error_count() != errors) return {};
    return compile(std::move(tree), scope, Type::any, node.text);
}

ExpressionId ExpressionCompiler::record(const Node* copy, const Node* data, const Scope& scope) {
    std::size_t errors = diagnostics_.error_count();
    TemplateParser parser(scope, sources_, diagnostics_);
    Ast tree = parser.record(copy, data);
    if (diagnostics_.error_count() != errors) return {};
    return compile(std::move(tree), scope, Type::any, {});
}

ExpressionId ExpressionCompiler::constant(const Value& value) {
    program::Expression expression;
    expression.code.push_back({program::ExpressionOp::constant, constants_.one(value), 0, 0, 0});
    expression.stack_max = 1;
    program_.expressions.push_back(std::move(expression));
    return ExpressionId(program_.expressions.size() - 1);
}

std::optional<Value> ExpressionCompiler::literal(const Node& node, const Scope& scope) {
    std::size_t errors = diagnostics_.error_count();
    TemplateParser parser(scope, sources_, diagnostics_);
    Ast tree = parser.data(node);
    if (diagnostics_.error_count() != errors || !check(tree, scope)) return std::nullopt;
    if (std::optional<Value> plain = plain_data(tree)) return plain;
    // Compiled for its value alone: nothing of it stays in the program.
    program::Program scratch;
    ConstantPool constants(scratch);
    std::optional<program::Expression> expression =
        Emitter(scratch, constants, sources_, diagnostics_).emit(tree);
    if (!expression) return std::nullopt;
    const program::ExpressionStep& only = expression->code[0];
    if (expression->code.size() == 1 && only.op == program::ExpressionOp::constant) {
        return scratch.constants[only.operand];
    }
    diagnostics_.error(node.place,
                       "this must be known before the run: of names, only \"params\" can be used");
    return std::nullopt;
}

std::optional<Value> ExpressionCompiler::known(ExpressionId expression) const {
    const program::Expression& found = program_[expression];
    bool constant = found.code.size() == 1 && found.code[0].op == program::ExpressionOp::constant;
    if (!constant) return std::nullopt;
    return program_.constants[found.code[0].operand];
}

}  // namespace sagalab::language
