// Tables, params and deliveries in expressions.
#include "language/cel_fixture.h"
#include "support/catch.h"

using namespace sagalab;
using namespace sagalab::language;
using program::ExpressionOp;

TEST_CASE("rows of a table") {
    CelFixture f;
    CHECK(f.value("store.orders['o-1'].status") == "\"paid\"");
    CHECK(f.value("store.orders[msg.orderId].total") == "5");
    CHECK(f.value("store.orders['o-9'].status") == "error: no row \"o-9\" in \"orders\"");
    CHECK(f.value("store.orders[msg.amount]") == "error: a key of a table is a string, not int");
    CHECK(f.value("store.orders[msg.gone]") == "error: no field \"gone\"");
    CHECK(f.value("msg.orderId in store.orders") == "true");
    CHECK(f.value("'o-9' in store.orders") == "false");
    CHECK(f.value("size(store.orders)") == "2");
    CHECK(f.value("store.orders.size()") == "2");
    CHECK(f.value("store.orders == {}") == "false");
    CHECK(f.value("store.stock") == "{}");
    CHECK(f.value("Payments.charges['o-1'].amount") == "5");
}

TEST_CASE("macros over a table") {
    CelFixture f;
    CHECK(f.value("store.orders.all(id, o, o.total > 1)") == "true");
    CHECK(f.value("store.orders.all(id, id.startsWith('o-'))") == "true");
    CHECK(f.value("store.orders.exists(id, o, o.status == 'new')") == "true");
    CHECK(f.value("store.orders.existsOne(id, o, o.status == 'new')") == "true");
    CHECK(f.value("store.orders.filter(id, id != 'o-1')") == "[\"o-2\"]");
    CHECK(f.value("store.orders.map(id, id)") == "[\"o-1\", \"o-2\"]");
    CHECK(f.value("sum(store.orders.transformList(id, o, o.total))") == "12");
    CHECK(f.value("store.orders.transformMap(id, o, o.total > 5, o.total)") == "{\"o-2\": 7}");
    CHECK(f.value("store.orders.all(id, o, o.status != 'paid' || id in Payments.charges)") ==
          "true");
    CHECK(f.value("store.stock.all(id, o, false)") == "true");
    CHECK(f.value("store.orders.all(k, v, store.orders.exists(l, w, v.total == w.total))") ==
          "true");
}

TEST_CASE("which error a macro over a table reports depends on no order") {
    for (int first : {0, 1}) {
        CelFixture f;
        f.tables[1] = program::Rows();
        for (int i = 0; i < 40; ++i) {
            int n = first == 0 ? i : 39 - i;
            std::string key(n < 10 ? "k0" : "k");
            f.tables[1].put(key + std::to_string(n),
                            Value::map({{"field" + std::to_string(n), 1}}));
        }
        CHECK(f.value("store.stock.all(k, v, v.fieldX > 0)") ==
              "error: no field \"fieldX\" (did you mean \"field0\"?)");
        CHECK(f.value("store.stock.exists_one(k, v, v.fieldX > 0)") ==
              "error: no field \"fieldX\" (did you mean \"field0\"?)");
        CHECK(f.value("store.stock.all(k, v, k != 'k07' && v.fieldX > 0)") == "false");
        CHECK(f.value("store.stock.exists(k, v, k == 'k39' || v.fieldX > 0)") == "true");
    }
}

TEST_CASE("tables by number inside the service or in the program") {
    CelFixture f;
    ExpressionId id = f.compiled("size(Payments.charges)");
    REQUIRE(id.valid());
    CHECK(f.program[id].code[0].operand == 2);
    f.scope.tables_are_local = true;
    id = f.compiled("size(Payments.charges)");
    REQUIRE(id.valid());
    CHECK(f.program[id].code[0].operand == 0);
    CHECK(program::tables_read(f.program[id]) == std::vector<TableId>{TableId(2U)});
    id = f.compiled("store.orders.all(k, k in store.stock || k in store.orders)");
    REQUIRE(id.valid());
    CHECK(program::tables_read(f.program[id]) == std::vector<TableId>{TableId(0U), TableId(1U)});
    Scope inner(&f.scope);
    CHECK(inner.tables_are_local);
}

TEST_CASE("params and constants are folded") {
    CelFixture f;
    for (const char* text : {"params.limit + 1", "params.open ? 'a' : 'b'", "[1, 2].map(x, x * 2)",
                             "{'a': 1}.a == 1", "size('abc') > 2 || false"}) {
        INFO(text);
        ExpressionId id = f.compiled(text);
        REQUIRE(id.valid());
        CHECK(f.program[id].code.size() == 1);
        CHECK(f.compiler.known(id).has_value());
    }
    CHECK(f.value("duration(params.patience)") == "\"0.03s\"");
    ExpressionId id = f.compiled("[msg.amount].map(x, x + (1 + 2))");
    REQUIRE(id.valid());
    CHECK_FALSE(f.compiler.known(id).has_value());
    CHECK(f.shown(id) == "[203]");
    CHECK(f.shown(f.compiler.constant(Value("x"))) == "\"x\"");
}

TEST_CASE("deliveries") {
    CelFixture f;
    CHECK(f.value("delivered('PayOrder -> Payments') == 1") ==
          "refused: \"delivered\" can only be asked at the end of a run: in \"finally\" and "
          "\"sometimes\"");
    struct Row {
        const char* expression;
        const char* value;
    };
    for (const Row& row : std::initializer_list<Row>{
             {"delivered('PayOrder -> Payments')", "3"},
             {"delivered(' PayOrder->Payments ') + 1", "4"},
             {"delivered('PayOrdr -> Payments')",
              "refused: unknown operation \"PayOrdr\" (did you mean \"PayOrder\"?)"},
             {"delivered('PayOrder -> Payment')",
              "refused: unknown service \"Payment\" (did you mean \"Payments\"?)"},
             {"delivered('PayOrder')",
              "refused: a delivery is written \"Operation -> Service\", as in \"PayOrder -> "
              "PaymentService\""},
             {"delivered(name)",
              "refused: \"delivered\" takes one string, as in delivered('PayOrder -> "
              "PaymentService')"}}) {
        INFO(row.expression);
        CelFixture asking;
        asking.scope.may_ask_deliveries = true;
        CHECK(asking.value(row.expression) == row.value);
    }
}
