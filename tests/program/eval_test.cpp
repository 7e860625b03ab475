// The evaluator itself: explanations, limits, and programs written by hand.
#include "program/eval.h"

#include "language/cel_fixture.h"
#include "support/catch.h"

using namespace sagalab;
using program::Environment;
using program::evaluate;
using program::evaluate_explained;
using program::Part;

namespace {

// The value, then a line for each part.
std::string explained(language::CelFixture& fixture, const std::string& text) {
    ExpressionId id = fixture.compiled(text);
    REQUIRE(id.valid());
    std::vector<Part> parts;
    std::string out =
        evaluate_explained(fixture.program, id, fixture.environment(), parts).json() + "\n";
    for (const Part& part : parts) {
        out += text.substr(part.begin, part.end - part.begin) + " = " + part.value.json() + "\n";
    }
    return out;
}

}  // namespace

TEST_CASE("an explanation shows the parts of an expression") {
    language::CelFixture f;
    CHECK(explained(f, "msg.amount > 1 && name == 'card'") ==
          "true\n"
          "msg.amount = 200\n"
          "msg.amount > 1 = true\n"
          "name = \"card\"\n"
          "name == 'card' = true\n");
    CHECK(explained(f, "store.orders['o-1'].status == 'new'") ==
          "false\n"
          "store.orders['o-1'] = {\"status\": \"paid\", \"total\": 5}\n"
          "store.orders['o-1'].status = \"paid\"\n"
          "store.orders['o-1'].status == 'new' = false\n");
    CHECK(explained(f, "size(store.orders) == 3") ==
          "false\n"
          "size(store.orders) = 2\n"
          "size(store.orders) == 3 = false\n");
    CHECK(explained(f, "store.orders['o-9'].x == 1") ==
          "\"error: no row \\\"o-9\\\" in \\\"orders\\\"\"\n"
          "store.orders['o-9'] = \"error: no row \\\"o-9\\\" in \\\"orders\\\"\"\n"
          "store.orders['o-9'].x = \"error: no row \\\"o-9\\\" in \\\"orders\\\"\"\n"
          "store.orders['o-9'].x == 1 = \"error: no row \\\"o-9\\\" in \\\"orders\\\"\"\n");
}

TEST_CASE("an explanation of a macro shows the element that decided") {
    language::CelFixture f;
    CHECK(explained(f, "store.orders.all(id, o, o.status == 'paid')") ==
          "false\n"
          "id = \"o-2\"\n"
          "o = {\"status\": \"new\", \"total\": 7}\n"
          "o.status = \"new\"\n"
          "o.status == 'paid' = false\n"
          "store.orders.all(id, o, o.status == 'paid') = false\n");
    CHECK(explained(f, "store.orders.all(id, o, o.total > 0)") ==
          "true\n"
          "store.orders.all(id, o, o.total > 0) = true\n");
    CHECK(explained(f, "[1, msg.amount].exists(x, x > 100)") ==
          "true\n"
          "msg.amount = 200\n"
          "x = 200\n"
          "x = 200\n"
          "x > 100 = true\n"
          "[1, msg.amount].exists(x, x > 100) = true\n");
}

TEST_CASE("the element that decided replaces one that only failed") {
    language::CelFixture f;
    f.tables[0].put("o-0", Value::map({{"total", 1}}));
    CHECK(explained(f, "store.orders.all(id, o, o.status == 'paid')") ==
          "false\n"
          "id = \"o-2\"\n"
          "o = {\"status\": \"new\", \"total\": 7}\n"
          "o.status = \"new\"\n"
          "o.status == 'paid' = false\n"
          "store.orders.all(id, o, o.status == 'paid') = false\n");
    f.tables[0].erase("o-2");
    CHECK(explained(f, "store.orders.all(id, o, o.status == 'paid')") ==
          "\"error: no field \\\"status\\\"\"\n"
          "id = \"o-0\"\n"
          "o = {\"total\": 1}\n"
          "o.status = \"error: no field \\\"status\\\"\"\n"
          "o.status == 'paid' = \"error: no field \\\"status\\\"\"\n"
          "store.orders.all(id, o, o.status == 'paid') = \"error: no field \\\"status\\\"\"\n");
}

TEST_CASE("errors have one code") {
    language::CelFixture f;
    Value value = evaluate(f.program, f.compiled("msg.gone"), f.environment());
    REQUIRE(value.is_error());
    CHECK(value.error_code() == "ExpressionError");
}

TEST_CASE("elements that macros visit are bounded") {
    language::CelFixture f;
    ExpressionId id = f.compiled("[msg, msg, msg].all(a, [1, 2, 3].all(b, has(a.amount)))");
    Environment environment = f.environment();
    environment.elements_max = 12;
    CHECK(evaluate(f.program, id, environment).json() == "true");
    environment.elements_max = 11;
    CHECK(evaluate(f.program, id, environment).error_message() == "more than 11 elements to visit");
}

TEST_CASE("an expression that needs much of the stack") {
    std::string text = "[";
    for (int i = 0; i < 60; ++i) text += "msg.amount, ";
    language::CelFixture f;
    ExpressionId id = f.compiled("size(" + text + "1])");
    REQUIRE(id.valid());
    CHECK(f.program[id].stack_max == 61);
    CHECK(f.shown(id) == "61");
}

TEST_CASE("selections copy only the last value") {
    language::CelFixture f;
    f.slots[0] = Value::map({{"a", Value::map({{"b", Value::list({Value("x")})}})}});
    ExpressionId id = f.compiled("msg.a.b");
    REQUIRE(id.valid());
    const Value& inner = f.slots[0].entries()[0].value.entries()[0].value;
    CHECK(evaluate(f.program, id, f.environment()).same(inner));
    CHECK(f.value("msg.a.c.d") == "error: no field \"c\" (did you mean \"b\"?)");
}
