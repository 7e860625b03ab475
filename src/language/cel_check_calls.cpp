#include <algorithm>
#include <array>

#include "language/cel_check.h"
#include "language/cel_lexer.h"

namespace sagalab::language {
namespace {

using program::Function;
using program::MacroKind;

// One function; `arguments` counts the target of a method.
struct FunctionRow {
    std::string_view name;
    Function function;
    std::size_t arguments;
    bool as_method;
    bool as_function;
    Type result;
    std::string_view usage;
};

constexpr std::array<FunctionRow, 12> functions{
    {{"size", Function::size, 1, true, true, Type::integer, "size(x)"},
     {"startsWith", Function::starts_with, 2, true, false, Type::boolean, "text.startsWith(part)"},
     {"endsWith", Function::ends_with, 2, true, false, Type::boolean, "text.endsWith(part)"},
     {"contains", Function::contains, 2, true, false, Type::boolean, "text.contains(part)"},
     {"string", Function::string, 1, false, true, Type::string, "string(x)"},
     {"int", Function::integer, 1, false, true, Type::integer, "int(x)"},
     {"bool", Function::boolean, 1, false, true, Type::boolean, "bool(x)"},
     {"duration", Function::duration, 1, false, true, Type::duration, "duration('90s')"},
     {"sum", Function::sum, 1, false, true, Type::integer, "sum(list)"},
     {"min", Function::min, 1, false, true, Type::integer, "min(list)"},
     {"max", Function::max, 1, false, true, Type::integer, "max(list)"},
     {"get", Function::get, 3, false, true, Type::any, "get(map, key, default)"}}};

struct MacroRow {
    std::string_view name;
    MacroKind kind;
    std::size_t variables;
    std::size_t arguments;
    Type result;
};

constexpr std::array<MacroRow, 15> macros{
    {{"all", MacroKind::all, 1, 2, Type::boolean},
     {"exists", MacroKind::exists, 1, 2, Type::boolean},
     {"exists_one", MacroKind::exists_one, 1, 2, Type::boolean},
     {"existsOne", MacroKind::exists_one, 1, 2, Type::boolean},
     {"filter", MacroKind::filter, 1, 2, Type::list},
     {"map", MacroKind::map, 1, 2, Type::list},
     {"map", MacroKind::map, 1, 3, Type::list},
     {"all", MacroKind::all, 2, 3, Type::boolean},
     {"exists", MacroKind::exists, 2, 3, Type::boolean},
     {"exists_one", MacroKind::exists_one, 2, 3, Type::boolean},
     {"existsOne", MacroKind::exists_one, 2, 3, Type::boolean},
     {"transformList", MacroKind::map, 2, 3, Type::list},
     {"transformList", MacroKind::map, 2, 4, Type::list},
     {"transformMap", MacroKind::transform_map, 2, 3, Type::map},
     {"transformMap", MacroKind::transform_map, 2, 4, Type::map}}};

const FunctionRow* find_function(std::string_view name) {
    for (const FunctionRow& row : functions) {
        if (row.name == name) return &row;
    }
    return nullptr;
}

bool is_macro(std::string_view name) {
    return std::any_of(macros.begin(), macros.end(),
                       [&](const MacroRow& row) { return row.name == name; });
}

std::vector<std::string> all_functions() {
    std::vector<std::string> names{"has", "delivered"};
    for (const FunctionRow& row : functions) names.emplace_back(row.name);
    for (const MacroRow& row : macros) names.emplace_back(row.name);
    return names;
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

bool takes(Function function, std::size_t position, Type type) {
    switch (function) {
        case Function::size: return type == Type::string || type == Type::list || type == Type::map;
        case Function::starts_with:
        case Function::ends_with:
        case Function::contains: return type == Type::string;
        case Function::string: return type != Type::null && type != Type::list && type != Type::map;
        case Function::integer: return type == Type::integer || type == Type::string;
        case Function::boolean: return type == Type::boolean || type == Type::string;
        case Function::duration: return type == Type::duration || type == Type::string;
        case Function::sum:
        case Function::min:
        case Function::max: return type == Type::list;
        case Function::get: break;
    }
    if (position == 0) return type == Type::map || type == Type::null;
    return position == 2 || type == Type::string;
}

}  // namespace

void Checker::check_call(Ast& ast) {
    if (ast.name == "has") return check_has(ast);
    if (ast.name == "delivered") return check_delivered(ast);
    if (ast.name == "dyn" && ast.children.size() == 1) {  // CEL's cast to a type not known
        Ast operand = std::move(ast.children[0]);
        ast = std::move(operand);
        check(ast);
        ast.type = Type::any;
        return;
    }
    check_function(ast);
}

void Checker::check_method(Ast& ast) {
    if (!check_macro(ast)) check_function(ast);
}

void Checker::check_function(Ast& ast) {
    bool method = ast.kind == AstKind::method;
    ast.kind = AstKind::call;
    const FunctionRow* row = find_function(ast.name);
    if (!row &&
        (is_macro(ast.name) || (method && (ast.name == "has" || ast.name == "delivered")))) {
        return name_error(ast,
                          is_macro(ast.name)
                              ? quoted(ast.name) + " is a method: list." + ast.name + "(x, ...)"
                              : quoted(ast.name) + " is a function: " + ast.name + "(...)");
    }
    if (!row) {
        return diagnostics_.unknown_name(name_place(ast), "function", ast.name, all_functions());
    }
    if (method ? !row->as_method : !row->as_function) {
        return name_error(ast, quoted(ast.name) + " is a " + (method ? "function: " : "method: ") +
                                   std::string(row->usage));
    }
    if (ast.children.size() != row->arguments) {
        std::size_t count = row->arguments - (method ? 1 : 0);
        return error(ast, quoted(ast.name) + " takes " + std::to_string(count) +
                              (count == 1 ? " argument: " : " arguments: ") +
                              std::string(row->usage));
    }
    check_children(ast);
    ast.function = row->function;
    ast.type = row->result;
    check_arguments(ast);
}

void Checker::check_arguments(Ast& ast) {
    for (std::size_t i = 0; i < ast.children.size(); ++i) {
        const Ast& argument = ast.children[i];
        bool fits = argument.type == Type::any || takes(ast.function, i, argument.type);
        if (fits || !check_types_) continue;
        std::string hint =
            ast.function == Function::contains && i == 0 && argument.type == Type::list
                ? " (did you mean \"in\"?)"
                : "";
        error(argument,
              quoted(ast.name) + " does not take " + std::string(type_name(argument.type)) + hint);
    }
}

void Checker::check_has(Ast& ast) {
    if (ast.children.size() != 1) {
        return error(ast, "\"has\" takes 1 argument: has(msg.amount)");
    }
    Ast& field = ast.children[0];
    if (field.kind == AstKind::index) {
        const Ast& container = field.children[0];
        const Ast& key = field.children[1];
        auto written = [](const Ast& part) {
            return std::string(part.text->text.substr(part.begin, part.end - part.begin));
        };
        return error(ast, "\"has\" takes a field, as in has(msg.amount) (did you mean " +
                              quoted(written(key) + " in " + written(container)) + "?)");
    }
    if (field.kind != AstKind::select) {
        return error(ast, "\"has\" takes a field, as in has(msg.amount)");
    }
    bool root = field.children[0].kind == AstKind::name && !is_variable(field.children[0].name);
    const Binding* binding = root ? scope_.find(field.children[0].name) : nullptr;
    if (binding && binding->kind == Binding::Kind::constant) {
        check_children(field);
    } else {
        check(field);
    }
    ast.type = Type::boolean;
    ast.kind = AstKind::has_field;
    ast.whole = field.kind != AstKind::select;
    if (ast.whole) return;
    ast.name = field.name;
    Ast operand = std::move(field.children[0]);
    field = std::move(operand);
}

// Makes a macro of the method if its name and number of arguments are those of one.
bool Checker::check_macro(Ast& ast) {
    if (!is_macro(ast.name)) return false;
    std::size_t arguments = ast.children.size() - 1;
    const MacroRow* row = nullptr;
    for (const MacroRow& candidate : macros) {
        if (candidate.name == ast.name && candidate.arguments == arguments) row = &candidate;
    }
    if (!row) {
        error(ast, quoted(ast.name) + " does not take " + std::to_string(arguments) +
                       (arguments == 1 ? " argument" : " arguments") + ": list." + ast.name +
                       (ast.name.starts_with("transform") ? "(key, value, ...)" : "(x, ...)"));
        return true;
    }
    check(ast.children[0]);
    if (is_not(ast.children[0].type, {Type::list, Type::map})) {
        error(ast.children[0], quoted(ast.name) + " goes through a list or a map, not " +
                                   std::string(type_name(ast.children[0].type)));
    }
    if (!take_variables(ast, row->variables)) return true;
    ast.kind = AstKind::macro;
    ast.macro = row->kind;
    ast.type = row->result;
    loops_.push_back(ast.variables);
    bool transforms = row->kind == MacroKind::map || row->kind == MacroKind::transform_map;
    for (std::size_t i = 1; i < ast.children.size(); ++i) {
        bool last = i + 1 == ast.children.size();
        check_body(ast.children[i], !transforms || !last, ast.name);
    }
    loops_.pop_back();
    return true;
}

// The first arguments of a macro are the names of its variables.
bool Checker::take_variables(Ast& ast, std::size_t count) {
    for (std::size_t i = 1; i <= count; ++i) {
        const Ast& name = ast.children[i];
        if (name.kind != AstKind::name) {
            error(name, "expected the name of a variable, as in list." + ast.name +
                            (count == 1 ? "(x, ...)" : "(key, value, ...)"));
            return false;
        }
        if (i == 2 && name.name == ast.variables[0].name) {
            error(name, "both variables are named " + quoted(name.name));
            return false;
        }
        ast.variables.push_back({name.name, name.begin, name.end});
    }
    auto first = ast.children.begin() + 1;
    ast.children.erase(first, first + static_cast<std::ptrdiff_t>(count));
    return true;
}

void Checker::check_body(Ast& body, bool is_condition, const std::string& macro) {
    check(body);
    if (is_condition && is_not(body.type, {Type::boolean})) {
        error(body, "the condition of " + quoted(macro) + " is a bool, not " +
                        std::string(type_name(body.type)));
    }
}

}  // namespace sagalab::language
