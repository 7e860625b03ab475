#include "language/cel_check.h"

#include <algorithm>

#include "program/eval_operators.h"

namespace sagalab::language {
namespace {

using program::ExpressionOp;

bool known(Type type) { return type != Type::any; }
std::string words(Type type) { return std::string(type_name(type)); }

}  // namespace

Type type_of(const Value& value) {
    switch (value.kind()) {
        case Value::Kind::null: return Type::null;
        case Value::Kind::boolean: return Type::boolean;
        case Value::Kind::integer: return Type::integer;
        case Value::Kind::duration: return Type::duration;
        case Value::Kind::string: return Type::string;
        case Value::Kind::list: return Type::list;
        case Value::Kind::map: return Type::map;
        case Value::Kind::error: break;
    }
    return Type::any;
}

std::string_view type_name(Type type) {
    switch (type) {
        case Type::null: return "null";
        case Type::boolean: return "bool";
        case Type::integer: return "int";
        case Type::duration: return "duration";
        case Type::string: return "string";
        case Type::list: return "list";
        case Type::map: return "map";
        case Type::any: break;
    }
    return "any value";
}

void Checker::error(const Ast& ast, std::string message) {
    diagnostics_.error(ast.text->place(sources_, ast.begin, ast.end), std::move(message));
}

void Checker::name_error(const Ast& ast, std::string message) {
    diagnostics_.error(name_place(ast), std::move(message));
}

bool Checker::is_not(Type type, std::initializer_list<Type> wanted) const {
    return check_types_ && known(type) &&
           std::find(wanted.begin(), wanted.end(), type) == wanted.end();
}

void Checker::operand_error(const Ast& ast, Type a, Type b) {
    error(ast, "\"" + std::string(program::operator_sign(ast.op)) + "\" does not take " + words(a) +
                   " and " + words(b));
}

void Checker::check_children(Ast& ast) {
    for (Ast& child : ast.children) check(child);
}

void Checker::check(Ast& ast) {
    switch (ast.kind) {
        case AstKind::constant: ast.type = type_of(ast.value); break;
        case AstKind::name: check_name(ast); break;
        case AstKind::select: check_select(ast); break;
        case AstKind::method: check_method(ast); break;
        case AstKind::call: check_call(ast); break;
        case AstKind::index: check_index(ast); break;
        case AstKind::unary: check_unary(ast); break;
        case AstKind::binary: check_binary(ast); break;
        case AstKind::logical: check_logical(ast); break;
        case AstKind::conditional: check_conditional(ast); break;
        case AstKind::map: check_map(ast); break;
        case AstKind::concat: check_concat(ast); break;
        case AstKind::list:
            check_children(ast);
            ast.type = Type::list;
            break;
        case AstKind::record:
            check_children(ast);
            ast.type = Type::map;
            break;
        case AstKind::slot:  // checked already
        case AstKind::variable:
        case AstKind::meta:
        case AstKind::table:
        case AstKind::delivered:
        case AstKind::has_field:
        case AstKind::macro: break;
    }
}

void Checker::check_unary(Ast& ast) {
    check_children(ast);
    Type operand = ast.children[0].type;
    ast.type = ast.op == ExpressionOp::negate ? Type::integer : Type::boolean;
    if (!is_not(operand, {ast.type})) return;
    error(ast, "\"" + std::string(program::operator_sign(ast.op)) + "\" does not take " +
                   words(operand));
}

// The type of a sum, difference, ...; `fits` becomes false where there is none.
Type Checker::sum_type(ExpressionOp op, Type a, Type b, bool& fits) const {
    if (known(a) && known(b) && a != b) {
        fits = false;
        return Type::any;
    }
    Type one = known(a) ? a : b;
    bool sum = op == ExpressionOp::add;
    bool difference = op == ExpressionOp::subtract;
    fits = !known(one) || one == Type::integer || (one == Type::duration && (sum || difference)) ||
           ((one == Type::string || one == Type::list) && sum);
    return sum || difference ? one : Type::integer;
}

void Checker::check_order(Ast& ast, Type a, Type b) {
    bool differ = known(a) && known(b) && a != b;
    bool ordered = !is_not(a, {Type::integer, Type::string, Type::duration, Type::boolean}) &&
                   !is_not(b, {Type::integer, Type::string, Type::duration, Type::boolean});
    if (check_types_ && (differ || !ordered)) operand_error(ast, a, b);
}

void Checker::check_binary(Ast& ast) {
    check_children(ast);
    Type a = ast.children[0].type;
    Type b = ast.children[1].type;
    ast.type = Type::boolean;
    switch (ast.op) {
        case ExpressionOp::equal:
        case ExpressionOp::not_equal:
            if (check_types_ && known(a) && known(b) && a != b && a != Type::null &&
                b != Type::null) {
                diagnostics_.warning(Lint::never_equal,
                                     ast.text->place(sources_, ast.begin, ast.end),
                                     words(a) + " and " + words(b) + " are never equal");
            }
            return;
        case ExpressionOp::in:
            if (is_not(b, {Type::list, Type::map})) operand_error(ast, a, b);
            return;
        case ExpressionOp::less:
        case ExpressionOp::less_equal:
        case ExpressionOp::greater:
        case ExpressionOp::greater_equal: return check_order(ast, a, b);
        default: break;
    }
    bool fits = true;
    ast.type = sum_type(ast.op, a, b, fits);
    if (!check_types_) ast.type = Type::any;
    if (check_types_ && !fits) operand_error(ast, a, b);
}

void Checker::check_logical(Ast& ast) {
    check_children(ast);
    ast.type = Type::boolean;
    for (const Ast& side : ast.children) {
        if (!is_not(side.type, {Type::boolean})) continue;
        error(side, "\"" + std::string(program::operator_sign(ast.op)) + "\" does not take " +
                        words(side.type));
    }
}

void Checker::check_conditional(Ast& ast) {
    check_children(ast);
    const Ast& condition = ast.children[0];
    if (is_not(condition.type, {Type::boolean})) {
        error(condition, "\"?:\" does not take " + words(condition.type));
    }
    Type a = ast.children[1].type;
    ast.type = a == ast.children[2].type ? a : Type::any;
}

void Checker::check_index(Ast& ast) {
    check_children(ast);
    const Ast& container = ast.children[0];
    const Ast& key = ast.children[1];
    if (container.kind == AstKind::table) ast.type = Type::map;
    if (is_not(container.type, {Type::list, Type::map})) {
        error(ast, words(container.type) + " has no elements");
    } else if (container.type == Type::list && is_not(key.type, {Type::integer})) {
        error(key, "an index of a list is an int, not " + words(key.type));
    } else if (container.type == Type::map && is_not(key.type, {Type::string})) {
        error(key, std::string("a key of a ") +
                       (container.kind == AstKind::table ? "table" : "map") + " is a string, not " +
                       words(key.type));
    }
}

void Checker::check_map(Ast& ast) {
    check_children(ast);
    ast.type = Type::map;
    std::vector<std::string_view> seen;
    for (std::size_t i = 0; i < ast.children.size(); i += 2) {
        const Ast& key = ast.children[i];
        if (is_not(key.type, {Type::string})) {
            error(key, "a key of a map is a string, not " + words(key.type));
        }
        if (key.kind != AstKind::constant || key.type != Type::string) continue;
        if (std::find(seen.begin(), seen.end(), key.value.text()) != seen.end()) {
            error(key, "key \"" + std::string(key.value.text()) + "\" is given twice");
        }
        seen.push_back(key.value.text());
    }
}

void Checker::check_concat(Ast& ast) {
    check_children(ast);
    ast.type = Type::string;
    for (const Ast& part : ast.children) {
        if (!is_not(part.type, {Type::string, Type::integer, Type::boolean})) continue;
        error(part,
              words(part.type) + " cannot stand inside a text: only string, int and bool can");
    }
}

}  // namespace sagalab::language
