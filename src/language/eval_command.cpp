#include "language/eval_command.h"

#include <istream>
#include <ostream>

#include "language/cel_check.h"
#include "language/cel_emit.h"
#include "language/cel_parser.h"
#include "language/diagnostics.h"
#include "language/json.h"
#include "language/source.h"
#include "program/eval.h"

namespace sagalab::language {
namespace {

Value value_of(const Node& node) {
    switch (node.kind) {
        case Node::Kind::null: return {};
        case Node::Kind::boolean: return Value(node.truth);
        case Node::Kind::integer: return Value(node.integer);
        case Node::Kind::string: return Value(node.text);
        case Node::Kind::array: {
            std::vector<Value> items;
            for (const Node& item : node.items) items.push_back(value_of(item));
            return Value::list(std::span(items));
        }
        case Node::Kind::object: break;
    }
    std::vector<MapEntry> entries;
    for (const Member& member : node.members) {
        entries.push_back({Value(member.key), value_of(member.value)});
    }
    return Value::map(std::span(entries));
}

struct Bindings {
    Scope scope;
    std::vector<Value> slots;
};

// Null, an object, or reported.
Bindings bindings_of(const Node* object, Diagnostics& diagnostics) {
    Bindings bindings;
    if (!object) return bindings;
    if (!object->is(Node::Kind::object)) {
        diagnostics.error(object->place, "expected an object that binds names to values");
        return bindings;
    }
    for (const Member& member : object->members) {
        Binding binding;
        binding.slot = static_cast<std::uint32_t>(bindings.slots.size());
        bindings.scope.bind(member.key, binding);
        bindings.slots.push_back(value_of(member.value));
    }
    return bindings;
}

// Nothing if it does not compile; the reasons are in the diagnostics.
std::optional<Value> value_of(const CelText& text, const Bindings& bindings, bool check_types,
                              const Sources& sources, Diagnostics& diagnostics) {
    std::optional<Ast> tree = parse_expression(
        text, 0, static_cast<std::uint32_t>(text.text.size()), sources, diagnostics);
    if (!tree) return std::nullopt;
    program::Program program;
    Checker(program, bindings.scope, sources, diagnostics, check_types).check(*tree);
    if (diagnostics.has_errors()) return std::nullopt;
    ConstantPool constants(program);
    std::optional<program::Expression> code =
        Emitter(program, constants, sources, diagnostics).emit(*tree);
    if (!code) return std::nullopt;
    program.expressions.push_back(std::move(*code));
    program::Environment environment;
    environment.slots = bindings.slots.data();
    return program::evaluate(program, ExpressionId(program.expressions.size() - 1), environment);
}

void append_member(std::string& out, std::string_view key, std::string_view json) {
    out += "{";
    append_json_string(out, key);
    out += ": ";
    out += json;
    out += "}\n";
}

void append_error(std::string& out, std::string_view message) {
    std::string text;
    append_json_string(text, message);
    append_member(out, "error", text);
}

// One line of a batch; false if it is no request.
bool answer(std::string line, std::string& out) {
    Sources sources;
    Diagnostics diagnostics;
    std::uint32_t file = sources.add("<batch>", std::move(line));
    std::optional<Node> request = parse_json(sources, file, diagnostics);
    const Node* text = request && request->is(Node::Kind::object) ? request->find("expr") : nullptr;
    if (diagnostics.has_errors() || !text || !text->is(Node::Kind::string)) {
        append_error(out, diagnostics.has_errors() ? diagnostics.sorted()[0].message
                                                   : "expected {\"expr\": \"...\", \"with\": {}}");
        return false;
    }
    const Node* check = request->find("check");
    bool check_types = !check || !check->is(Node::Kind::boolean) || check->truth;
    Bindings bindings = bindings_of(request->find("with"), diagnostics);
    CelText whole{text->text, text, file};
    std::optional<Value> value;
    if (!diagnostics.has_errors()) {
        value = value_of(whole, bindings, check_types, sources, diagnostics);
    }
    if (!value) {
        append_error(out, diagnostics.sorted()[0].message);
    } else if (value->is_error()) {
        append_error(out, value->error_message());
    } else {
        append_member(out, "value", value->json());
    }
    return true;
}

}  // namespace

EvalResult evaluate_text(std::string_view expression, std::string_view bindings_json) {
    Sources sources;
    Diagnostics diagnostics;
    std::uint32_t file = sources.add("<expression>", std::string(expression));
    std::optional<Node> object;
    if (!bindings_json.empty()) {
        std::uint32_t with = sources.add("<with>", std::string(bindings_json));
        object = parse_json(sources, with, diagnostics);
    }
    Bindings bindings = bindings_of(object ? &*object : nullptr, diagnostics);
    if (diagnostics.has_errors()) return {false, false, render(diagnostics, sources)};
    CelText text{sources.text(file), nullptr, file};
    std::optional<Value> value = value_of(text, bindings, true, sources, diagnostics);
    if (!value) return {false, false, render(diagnostics, sources)};
    if (value->is_error()) return {false, true, "error: " + std::string(value->error_message())};
    return {true, true, value->json()};
}

bool evaluate_batch(std::istream& in, std::ostream& out) {
    bool sound = true;
    std::string line;
    while (std::getline(in, line)) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        std::string answered;
        sound = answer(line, answered) && sound;
        out << answered;
    }
    out.flush();
    return sound;
}

}  // namespace sagalab::language
