#include <algorithm>
#include <array>
#include <utility>

#include "language/cel_check.h"
#include "language/cel_delivery.h"

namespace sagalab::language {
namespace {

using program::MetaField;

struct MetaRow {
    std::string_view name;
    MetaField field;
    Type type;
};

constexpr std::array<MetaRow, 12> meta_rows{
    {{"id", MetaField::id, Type::string},
     {"type", MetaField::type, Type::string},
     {"from", MetaField::from, Type::string},
     {"correlationId", MetaField::correlation_id, Type::any},
     {"causationId", MetaField::causation_id, Type::string},
     {"attempt", MetaField::attempt, Type::integer},
     {"time", MetaField::time, Type::duration},
     {"idempotencyKey", MetaField::idempotency_key, Type::any},
     {"epoch", MetaField::epoch, Type::integer},
     {"stream", MetaField::stream, Type::any},
     {"version", MetaField::version, Type::integer},
     {"revision", MetaField::revision, Type::integer}}};

}  // namespace

bool Checker::is_variable(const std::string& name) const {
    for (const std::vector<Variable>& loop : loops_) {
        for (const Variable& variable : loop) {
            if (variable.name == name) return true;
        }
    }
    return false;
}

void Checker::check_name(Ast& ast) {
    for (std::size_t loop = loops_.size(); loop-- > 0;) {
        for (std::size_t i = 0; i < loops_[loop].size(); ++i) {
            if (loops_[loop][i].name != ast.name) continue;
            ast.kind = AstKind::variable;
            ast.number = static_cast<std::uint32_t>(loop << 1U | i);
            return;
        }
    }
    const Binding* binding = scope_.find(ast.name);
    if (!binding) {
        return diagnostics_.unknown_name(name_place(ast), "name", ast.name, scope_.all_names());
    }
    std::string quoted = "\"" + ast.name + "\"";
    switch (binding->kind) {
        case Binding::Kind::slot:
            ast.kind = AstKind::slot;
            ast.number = binding->slot;
            ast.type = binding->type;
            return;
        case Binding::Kind::constant:
            ast.kind = AstKind::constant;
            ast.value = binding->constant;
            ast.type = type_of(ast.value);
            return;
        case Binding::Kind::meta:
            return error(ast, quoted + " is no value by itself: select a field, as in \"" +
                                  ast.name + ".time\"");
        case Binding::Kind::store:
        case Binding::Kind::service:
            return error(ast, quoted + " is no value by itself: select a table, as in \"" +
                                  ast.name + ".orders\"");
        case Binding::Kind::unusable:
            return error(ast, quoted + " cannot be used here: " + binding->why);
    }
}

void Checker::check_select(Ast& ast) {
    if (check_root_field(ast)) return;
    check_children(ast);
    const Ast& operand = ast.children[0];
    if (operand.kind == AstKind::table) ast.type = Type::map;
    if (is_not(operand.type, {Type::map})) {
        name_error(ast, "no field \"" + ast.name + "\" in " + std::string(type_name(operand.type)));
    }
}

// meta.time, store.orders, OrderService.orders, params.patience.
bool Checker::check_root_field(Ast& ast) {
    const Ast& root = ast.children[0];
    if (root.kind != AstKind::name || is_variable(root.name)) return false;
    const Binding* binding = scope_.find(root.name);
    if (!binding) return false;
    switch (binding->kind) {
        case Binding::Kind::meta: check_meta(ast); return true;
        case Binding::Kind::store:
        case Binding::Kind::service: check_table(ast, binding->service); return true;
        case Binding::Kind::constant:
            if (binding->constant.is(Value::Kind::map)) {
                check_param(ast);
                return true;
            }
            return false;
        case Binding::Kind::slot: return !check_field(ast, *binding);
        case Binding::Kind::unusable: break;
    }
    return false;
}

// path.orderId, load.pay: false, and reported, if it is known that there is none.
bool Checker::check_field(const Ast& ast, const Binding& binding) {
    if (!binding.fields) return true;
    const std::vector<std::string>& fields = *binding.fields;
    if (std::find(fields.begin(), fields.end(), ast.name) != fields.end()) return true;
    diagnostics_.unknown_name(name_place(ast), binding.what, ast.name, fields);
    return false;
}

void Checker::check_meta(Ast& ast) {
    std::vector<std::string> names;
    for (const MetaRow& row : meta_rows) {
        names.emplace_back(row.name);
        if (row.name != ast.name) continue;
        ast.kind = AstKind::meta;
        ast.number = static_cast<std::uint32_t>(row.field);
        ast.type = row.type;
        ast.children.clear();
        return;
    }
    diagnostics_.unknown_name(name_place(ast), "field of \"meta\"", ast.name, names);
}

void Checker::check_table(Ast& ast, ServiceId service) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < program_.tables.size(); ++i) {
        const program::Table& table = program_.tables[i];
        if (table.service != service) continue;
        names.push_back(table.name);
        if (table.name != ast.name) continue;
        ast.kind = AstKind::table;
        ast.table = static_cast<std::uint32_t>(i);
        ast.number = scope_.tables_are_local ? table.local : ast.table;
        ast.type = Type::map;
        ast.children.clear();
        return;
    }
    diagnostics_.unknown_name(name_place(ast), "table", ast.name, names);
}

void Checker::check_param(Ast& ast) {
    const Ast& root = ast.children[0];
    const Value& params = scope_.find(root.name)->constant;
    if (const Value* found = params.find(std::string_view(ast.name))) {
        ast.kind = AstKind::constant;
        ast.value = *found;
        ast.type = type_of(ast.value);
        ast.children.clear();
        return;
    }
    std::vector<std::string> names;
    for (const MapEntry& entry : params.entries()) names.emplace_back(entry.key.text());
    std::string kind = root.name == "params" ? "param" : "field of \"" + root.name + "\"";
    diagnostics_.unknown_name(name_place(ast), kind, ast.name, names);
}

void Checker::check_delivered(Ast& ast) {
    ast.type = Type::integer;
    if (!scope_.may_ask_deliveries) {
        return name_error(ast,
                          "\"delivered\" can only be asked at the end of a run: in "
                          "\"finally\" and \"sometimes\"");
    }
    const Ast* argument = ast.children.size() == 1 ? &ast.children[0] : nullptr;
    if (!argument || argument->kind != AstKind::constant ||
        !argument->value.is(Value::Kind::string)) {
        return error(ast,
                     "\"delivered\" takes one string, as in "
                     "delivered('PayOrder -> PaymentService')");
    }
    Place place = argument->text->place(sources_, argument->begin, argument->end);
    std::optional<std::uint32_t> delivery =
        resolve_delivery(program_, argument->value.text(), place, diagnostics_);
    if (!delivery) return;
    ast.kind = AstKind::delivered;
    ast.number = *delivery;
    ast.children.clear();
}

}  // namespace sagalab::language
