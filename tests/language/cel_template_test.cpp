// Data positions: templates in JSON.
#include "language/cel_fixture.h"
#include "support/catch.h"

using namespace sagalab;
using namespace sagalab::language;

TEST_CASE("data positions") {
    struct Row {
        const char* json;
        const char* value;
    };
    for (const Row& row : std::initializer_list<Row>{
             {R"(5)", "5"},
             {R"({"b": [1, null, true], "a": {}})", R"({"a": {}, "b": [1, null, true]})"},
             {R"("plain")", R"("plain")"},
             {R"("")", R"("")"},
             {R"("${msg.amount}")", "200"},
             {R"("${[1, 2]}")", "[1, 2]"},
             {R"("o-${msg.amount}")", R"("o-200")"},
             {R"("${name}/${true}/${1 + 1}!")", R"("card/true/2!")"},
             {R"("${name}${name}")", R"("cardcard")"},
             {R"("a $${name} $ { } b")", R"("a ${name} $ { } b")"},
             {R"("$${${name}")", R"("${card")"},
             {R"("${ {'a': '}'}.a }")", R"("}")"},
             {R"("${ {'a': {'b': 1}} }")", R"({"a": {"b": 1}})"},
             {R"("${ msg.amount // } \n }")", "200"},
             {R"({"orderId": "${msg.orderId}", "amount": "${msg.amount}"})",
              R"({"amount": 200, "orderId": "o-1"})"},
             {R"({"deep": [{"x": "${row.left - 2}"}]})", R"({"deep": [{"x": 5}]})"},
             {R"("long text that is on the heap: ${name}, and then even some more of it ${name}")",
              R"("long text that is on the heap: card, and then even some more of it card")"},
             {R"("x ${msg}")",
              "error: map cannot stand inside a text: only string, int and bool can"},
             {R"("x ${msg.nothing}")",
              "error: null cannot stand inside a text: only string, int and bool can"},
             {R"("x ${[1]}")",
              "refused: list cannot stand inside a text: only string, int and bool can"},
             {R"({"a": "${msg.gone}"})", "error: no field \"gone\""}}) {
        INFO(row.json);
        CelFixture fixture;
        CHECK(fixture.data_value(row.json) == row.value);
    }
}

TEST_CASE("templates that are refused, with their places") {
    struct Row {
        const char* json;
        const char* message;
        const char* part;
    };
    for (const Row& row : std::initializer_list<Row>{
             {R"({"a": "x ${msg.amount"})",
              "\"${\" has no \"}\" (a literal \"${\" is written \"$${\")", "${"},
             {R"("${}")", "an expression is missing between \"${\" and \"}\"", "${}"},
             {R"("\u00e9 ${mgs.x}")", "unknown name \"mgs\" (did you mean \"msg\"?)", "mgs"},
             {R"("a ${1 + } b")", "the expression ends too early", "}"},
             {R"("${'abc}")", "the string has no end", "'"},
             {R"({"a": ["${1 / 0}"]})", "division by zero", "1 / 0"}}) {
        INFO(row.json);
        CelFixture fixture;
        CHECK_FALSE(fixture.data(row.json).valid());
        CHECK(fixture.problem() == row.message);
        CHECK(fixture.problem_text() == row.part);
    }
}

TEST_CASE("constant data is one constant") {
    CelFixture fixture;
    ExpressionId id = fixture.data(R"({"a": [1, {"b": "x-${params.limit}"}], "c": null})");
    REQUIRE(id.valid());
    REQUIRE(fixture.compiler.known(id).has_value());
    CHECK(fixture.compiler.known(id)->json() == R"({"a": [1, {"b": "x-5"}], "c": null})");
}

TEST_CASE("text that looks like an expression is a warning") {
    for (const char* text : {"msg.orderId", "params.limit", "store.orders['o-1'].status"}) {
        CelFixture fixture;
        CHECK(fixture.data("\"" + std::string(text) + "\"").valid());
        CHECK(fixture.problem() == "this text looks like an expression: write \"${" +
                                       std::string(text) + "}\" to insert its value");
        CHECK_FALSE(fixture.diagnostics.has_errors());
    }
    for (const char* text :
         {"msg", "a message. Then another", "msg. and more", "Payments.Charge"}) {
        CelFixture fixture;
        CHECK(fixture.data("\"" + std::string(text) + "\"").valid());
        CHECK(fixture.problem().empty());
    }
}

TEST_CASE("copied fields") {
    CelFixture f;
    Node copy = f.json(R"(["orderId", "amount"])");
    Node data = f.json(R"({"status": "new", "zone": "${name}"})");
    CHECK(f.shown(f.compiler.record(&copy, &data, f.scope)) ==
          R"({"amount": 200, "orderId": "o-1", "status": "new", "zone": "card"})");
    CHECK(f.shown(f.compiler.record(&copy, nullptr, f.scope)) ==
          R"({"amount": 200, "orderId": "o-1"})");
    CHECK(f.shown(f.compiler.record(nullptr, &data, f.scope)) ==
          R"({"status": "new", "zone": "card"})");
    CHECK(f.shown(f.compiler.record(nullptr, nullptr, f.scope)) == "{}");
    Node gone = f.json(R"(["gone"])");
    CHECK(f.shown(f.compiler.record(&gone, nullptr, f.scope)) == "error: no field \"gone\"");
}

TEST_CASE("copied fields that are refused") {
    struct Row {
        const char* copy;
        const char* data;
        const char* message;
    };
    for (const Row& row : std::initializer_list<Row>{
             {R"(["amount"])", R"({"amount": 1})", "\"amount\" is both copied and given"},
             {R"(["amount", "amount"])", "{}", "\"amount\" is copied twice"},
             {R"(["a b"])", "{}", "\"copy\" names fields of \"msg\": expected a name"},
             {R"([1])", "{}", "\"copy\" names fields of \"msg\": expected a name"}}) {
        INFO(row.copy);
        CelFixture f;
        Node copy = f.json(row.copy);
        Node data = f.json(row.data);
        CHECK_FALSE(f.compiler.record(&copy, &data, f.scope).valid());
        CHECK(f.problem() == row.message);
    }
    CelFixture nothing;
    Node copy = nothing.json(R"(["amount"])");
    CHECK_FALSE(nothing.compiler.record(&copy, nullptr, Scope()).valid());
    CHECK(nothing.problem() == "unknown name \"msg\"");
}

TEST_CASE("data that must be known at load") {
    CelFixture f;
    CHECK(f.compiler.literal(f.json(R"({"a": "${params.limit + 1}"})"), f.scope)->json() ==
          R"({"a": 6})");
    CHECK_FALSE(f.compiler.literal(f.json(R"({"a": "${msg.amount}"})"), f.scope).has_value());
    CHECK(f.problem() ==
          "this must be known before the run: of names, only \"params\" can be used");
}
