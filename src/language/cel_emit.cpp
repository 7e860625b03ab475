#include "language/cel_emit.h"

#include <algorithm>

#include "program/eval.h"

namespace sagalab::language {

using program::ExpressionOp;

std::uint32_t ConstantPool::run(std::span<const Value> values) {
    Hash128 hash = Hash128{}.with(values.size());
    for (const Value& value : values) hash = value.hash128(hash);
    bool added = false;
    std::uint32_t& position = known_.at_or_added(hash, added);
    auto stored = program_.constants.begin() + position;
    if (!added && std::equal(values.begin(), values.end(), stored)) return position;
    position = static_cast<std::uint32_t>(program_.constants.size());
    program_.constants.insert(program_.constants.end(), values.begin(), values.end());
    return position;
}

std::optional<program::Expression> Emitter::emit(const Ast& ast) {
    part(ast, true);
    if (failed_) return std::nullopt;
    program::Expression expression;
    expression.code = std::move(code_);
    expression.stack_max = height_max_;
    return expression;
}

std::size_t Emitter::step(ExpressionOp op, std::uint32_t operand, std::uint32_t extra,
                          const Ast& ast, int effect) {
    code_.push_back({op, operand, extra, ast.begin, ast.end});
    height_ += static_cast<std::uint32_t>(effect);
    height_max_ = std::max(height_max_, height_);
    return code_.size() - 1;
}

void Emitter::constant(const Value& value, const Ast& ast) {
    step(ExpressionOp::constant, constants_.one(value), 0, ast, 1);
}

void Emitter::children(const Ast& ast, bool certain) {
    for (const Ast& child : ast.children) part(child, certain);
}

std::optional<Value> plain_data(const Ast& ast) {
    if (ast.kind == AstKind::constant) return ast.value;
    if (ast.kind != AstKind::list && ast.kind != AstKind::record) return std::nullopt;
    std::vector<Value> values;
    values.reserve(ast.children.size());
    for (const Ast& child : ast.children) {
        std::optional<Value> value = plain_data(child);
        if (!value) return std::nullopt;
        values.push_back(std::move(*value));
    }
    return ast.kind == AstKind::list ? Value::list(std::span(values))
                                     : Value::record(ast.keys, std::span(values));
}

void Emitter::part(const Ast& ast, bool certain) {
    if (std::optional<Value> value = plain_data(ast)) return constant(*value, ast);
    Reads outer = std::exchange(reads_, Reads{});
    std::size_t start = code_.size();
    std::uint32_t height = height_;
    node(ast, certain);
    fold(ast, start, height, certain);
    reads_.world = reads_.world || outer.world;
    reads_.outermost = std::min(reads_.outermost, outer.outermost);
}

// Replaces the steps since `start` by their value if it is known.
void Emitter::fold(const Ast& ast, std::size_t start, std::uint32_t height, bool certain) {
    bool single = code_.size() == start + 1 && code_[start].op == ExpressionOp::constant;
    if (single || failed_ || reads_.world || reads_.outermost < loops_) return;
    program::Expression expression;
    expression.code.assign(code_.begin() + static_cast<std::ptrdiff_t>(start), code_.end());
    expression.stack_max = height_max_ - height;
    ExpressionId id(program_.expressions.size());
    program_.expressions.push_back(std::move(expression));
    program::Environment environment;
    environment.elements_max = 100'000;
    Value value = program::evaluate(program_, id, environment);
    program_.expressions.pop_back();
    if (value.is_error()) {
        if (!certain) return;
        diagnostics_.error(ast.text->place(sources_, ast.begin, ast.end),
                           std::string(value.error_message()));
        failed_ = true;
        return;
    }
    code_.resize(start);
    height_ = height;
    constant(value, ast);
}

void Emitter::node(const Ast& ast, bool certain) {
    auto count = static_cast<std::uint32_t>(ast.children.size());
    int gathered = 1 - static_cast<int>(count);
    switch (ast.kind) {
        case AstKind::constant: return;  // plain data
        case AstKind::slot:
            reads_.world = true;
            step(ExpressionOp::slot, ast.number, 0, ast, 1);
            return;
        case AstKind::variable:
            variable_reads(ast);
            step(ExpressionOp::variable,
                 (loops_ - 1 - (ast.number >> 1U)) << 1U | (ast.number & 1U), 0, ast, 1);
            return;
        case AstKind::meta:
            reads_.world = true;
            step(ExpressionOp::meta, ast.number, 0, ast, 1);
            return;
        case AstKind::table: return table_step(ExpressionOp::table, ast, ast, 1);
        case AstKind::delivered:
            reads_.world = true;
            step(ExpressionOp::delivered, ast.number, 0, ast, 1);
            return;
        case AstKind::select: return select(ast, certain);
        case AstKind::has_field: return has_field(ast, certain);
        case AstKind::index: return index(ast, certain);
        case AstKind::unary:
            children(ast, certain);
            step(ast.op, 0, 0, ast, 0);
            return;
        case AstKind::binary: return binary(ast, certain);
        case AstKind::logical: return logical(ast);
        case AstKind::conditional: return conditional(ast, certain);
        case AstKind::list:
            children(ast, certain);
            step(ExpressionOp::make_list, count, 0, ast, gathered);
            return;
        case AstKind::map:
            children(ast, certain);
            step(ExpressionOp::make_map, count / 2, 0, ast, gathered);
            return;
        case AstKind::record:
            children(ast, certain);
            step(ExpressionOp::make_record, count, constants_.run(ast.keys), ast, gathered);
            return;
        case AstKind::concat:
            children(ast, certain);
            step(ExpressionOp::concat, count, 0, ast, gathered);
            return;
        case AstKind::call: return call(ast, certain);
        case AstKind::macro: return macro(ast, certain);
        case AstKind::name:  // the checker leaves none of these
        case AstKind::method: return;
    }
}

void Emitter::variable_reads(const Ast& ast) {
    reads_.outermost = std::min(reads_.outermost, ast.number >> 1U);
}

void Emitter::table_step(ExpressionOp op, const Ast& table, const Ast& whole, int effect) {
    reads_.world = true;
    step(op, table.number, table.table, whole, effect);
}

void Emitter::select(const Ast& ast, bool certain) {
    const Ast& operand = ast.children[0];
    std::uint32_t key = constants_.one(Value(ast.name));
    if (operand.kind == AstKind::slot) {
        reads_.world = true;
        step(ExpressionOp::slot_field, operand.number, key, ast, 1);
    } else if (operand.kind == AstKind::variable) {
        variable_reads(operand);
        std::uint32_t outwards = loops_ - 1 - (operand.number >> 1U);
        step(ExpressionOp::variable_field, outwards << 1U | (operand.number & 1U), key, ast, 1);
    } else if (operand.kind == AstKind::table) {
        constant(Value(ast.name), ast);
        table_step(ExpressionOp::row, operand, ast, 0);
    } else {
        part(operand, certain);
        step(ExpressionOp::field, key, 0, ast, 0);
    }
}

void Emitter::has_field(const Ast& ast, bool certain) {
    const Ast& operand = ast.children[0];
    if (ast.whole && operand.kind == AstKind::meta) {
        part(operand, certain);
        constant(Value(), ast);
        step(ExpressionOp::not_equal, 0, 0, ast, -1);
    } else if (ast.whole) {
        constant(Value(true), ast);
    } else if (operand.kind == AstKind::table) {
        constant(Value(ast.name), ast);
        table_step(ExpressionOp::has_row, operand, ast, 0);
    } else {
        part(operand, certain);
        step(ExpressionOp::has_field, constants_.one(Value(ast.name)), 0, ast, 0);
    }
}

void Emitter::index(const Ast& ast, bool certain) {
    const Ast& container = ast.children[0];
    if (container.kind == AstKind::table) {
        part(ast.children[1], certain);
        return table_step(ExpressionOp::row, container, ast, 0);
    }
    children(ast, certain);
    step(ExpressionOp::index, 0, 0, ast, -1);
}

void Emitter::binary(const Ast& ast, bool certain) {
    const Ast& right = ast.children[1];
    if (ast.op == ExpressionOp::in && right.kind == AstKind::table) {
        part(ast.children[0], certain);
        return table_step(ExpressionOp::has_row, right, ast, 0);
    }
    children(ast, certain);
    step(ast.op, 0, 0, ast, -1);
}

void Emitter::logical(const Ast& ast) {
    part(ast.children[0], false);
    bool both = ast.op == ExpressionOp::logical_and;
    std::size_t jump = step(both ? ExpressionOp::and_jump : ExpressionOp::or_jump, 0, 0, ast, 0);
    part(ast.children[1], false);
    step(ast.op, 0, 0, ast, -1);
    code_[jump].operand = distance(jump);
}

void Emitter::conditional(const Ast& ast, bool certain) {
    part(ast.children[0], certain);
    std::size_t choice = step(ExpressionOp::jump_if_false, 0, 0, ast, -1);
    part(ast.children[1], false);
    std::size_t jump = step(ExpressionOp::jump, 0, 0, ast, -1);
    code_[choice].operand = distance(choice);
    part(ast.children[2], false);
    code_[jump].operand = distance(jump);
    code_[choice].extra = distance(choice);
}

void Emitter::call(const Ast& ast, bool certain) {
    using program::Function;
    const Ast& first = ast.children[0];
    if (first.kind == AstKind::table && ast.function == Function::size) {
        return table_step(ExpressionOp::table_size, first, ast, 1);
    }
    if (first.kind == AstKind::table && ast.function == Function::get) {
        part(ast.children[1], certain);
        part(ast.children[2], certain);
        return table_step(ExpressionOp::get_row, first, ast, -1);
    }
    children(ast, certain);
    auto count = static_cast<std::uint32_t>(ast.children.size());
    step(ExpressionOp::call, static_cast<std::uint32_t>(ast.function), count, ast,
         1 - static_cast<int>(count));
}

void Emitter::macro(const Ast& ast, bool certain) {
    const Ast& range = ast.children[0];
    bool over_table = range.kind == AstKind::table;
    if (over_table) {
        reads_.world = true;
    } else {
        part(range, certain);
    }
    std::uint32_t kind = static_cast<std::uint32_t>(ast.macro) | range.number << 8U;
    std::size_t start = step(over_table ? ExpressionOp::macro_table : ExpressionOp::macro, 0,
                             over_table ? kind : kind & 0xffU, ast, 0);
    std::size_t first = step(ExpressionOp::macro_first, 0, range.table, ast, 0);
    for (std::size_t i = 0; i < ast.variables.size(); ++i) {
        if (i == 1) step(ExpressionOp::macro_second, 0, 0, ast, 0);
        code_[first + i].begin = ast.variables[i].begin;
        code_[first + i].end = ast.variables[i].end;
    }
    std::uint32_t height = height_;
    ++loops_;
    for (std::size_t i = 1; i < ast.children.size(); ++i) {
        if (i == 2) code_[first].operand = distance(first);
        part(ast.children[i], false);
        height_ = height;
    }
    --loops_;
    if (over_table) ++height_;
    code_[start].operand = distance(start);
}

}  // namespace sagalab::language
