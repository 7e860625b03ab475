// What is wrong with an expression before it is evaluated, and the part that is pointed to.
#include "language/cel_fixture.h"
#include "support/catch.h"

using namespace sagalab;
using namespace sagalab::language;

namespace {

struct Row {
    const char* expression;
    const char* message;
    const char* part;
};

void check_rows(std::initializer_list<Row> rows) {
    for (const Row& row : rows) {
        INFO(row.expression);
        CelFixture fixture;
        CHECK_FALSE(fixture.compiled(row.expression).valid());
        CHECK(fixture.problem() == row.message);
        CHECK(fixture.problem_text() == row.part);
    }
}

}  // namespace

TEST_CASE("tokens that are refused") {
    check_rows(
        {{"1.5", "numbers are 64-bit integers: no fractions, no exponents", "1.5"},
         {"2e3", "numbers are 64-bit integers: no fractions, no exponents", "2e3"},
         {".5", "numbers are 64-bit integers: no fractions, no exponents", ".5"},
         {"1u", "there are no unsigned integers: leave out the \"u\"", "1u"},
         {"b'x'", "there are no bytes: leave out the \"b\"", "b'"},
         {"9223372036854775808", "the number does not fit into 64 bits", "9223372036854775808"},
         {"1 + 12ab", "no number: \"12ab\"", "12ab"},
         {"'abc", "the string has no end", "'"},
         {"'''abc'", "the string has no end", "'''"},
         {"'\\q'", "unknown escape \"\\q\" (a backslash itself is \"\\\\\")", "\\\\q"},
         {"'\\u12'", "the escape takes 4 hexadecimal digits", "\\\\u12"},
         {"'\\ud800'", "the escape is no Unicode character", "\\\\ud800"},
         {"msg = 1", "\"=\" is no operator (did you mean \"==\"?)", "="},
         {"true & false", "\"&\" is no operator (did you mean \"&&\"?)", "&"},
         {"true | false", "\"|\" is no operator (did you mean \"||\"?)", "|"},
         {"a # b", "unexpected character \"#\"", "#"}});
}

TEST_CASE("structure that is refused") {
    check_rows({{"1 +", "the expression ends too early", "\""},
                {"(1", "expected \")\", found the end", "\""},
                {"[1, 2", "expected \"]\", found the end", "\""},
                {"{'a' 1}", "expected \":\", found \"1\"", "1"},
                {"1 2", "unexpected \"2\"", "2"},
                {"true and false", "unexpected \"and\" (did you mean \"&&\"?)", "and"},
                {"(true or false)", "unexpected \"or\" (did you mean \"||\"?)", "or"},
                {"for + 1", "\"for\" is a reserved word", "for"},
                {"msg.", "expected the name of a field after \".\"", "\""},
                {"msg.?a", "there are no optional fields: use has() or get()", "?"},
                {"Order{}", "there are no message types: a map is {'key': value}", "{"},
                {"a ? b", "expected \":\", found the end", "\""},
                {"", "an expression is missing", "\""},
                {"${msg.amount}", "this is an expression already: leave out \"${\" and \"}\"",
                 "\"${msg.amount}\""}});
}

TEST_CASE("names that are refused") {
    check_rows(
        {{"mgs.amount", "unknown name \"mgs\" (did you mean \"msg\"?)", "mgs"},
         {"params.patiense", "unknown param \"patiense\" (did you mean \"patience\"?)", "patiense"},
         {"store.ordrs['a']", "unknown table \"ordrs\" (did you mean \"orders\"?)", "ordrs"},
         {"Payments.charge", "unknown table \"charge\" (did you mean \"charges\"?)", "charge"},
         {"store", "\"store\" is no value by itself: select a table, as in \"store.orders\"",
          "store"},
         {"size(Payments)",
          "\"Payments\" is no value by itself: select a table, as in \"Payments.orders\"",
          "Payments"},
         {"Shipping.orders",
          "\"Shipping\" cannot be used here: only expectations look into other services",
          "Shipping"},
         {"sise(msg)", "unknown function \"sise\" (did you mean \"size\"?)", "sise"},
         {"startsWith(name, 'a')", "\"startsWith\" is a method: text.startsWith(part)",
          "startsWith"},
         {"msg.sum()", "\"sum\" is a function: sum(list)", "sum"},
         {"all(msg, x, true)", "\"all\" is a method: list.all(x, ...)", "all"},
         {"get(msg, 'a')", "\"get\" takes 3 arguments: get(map, key, default)", "get(msg, 'a')"},
         {"name.contains()", "\"contains\" takes 1 argument: text.contains(part)",
          "name.contains()"}});
}

TEST_CASE("has and macros that are refused") {
    check_rows(
        {{"has(store.orders[msg.orderId])",
          "\"has\" takes a field, as in has(msg.amount) (did you mean \"msg.orderId in "
          "store.orders\"?)",
          "has(store.orders[msg.orderId])"},
         {"has(msg)", "\"has\" takes a field, as in has(msg.amount)", "has(msg)"},
         {"has(msg.a, 1)", "\"has\" takes 1 argument: has(msg.amount)", "has(msg.a, 1)"},
         {"[1].all(x)", "\"all\" does not take 1 argument: list.all(x, ...)", "[1].all(x)"},
         {"[1].all(1, true)", "expected the name of a variable, as in list.all(x, ...)", "1"},
         {"[1].all(x, x, true)", "both variables are named \"x\"", "x"},
         {"[1].filter(x, 5)", "the condition of \"filter\" is a bool, not int", "5"},
         {"name.all(x, true)", "\"all\" goes through a list or a map, not string", "name"},
         {"[1].map(x, y)", "unknown name \"y\"", "y"}});
}

TEST_CASE("types that are refused") {
    check_rows(
        {{"1 + 'a'", "\"+\" does not take int and string", "1 + 'a'"},
         {"msg.amount > 1 && 1 + 'a' == 2", "\"+\" does not take int and string", "1 + 'a'"},
         {"!5", "\"!\" does not take int", "!5"},
         {"-'a'", "\"-\" does not take string", "-'a'"},
         {"name < 1", "\"<\" does not take string and int", "name < 1"},
         {"[] < []", "\"<\" does not take list and list", "[] < []"},
         {"name && true", "\"&&\" does not take string", "name"},
         {"name ? 1 : 2", "\"?:\" does not take string", "name"},
         {"1 in name", "\"in\" does not take int and string", "1 in name"},
         {"name.x", "no field \"x\" in string", "x"},
         {"name[0]", "string has no elements", "name[0]"},
         {"[1]['a']", "an index of a list is an int, not string", "'a'"},
         {"store.orders[1]", "a key of a table is a string, not int", "1"},
         {"{1: 2}", "a key of a map is a string, not int", "1"},
         {"{'a': 1, 'a': 2}", "key \"a\" is given twice", "'a'"},
         {"[1].contains(1)", "\"contains\" does not take list (did you mean \"in\"?)", "[1]"},
         {"size(1)", "\"size\" does not take int", "1"}});
}

TEST_CASE("the type that a place expects") {
    CelFixture fixture;
    CHECK_FALSE(fixture.compiled("name + 'x'", Type::boolean).valid());
    CHECK(fixture.problem() == "expected bool, found string");
    CelFixture constant;
    CHECK_FALSE(constant.compiled("{'a': 1}.a", Type::boolean).valid());
    CHECK(constant.problem() == "expected bool, found int");
    CHECK(CelFixture().compiled("msg.amount", Type::boolean).valid());
}

TEST_CASE("kinds that are never equal are a warning") {
    CelFixture fixture;
    CHECK(fixture.compiled("name == 5").valid());
    CHECK(fixture.problem() == "string and int are never equal");
    CHECK_FALSE(fixture.diagnostics.has_errors());
    CelFixture null;
    CHECK(null.compiled("name == null").valid());
    CHECK(null.problem().empty());
}

TEST_CASE("depth and length are bounded") {
    CelFixture nested;
    std::string brackets(200, '(');
    CHECK_FALSE(nested.compiled(brackets + "1").valid());
    CHECK(nested.problem() == "the expression is nested too deeply");
    CelFixture chain;
    std::string sum = "1";
    for (int i = 0; i < 2000; ++i) sum += "+1";
    CHECK_FALSE(chain.compiled(sum).valid());
    CHECK(chain.problem() == "the expression is nested too deeply");
    CelFixture longer;
    CHECK_FALSE(longer.compiled("'" + std::string(20000, 'a') + "'").valid());
    CHECK(longer.problem() == "the expression is longer than 16384 bytes");
    CHECK(CelFixture().value(sum.substr(0, 1001)) == "501");
}

TEST_CASE("places inside a JSON string with escapes") {
    CelFixture fixture;
    Node node = fixture.json("\"'\\u00e9\\t' == mgs\"");
    CHECK_FALSE(fixture.compiler.expression(node, fixture.scope).valid());
    CHECK(fixture.problem_text() == "mgs");
}

TEST_CASE("reserved names") {
    for (const char* name : {"for", "in", "true", "while", "as", "msg", "store", "client", "i"}) {
        CHECK(is_reserved(name));
    }
    CHECK_FALSE(is_reserved("orders"));
    CHECK_FALSE(is_reserved("__none"));
}
