// The values of expressions, and the errors of their evaluation.
#include "language/cel_fixture.h"
#include "support/catch.h"

using namespace sagalab;
using namespace sagalab::language;

namespace {

struct Row {
    const char* expression;
    const char* value;
};

void check_rows(std::initializer_list<Row> rows) {
    for (const Row& row : rows) {
        INFO(row.expression);
        CelFixture fixture;
        CHECK(fixture.value(row.expression) == row.value);
    }
}

}  // namespace

TEST_CASE("literals") {
    check_rows({{"42", "42"},
                {"-9223372036854775808", "-9223372036854775808"},
                {"0x1F", "31"},
                {"-0xf", "-15"},
                {"true", "true"},
                {"null", "null"},
                {"'a'", "\"a\""},
                {"\"it's\"", "\"it's\""},
                {"'''two\nlines'''", "\"two\\nlines\""},
                {"r'a\\n'", "\"a\\\\n\""},
                {"'\\x41\\101\\u00e9\\U0001F600\\n\\?\\`'", "\"AA\xc3\xa9\xf0\x9f\x98\x80\\n?`\""},
                {"[1, 'a', [true],]", "[1, \"a\", [true]]"},
                {"{'b': 1, 'a': {}}", "{\"a\": {}, \"b\": 1}"},
                {"1 + // one\n 2", "3"}});
}

TEST_CASE("arithmetic") {
    check_rows(
        {{"1 + 2 * 3 - 4", "3"},
         {"(1 + 2) * 3", "9"},
         {"-7 / 2", "-3"},
         {"-7 % 3", "-1"},
         {"--5", "5"},
         {"9223372036854775807 + 1", "refused: integer overflow in 9223372036854775807 + 1"},
         {"-9223372036854775808 / -1", "refused: integer overflow in -9223372036854775808 / -1"},
         {"-9223372036854775808 % -1", "refused: integer overflow in -9223372036854775808 % -1"},
         {"-(-9223372036854775808)", "refused: integer overflow in -(-9223372036854775808)"},
         {"1 / 0", "refused: division by zero"},
         {"msg.amount % 0", "error: division by zero"},
         {"msg.amount * 9223372036854775807",
          "error: integer overflow in 200 * 9223372036854775807"},
         {"'a' + 'b'", "\"ab\""},
         {"[1] + [2]", "[1, 2]"},
         {"msg.amount + name", "error: \"+\" does not take int and string"}});
}

TEST_CASE("durations") {
    check_rows({{"duration('1m30s')", "\"90s\""},
                {"duration('1.5s') + duration('500ms')", "\"2s\""},
                {"duration('1s') - duration('2s')", "\"-1s\""},
                {"duration('90s') > duration('1m')", "true"},
                {"string(duration('15ms'))", "\"0.015s\""},
                {"duration('1s') == 1", "false"},
                {"meta.time >= duration('15ms')", "true"},
                {"duration('1d')",
                 "refused: \"1d\" is no duration (a number with h, m, s, ms, us or ns, as in "
                 "\"1m30s\")"},
                {"duration('1s') * 2", "refused: \"*\" does not take duration and int"}});
}

TEST_CASE("comparisons") {
    check_rows({{"1 < 2", "true"},
                {"'a' < 'b'", "true"},
                {"false < true", "true"},
                {"2 >= 2", "true"},
                {"[1, {'a': 2}] == [1, {'a': 2}]", "true"},
                {"msg.amount == '200'", "false"},
                {"msg.amount != '200'", "true"},
                {"1 == null", "false"},
                {"msg.amount < name", "error: \"<\" does not take int and string"},
                {"1 < 2 < 3", "refused: \"<\" does not take bool and int"},
                {"2 in [1, 2]", "true"},
                {"'a' in {'a': 1}", "true"},
                {"'orderId' in msg", "true"},
                {"1 in msg", "false"},
                {"1 in msg.amount", "error: \"in\" does not take int and int"}});
}

TEST_CASE("logic absorbs errors from the other side") {
    check_rows({{"msg.x == 1 || true", "true"},
                {"true || msg.x == 1", "true"},
                {"false && msg.x == 1", "false"},
                {"msg.x == 1 && false", "false"},
                {"msg.x == 1 && true", "error: no field \"x\""},
                {"false || msg.x == 1", "error: no field \"x\""},
                {"msg.amount && false", "false"},
                {"msg.amount && true", "error: \"&&\" does not take int"},
                {"!msg.amount", "error: \"!\" does not take int"},
                {"msg.amount ? 1 : 2", "error: \"?:\" does not take int"},
                {"msg.amount > 1 ? 'much' : 'little'", "\"much\""},
                {"false ? 1 / 0 : 2", "2"},
                {"1 / 0 > 1 || true", "true"},
                {"msg.amount > 1000 && 1 / 0 > 1", "false"}});
}

TEST_CASE("fields and elements") {
    check_rows({{"msg.amount", "200"},
                {"{'a': {'b': 3}}.a.b", "3"},
                {"{'a-b': 3}.`a-b`", "3"},
                {"msg.amuont", "error: no field \"amuont\" (did you mean \"amount\"?)"},
                {"msg.nothing.x", "error: no field \"x\" in null"},
                {"msg['amount']", "200"},
                {"msg['zzz']", "error: no key \"zzz\""},
                {"msg[1]", "error: a key of a map is a string, not int"},
                {"[5, 6][1]", "6"},
                {"[5, 6][2]", "refused: index 2 is out of range: the list has 2 items"},
                {"[5][msg.amount]", "error: index 200 is out of range: the list has 1 item"},
                {"msg.amount[0]", "error: int has no elements"},
                {"has(msg.amount)", "true"},
                {"has(msg.nothing)", "true"},
                {"has(msg.other)", "false"},
                {"has(msg.amount.x)", "error: no field \"x\" in int"},
                {"has({'a': 1}.a)", "true"},
                {"has(params.limit)", "true"},
                {"has(params.nope)", "false"},
                {"has(meta.idempotencyKey)", "false"},
                {"has(store.orders.o)", "false"}});
}

TEST_CASE("functions") {
    check_rows({{"size('\xc3\xa9\xe2\x86\x92\xf0\x9f\x98\x80')", "3"},
                {"[1, 2].size()", "2"},
                {"size({'a': 1})", "1"},
                {"'abc'.startsWith('ab')", "true"},
                {"'abc'.endsWith('bc')", "true"},
                {"'abc'.contains('x')", "false"},
                {"string(5) + string(true) + string('x')", "\"5truex\""},
                {"int('-12')", "-12"},
                {"int('1x')", "refused: \"1x\" is no 64-bit integer"},
                {"bool('true')", "true"},
                {"sum([1, 2, 3])", "6"},
                {"sum([])", "0"},
                {"min([3, 1, 2])", "1"},
                {"max([3, 1, 2])", "3"},
                {"min([])", "refused: \"min\" of an empty list"},
                {"max(msg.orderId)", "error: \"max\" does not take string"},
                {"sum([1, 'a'])", "refused: \"sum\" takes a list of int, not of string"},
                {"sum([9223372036854775807, 1])", "refused: integer overflow in sum"},
                {"get(msg, 'amount', 0)", "200"},
                {"get(msg, 'other', 7)", "7"},
                {"get(msg, 'nothing', 7)", "null"},
                {"get(null, 'a', 7)", "7"},
                {"get(store.orders, 'o-9', {}) == {}", "true"},
                {"get(store.orders, 'o-2', {}).total", "7"},
                {"get(msg.amount, 'a', 7)", "error: \"get\" does not take int"}});
}

TEST_CASE("macros") {
    check_rows({{"[1, 2, 3].all(x, x > 0)", "true"},
                {"[1, 2, 3].exists(x, x == 2)", "true"},
                {"[1, 2, 2].exists_one(x, x == 2)", "false"},
                {"[1, 2, 3].filter(x, x % 2 == 1)", "[1, 3]"},
                {"[1, 2].map(x, [x].map(y, x + y)[0])", "[2, 4]"},
                {"[1, 2, 3].map(x, x > 1, x * 10)", "[20, 30]"},
                {"{'b': 1, 'a': 2}.map(k, k)", "[\"a\", \"b\"]"},
                {"{'b': 1, 'a': 2}.filter(k, k == 'b')", "[\"b\"]"},
                {"{'b': 1, 'a': 2}.all(k, v, k != 'c' && v > 0)", "true"},
                {"[4, 5].exists(i, v, i == 1 && v == 5)", "true"},
                {"{'a': 1, 'b': 1}.existsOne(k, v, v == 1)", "false"},
                {"[4, 5].transformList(i, v, i * v)", "[0, 5]"},
                {"[4, 5].transformList(i, v, i > 0, v)", "[5]"},
                {"{'a': 1, 'b': 2}.transformMap(k, v, v * 2)", "{\"a\": 2, \"b\": 4}"},
                {"{'a': 1, 'b': 2}.transformMap(k, v, v > 1, k)", "{\"b\": \"b\"}"},
                {"[1].transformMap(i, v, v)", "refused: a key of a map is a string, not int"},
                {"[1, 0].exists(x, 2 / x > 1)", "true"},
                {"[0, 1].exists(x, 2 / x > 1)", "true"},
                {"[0, 1].all(x, 2 / x > 1)", "refused: division by zero"},
                {"[0, 1].all(x, 2 / x > 5)", "false"},
                {"[0, 1].exists_one(x, 2 / x > 1)", "refused: division by zero"},
                {"[0, 1].map(x, 2 / x)", "refused: division by zero"},
                {"[].all(x, x.y.z)", "true"},
                {"msg.amount.all(x, true)", "error: \"all\" goes through a list or a map, not int"},
                {"[msg].all(x, x.amount)", "error: the condition of \"all\" is a bool, not int"},
                {"[{'a': 1}, {'a': 2}].map(msg, msg.a)", "[1, 2]"}});
}

TEST_CASE("meta") {
    check_rows(
        {{"meta.time", "\"0.015s\""},
         {"meta.attempt", "2"},
         {"meta.id", "\"00000000000000000000000000000000\""},
         {"meta.idempotencyKey", "null"},
         {"meta.tiem", "refused: unknown field of \"meta\" \"tiem\" (did you mean \"time\"?)"},
         {"meta", "refused: \"meta\" is no value by itself: select a field, as in \"meta.time\""}});
}
