#include "explore/mutate.h"

#include "explore/mutants.h"
#include "explore/prepare.h"
#include "support/worlds.h"

namespace sagalab::explore {
namespace {

// What each mutant came to, one a line: "killed OrderService has no outbox: finally "..." 1".
std::string bitten(const std::string& text, const SearchOptions& options = {}) {
    std::vector<program::Program> programs;
    for (const auto& loaded : test::load_cases(text)) programs.push_back(prepared(*loaded));
    std::vector<MutatedCase> cases;
    for (const program::Program& program : programs) {
        cases.push_back({&program, bounds_of(program)});
    }
    const Teeth teeth = bite(cases, options);
    if (teeth.ending == TeethEnding::broken) return "broken: " + teeth.why + "\n";
    if (teeth.ending == TeethEnding::stopped) return "stopped: " + teeth.why + "\n";
    std::string out;
    for (const MutantReport& each : teeth.mutants) {
        out += std::string(fate_name(each.fate)) + " " + each.name;
        if (each.fate == Fate::killed) out += ": " + each.by + " " + std::to_string(each.faults);
        if (each.fate == Fate::undecided) out += ": " + each.why;
        out += "\n";
    }
    return out;
}

std::string orders(const std::string& expect, const std::string& more = "") {
    return R"({"scenario": "Orders", "services": {
      "OrderService": {"outbox": true, "store": {"orders": {}}, "on": {
        "CreateOrder": [
          {"insert": "orders", "key": "msg.orderId", "row": {"status": "pending"}},
          {"publish": "PayOrder", "copy": ["orderId"]}],
        "Paid": [{"update": "orders", "key": "msg.orderId", "set": {"status": "paid"}}]}},
      "PaymentService": {"outbox": true, "inbox": true, "store": {"payments": {}}, "on": {
        "PayOrder": [
          {"upsert": "payments", "key": "msg.orderId", "set": {"n": "${get(row, 'n', 0) + 1}"}},
          {"publish": "Paid", "copy": ["orderId"]}]}}},
      "workload": [{"publish": "CreateOrder", "data": {"orderId": "o-1"}}],
      "explore": {"crash": 1, "duplicate": 1, "faults": 1},)" +
           more + R"("expect": {"finally": {)" + expect + "}}}";
}

const std::string paid =
    R"json("every order is paid": "OrderService.orders.all(id, o, o.status == 'paid')")json";
const std::string once =
    R"json("nobody pays twice": "PaymentService.payments.all(id, p, p.n == 1)")json";

// Stock is reserved, then paid for, then it cannot be sent after all.
std::string saga(const std::string& compensation) {
    return R"json({"scenario": "Saga", "services": {
      "OrderSaga": {"sagas": {"PlaceOrder": {"id": "msg.orderId", )json" +
           compensation + R"json( "steps": [
        {"call": "Stock.Reserve", "copy": ["orderId"],
         "compensate": {"call": "Stock.Release", "copy": ["orderId"]}},
        {"call": "Pay.Charge", "copy": ["orderId"],
         "compensate": {"call": "Pay.Refund", "copy": ["orderId"]}},
        {"call": "Ship.Send", "copy": ["orderId"], "kind": "pivot"}]}}},
      "Stock": {"store": {"held": {}}, "api": {
        "Reserve": [{"upsert": "held", "key": "msg.orderId", "set": {}}, {"reply": {}}],
        "Release": [{"delete": "held", "key": "msg.orderId"}, {"reply": {}}]}},
      "Pay": {"store": {"paid": {}}, "api": {
        "Charge": [{"upsert": "paid", "key": "msg.orderId", "set": {}}, {"reply": {}}],
        "Refund": [{"delete": "paid", "key": "msg.orderId"}, {"reply": {}}]}},
      "Ship": {"api": {"Send": [
        {"choose": [true, false], "as": "can"},
        {"if": "can", "then": [{"reply": {}}], "else": [{"reject": "OutOfReach"}]}]}}},
      "workload": [{"call": "OrderSaga.PlaceOrder", "data": {"orderId": "o-1"}}],
      "explore": {"drop": 1, "dropReply": 1, "faults": 1, "only": ["Pay"]},
      "expect": {
        "always": {"what is paid for is held": "Pay.paid.all(id, p, id in Stock.held)"},
        "finally": {"nothing is half done": "size(Stock.held) == size(Pay.paid)"}}})json";
}

// A shop that charges a card, whose answer may be lost.
const std::string shop = R"json({"scenario": "Shop", "services": {
  "Pay": {"inbox": true, "store": {"paid": {}}, "api": {"Charge": [
    {"upsert": "paid", "key": "msg.orderId", "set": {"n": "${get(row, 'n', 0) + 1}"}},
    {"reply": {}}]}},
  "Shop": {"store": {"done": {}}, "api": {"Order": [
    {"call": "Pay.Charge", "copy": ["orderId"], "idempotencyKey": "msg.orderId",
     "retry": {"maxAttempts": 2}, "timeout": "50ms"},
    {"insert": "done", "key": "msg.orderId", "row": {}}, {"reply": {}}]}}},
  "workload": [{"call": "Shop.Order", "data": {"orderId": "o-1"}}],
  "explore": {"dropReply": 1},
  "expect": {"finally": {
    "the order is done": "size(Shop.done) == 1",
    "nobody pays twice": "Pay.paid.all(id, p, p.n == 1)"}}})json";

// Seats are sold to who knows the newest version; a board counts them.
std::string seats(const std::string& checkpoint) {
    return R"json({"scenario": "Seats", "services": {
      "Shows": {"aggregates": {"Show": {"apply": {
          "SeatSold": {"sold": "${get(state, 'sold', 0) + 1}"}}}},
        "api": {"Sell": [
          {"append": "SeatSold", "to": "Show", "key": "msg.show",
           "expectedVersion": "${msg.version}",
           "onError": {"WrongExpectedVersion": [{"reject": "Taken"}]}},
          {"reply": {}}]}},
      "Board": {"projections": {"counts": {
        "from": "Shows.Show", "key": "meta.stream", "checkpoint": ")json" +
           checkpoint + R"json(",
        "on": {"SeatSold": {"set": {"n": "${get(row, 'n', 0) + 1}"}}}}}}},
      "workload": [
        {"call": "Shows.Sell", "data": {"show": "s-1", "version": 0}},
        {"call": "Shows.Sell", "data": {"show": "s-1", "version": 0}}],
      "explore": {"crash": 1, "only": ["Board"]},
      "expect": {"finally": {
        "the seat is sold once": "Shows.Show.all(s, x, x.sold == 1)",
        "the board knows": "Shows.Show.all(s, x, get(Board.counts, s, {'n': 0}).n == x.sold)"}}})json";
}

}  // namespace

TEST_CASE("an outbox and an inbox are missed by the expectations that need them") {
    CHECK(bitten(orders(paid + ", " + once)) ==
          "killed OrderService has no outbox: finally \"every order is paid\" 1\n"
          "killed PaymentService has no outbox: finally \"nobody pays twice\" 1\n"
          "killed PaymentService has no inbox: finally \"nobody pays twice\" 1\n");
}

TEST_CASE("a safeguard that no expectation asks for survives") {
    CHECK(bitten(orders(paid)) ==
          "killed OrderService has no outbox: finally \"every order is paid\" 1\n"
          "survived PaymentService has no outbox\n"
          "survived PaymentService has no inbox\n");
}

TEST_CASE("a saga without its undos or without one of its rules is noticed") {
    CHECK(bitten(saga("")) ==
          "killed OrderSaga.PlaceOrder does not undo Stock.Reserve: "
          "finally \"nothing is half done\" 0\n"
          "killed OrderSaga.PlaceOrder does not undo Pay.Charge: "
          "always \"what is paid for is held\" 0\n"
          "killed OrderSaga.PlaceOrder undoes its steps side by side: "
          "always \"what is paid for is held\" 0\n"
          "killed OrderSaga.PlaceOrder undoes only steps known to have succeeded: "
          "always \"what is paid for is held\" 1\n");
}

TEST_CASE("only what is written is taken away") {
    const std::string relaxed = saga(R"("compensation": {"retry": {"maxAttempts": 9}},)");
    CHECK(bitten(relaxed).find("killed OrderSaga.PlaceOrder tries each undo once only: finally") !=
          std::string::npos);
    CHECK(bitten(saga("")).find("tries each undo") == std::string::npos);
}

TEST_CASE("a call without its retry or its key is noticed") {
    CHECK(bitten(shop) ==
          "killed Pay has no inbox: finally \"nobody pays twice\" 1\n"
          "killed Shop.Order calls Pay.Charge once only: finally \"the order is done\" 1\n"
          "killed Shop.Order calls Pay.Charge without an idempotency key: "
          "finally \"nobody pays twice\" 1\n");
}

TEST_CASE("any version and a checkpoint of its own are noticed") {
    CHECK(bitten(seats("atomic")) ==
          "killed Shows.Sell appends to Show at any version: finally \"the seat is sold once\" 0\n"
          "killed Board.counts notes its position after the rows: finally \"the board knows\" 1\n"
          "killed Board.counts notes its position before the rows: "
          "finally \"the board knows\" 1\n");
}

TEST_CASE("the version that a handler has read is a safeguard as well") {
    const std::string account = R"json({"scenario": "Account", "services": {
      "Fraud": {"api": {"Check": [{"reply": {}}]}},
      "Bank": {"aggregates": {"Account": {
          "apply": {"Opened": {"left": 1}, "Taken": {"left": "${state.left - 1}"}},
          "streams": {"a-1": [{"event": "Opened", "data": {}}]}}},
        "on": {"Take": [
          {"if": "store.Account[msg.account].left > 0", "then": [
            {"call": "Fraud.Check"},
            {"append": "Taken", "to": "Account", "key": "msg.account"}]}]}}},
      "workload": [{"publish": "Take", "data": {"account": "a-1"}},
                   {"publish": "Take", "data": {"account": "a-1"}}],
      "explore": {"faults": 0},
      "expect": {"always": {"nobody owes": "Bank.Account.all(id, a, a.left >= 0)"}}})json";
    CHECK(bitten(account) ==
          "killed Bank.Take appends to Account at any version: always \"nobody owes\" 0\n");
}

TEST_CASE("mutants have the line at which their safeguard stands") {
    const auto program = test::load(shop);
    std::string places;
    for (const Mutant& mutant : mutants(*program)) places += mutant.place + " ";
    CHECK(places == "test.json:2 test.json:6 test.json:6 ");
}

TEST_CASE("a mutant is killed in whichever case") {
    const std::string cases = R"("cases": {"harmless": {"explore": {"crash": 0, "duplicate": 0}},
      "doubled": {"explore": {"crash": 0}}},)";
    CHECK(bitten(orders(paid + ", " + once, cases)) ==
          "survived OrderService has no outbox\n"
          "survived PaymentService has no outbox\n"
          "killed PaymentService has no inbox: finally \"nobody pays twice\" 1\n");
}

TEST_CASE("a file that is broken as it is proves nothing") {
    CHECK(bitten(orders(R"("no order is paid": "size(OrderService.orders) == 0")")) ==
          "broken: finally \"no order is paid\"\n");
}

TEST_CASE("a case without safeguards need not hold") {
    const std::string never = R"("never": "false")";
    const std::string bare = R"("bare": {"services": {
      "OrderService": {"outbox": false}, "PaymentService": {"outbox": false, "inbox": false}}})";
    const std::string whole = R"("whole": {"expect": {"finally": {"never": null, )" + once + "}}}";
    CHECK(bitten(orders(never, R"("cases": {)" + bare + "},")).empty());
    CHECK(bitten(orders(never, R"("cases": {)" + bare + ", " + whole + "},")) ==
          "survived OrderService has no outbox\n"
          "killed PaymentService has no outbox: finally \"nobody pays twice\" 1\n"
          "killed PaymentService has no inbox: finally \"nobody pays twice\" 1\n");
}

TEST_CASE("a search that is cut decides nothing") {
    SearchOptions options;
    options.states = 1;
    CHECK(bitten(orders(paid), options) == "stopped: more than 1 states\n");
}

TEST_CASE("mutants come to the same on any number of threads") {
    const std::string alone = bitten(orders(paid + ", " + once));
    SearchOptions options;
    for (unsigned threads : {2U, 8U}) {
        options.threads = threads;
        CHECK(bitten(orders(paid + ", " + once), options) == alone);
    }
}

}  // namespace sagalab::explore
