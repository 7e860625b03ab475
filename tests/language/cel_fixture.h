// Compiles and evaluates expressions against a small program: what the CEL tests share.
#pragma once

#include <optional>
#include <string>

#include "language/cel.h"
#include "program/eval.h"

namespace sagalab::language {

// In scope: `msg`, `row`, `error` and `name` (a string) from slots, `params`, `meta`, `store` with
// the tables `orders` and `stock`, the service "Payments" with its table `charges`.
struct CelFixture {
    program::Program program;
    Sources sources;
    Diagnostics diagnostics;
    ExpressionCompiler compiler{program, sources, diagnostics};
    Scope scope;
    std::vector<Value> slots{
        Value::map({{"orderId", "o-1"}, {"amount", 200}, {"nothing", Value()}}),
        Value::map({{"left", 7}}), Value(), Value("card")};
    std::vector<program::Rows> tables = std::vector<program::Rows>(3);
    program::Meta meta;
    std::vector<std::uint64_t> delivered{3};

    CelFixture() {
        scope.tables_are_local = false;
        for (std::uint32_t slot = 0; slot < 4; ++slot) {
            static constexpr const char* names[] = {"msg", "row", "error", "name"};
            Binding binding;
            binding.slot = slot;
            if (slot == 3) binding.type = Type::string;
            scope.bind(names[slot], binding);
        }
        bind("params", Binding::Kind::constant,
             Value::map({{"patience", "30ms"}, {"limit", 5}, {"open", true}}));
        bind("meta", Binding::Kind::meta);
        bind("store", Binding::Kind::store);
        scope.bind("Payments", service_binding(1));
        Binding unusable;
        unusable.kind = Binding::Kind::unusable;
        unusable.why = "only expectations look into other services";
        scope.bind("Shipping", unusable);
        add_service("OrderService", {"orders", "stock"});
        add_service("Payments", {"charges"});
        program::Operation pay;
        pay.name = pay.label = "PayOrder";
        program.operations.push_back(pay);
        tables[0].put("o-1", Value::map({{"status", "paid"}, {"total", 5}}));
        tables[0].put("o-2", Value::map({{"status", "new"}, {"total", 7}}));
        tables[2].put("o-1", Value::map({{"amount", 5}}));
        meta.time = 15 * millisecond;
        meta.attempt = 2;
    }

    static Binding service_binding(std::size_t number) {
        Binding binding;
        binding.kind = Binding::Kind::service;
        binding.service = ServiceId(number);
        return binding;
    }
    void bind(const std::string& name, Binding::Kind kind, Value constant = {}) {
        Binding binding;
        binding.kind = kind;
        binding.service = ServiceId(std::size_t{0});
        binding.constant = std::move(constant);
        scope.bind(name, binding);
    }
    void add_service(const std::string& name, const std::vector<std::string>& names) {
        ServiceId id(program.services.size());
        program::Service service;
        service.name = name;
        program.services.push_back(service);
        for (std::size_t i = 0; i < names.size(); ++i) {
            program::Table table;
            table.name = names[i];
            table.service = id;
            table.local = static_cast<std::uint32_t>(i);
            program.tables.push_back(table);
        }
    }

    // The node of a JSON text; it lives as long as the fixture.
    Node json(const std::string& text) {
        std::uint32_t file = sources.add("test.json", text);
        return parse_json(sources, file, diagnostics).value_or(Node());
    }
    ExpressionId compiled(const std::string& expression, Type expected = Type::any) {
        std::string text;
        append_json_string(text, expression);
        return compiler.expression(json(text), scope, expected);
    }
    ExpressionId data(const std::string& text) { return compiler.data(json(text), scope); }

    [[nodiscard]] program::Environment environment() const {
        program::Environment environment;
        environment.slots = slots.data();
        environment.tables = tables.data();
        environment.meta = &meta;
        environment.delivered = delivered.data();
        return environment;
    }
    std::string shown(ExpressionId id) {
        if (!id) return "refused: " + problem();
        Value value = program::evaluate(program, id, environment());
        return value.is_error() ? "error: " + std::string(value.error_message()) : value.json();
    }
    // JSON, "error: ..." (of the evaluation) or "refused: ..." (the first diagnostic).
    std::string value(const std::string& expression) { return shown(compiled(expression)); }
    std::string data_value(const std::string& text) { return shown(data(text)); }

    std::string problem() {
        std::vector<Diagnostic> all = diagnostics.sorted();
        return all.empty() ? "" : all[0].message;
    }
    // The part of the file that the first diagnostic is about.
    std::string problem_text() {
        std::vector<Diagnostic> all = diagnostics.sorted();
        if (all.empty()) return "";
        const Place& place = all[0].place;
        return std::string(sources.text(place.file).substr(place.begin, place.end - place.begin));
    }
};

}  // namespace sagalab::language
