// Which claims have a premise, which one it is, and whether it was true.
#include "program/premise.h"

#include "language/cel_fixture.h"
#include "program/eval.h"
#include "support/catch.h"

using namespace sagalab;

namespace {

// "premise: met", "premise: never", or "" where there is none. The rows are o-1 (paid, 5) and o-2
// (new, 7).
std::string premise(const std::string& claim) {
    language::CelFixture f;
    const ExpressionId id = f.compiled(claim);
    REQUIRE(id.valid());
    const auto found = program::premise_of(f.program, f.program[id]);
    if (!found) return "";
    program::PremiseWatch watch;
    watch.at = found->at;
    program::Environment environment = f.environment();
    const Value plain = program::evaluate(f.program, id, environment);
    environment.premise = &watch;
    CHECK(program::evaluate(f.program, id, environment) == plain);
    return found->text + (watch.met ? ": met" : ": never");
}

}  // namespace

TEST_CASE("the premise of an implication is what its first disjunct denies") {
    CHECK(premise("store.orders.all(id, o, o.status != 'paid' || o.total == 5)") ==
          "o.status == 'paid': met");
    CHECK(premise("store.orders.all(id, o, o.status != 'gone' || o.total == 5)") ==
          "o.status == 'gone': never");
    CHECK(premise("store.orders.all(id, o, !(id in store.orders) || o.total > 0)") ==
          "(id in store.orders): met");
    CHECK(premise("store.orders.all(id, o, !(o.total == 9 || o.total == 8) || o.total > 0)") ==
          "(o.total == 9 || o.total == 8): never");
    CHECK(premise("store.orders.all(id, o, o.status != 'new' || o.total == 1 || o.total == 7)") ==
          "o.status == 'new': met");
    CHECK(premise("store.orders.all(id, o, !(o.total > 6) || (o.total == 1 || o.total == 7))") ==
          "(o.total > 6): met");
    CHECK(premise("name != 'card' || msg.amount > 1") == "name == 'card': met");
    CHECK(premise("name != 'cash' || msg.amount > 1") == "name == 'cash': never");
}

TEST_CASE("a conditional that is otherwise true is an implication") {
    CHECK(premise("store.orders.all(id, o, o.status == 'new' ? o.total == 7 : true)") ==
          "o.status == 'new': met");
    CHECK(premise("store.orders.all(id, o, o.status == 'x' ? o.total == 7 : true)") ==
          "o.status == 'x': never");
    CHECK(premise("name == 'x' ? false : true") == "name == 'x': never");
    CHECK(premise("name == 'x' ? true : name == 'card'").empty());
}

TEST_CASE("a premise may stand in nested quantifiers") {
    CHECK(premise("[1, 2].all(i, store.orders.all(id, o, o.total != i + 4 || o.total < 6))") ==
          "o.total == i + 4: met");
    CHECK(premise("[1, 2].all(i, store.orders.all(id, o, o.total != i || o.total < 6))") ==
          "o.total == i: never");
}

TEST_CASE("other claims have no premise") {
    for (const char* claim :
         {"store.orders.all(id, o, o.total > 0)", "name == 'card' || msg.amount > 1",
          "store.orders.exists(id, o, o.status != 'paid' || o.total == 5)",
          "!store.orders.exists(id, o, o.total < 0)", "name != 'card' && msg.amount > 1",
          "size(store.orders) == 2", "true", "name != 'card'",
          "(name != 'card' || msg.amount > 1) && msg.amount > 1",
          "name == 'card' ? name != 'x' || msg.amount > 1 : store.orders.all(id, o, !o.x || o.y)",
          "name == 'card' || store.orders.all(id, o, o.status != 'paid' || o.total == 5)"}) {
        INFO(claim);
        CHECK(premise(claim).empty());
    }
}

TEST_CASE("a premise that is an error is not true") {
    CHECK(premise("store.orders.all(id, o, !o.missing || o.total > 0)") == "o.missing: never");
}
