// What else breaks an expectation, and which pattern would have prevented it.
#include "explore/remedies.h"

#include <map>

#include "explore/prepare.h"
#include "support/catch.h"
#include "support/worlds.h"

namespace sagalab::explore {
namespace {

// Of each smallest set of faults what would have prevented it, ", " between; "" where nothing fits.
std::map<std::string, std::string> prevented(const std::string& text, bool keep_going = true) {
    const program::Program program = prepared(*test::load(text));
    const program::Exploration bounds = bounds_of(program);
    SearchOptions options;
    options.keep_going = keep_going;
    const SearchResult result = search(program, bounds, options);
    std::map<std::string, std::string> found;
    for (const Cause& cause : result.causes) {
        for (const SiteSet& sites : cause.sets) {
            std::string names;
            for (const std::string& name : remedies(program, bounds, cause, sites, options)) {
                names += (names.empty() ? "" : ", ") + name;
            }
            found[cause.name + ": " + names_of(program, bounds, sites)] = names;
        }
    }
    return found;
}

using Prevented = std::map<std::string, std::string>;

std::string orders(const std::string& payment, const std::string& claim,
                   const std::string& bounds) {
    return R"json({"scenario": "Orders", "allow": ["dual-write"],
      "services": {
      "OrderService": {"store": {"orders": {}}, "on": {
        "CreateOrder": [
          {"insert": "orders", "key": "msg.orderId", "row": {"status": "pending"}},
          {"publish": "PayOrder", "copy": ["orderId"]}],
        "Paid": [{"update": "orders", "key": "msg.orderId", "set": {"status": "paid"}}]}},
      "PaymentService": {)json" +
           payment + R"json("store": {"payments": {}}, "on": {
        "PayOrder": [
          {"upsert": "payments", "key": "msg.orderId", "set": {"n": "${get(row, 'n', 0) + 1}"}},
          {"publish": "Paid", "copy": ["orderId"]}]}}},
      "workload": [{"publish": "CreateOrder", "data": {"orderId": "o-1"}, "as": "order"}],
      "expect": {"finally": {)json" +
           claim + R"json(}}, "explore": )json" + bounds + "}";
}

const std::string paid = R"json("paid": "OrderService.orders.all(id, o, o.status == 'paid')")json";
const std::string once = R"json("once": "PaymentService.payments.all(id, p, p.n == 1)")json";

}  // namespace

TEST_CASE("an outbox prevents a forgotten message, and nothing prevents a lost one") {
    CHECK(prevented(orders("", paid, R"({"crash": 1, "drop": 1, "faults": 1,
                                        "only": ["OrderService", "PayOrder"]})")) ==
          Prevented{{"paid: drop PayOrder to PaymentService", ""},
                    {"paid: drop Paid to OrderService", ""},
                    {"paid: crash OrderService after insert orders, handling CreateOrder",
                     "an outbox in OrderService"}});
}

TEST_CASE("an inbox prevents a second effect") {
    CHECK(prevented(orders("", once, R"({"duplicate": 1})")) ==
          Prevented{{"once: duplicate PayOrder to PaymentService", "an inbox in PaymentService"}});
}

TEST_CASE("a pattern that does not help is not told") {
    // Without an inbox a crash after the write has it done twice; an outbox makes one commit of
    // both, but the message is still handled again after a crash behind the commit.
    const Prevented found = prevented(orders("", once, R"({"crash": 1})"));
    REQUIRE(found.count("once: crash PaymentService after commit, handling PayOrder") == 1);
    CHECK(found.at("once: crash PaymentService after commit, handling PayOrder") ==
          "an inbox in PaymentService");
    for (const auto& [faults, names] : found) {
        INFO(faults);
        CHECK(names.find("PaymentService") != std::string::npos);
        CHECK(names.find("OrderService") == std::string::npos);
    }
}

TEST_CASE("the smallest sets of faults contain none of each other") {
    const Prevented found =
        prevented(orders("", paid, R"({"crash": 1, "drop": 2, "duplicate": 1, "faults": 2})"));
    CHECK(found.count("paid: drop PayOrder to PaymentService") == 1);
    // Paid and PayOrder lost together is no smallest set.
    for (const auto& [faults, names] : found) {
        INFO(faults);
        CHECK((faults.find("; ") == std::string::npos ||
               faults.find("drop PayOrder") == std::string::npos));
    }
    CHECK(smallest({{2, 3}, {1}, {1, 4}, {3, 5}}) == std::vector<SiteSet>{{1}, {2, 3}, {3, 5}});
    CHECK(smallest({{1, 2}, {1, 2}, {1, 1}}) == std::vector<SiteSet>{{1, 1}, {1, 2}});
    CHECK(smallest({{4}, {}}) == std::vector<SiteSet>{{}});
}

TEST_CASE("an expected version prevents a lost update") {
    const std::string append = R"json({"scenario": "Stock", "services": {
      "Shop": {
        "aggregates": {"stock": {
          "initial": {"left": 0},
          "apply": {"Stocked": {"left": "${event.qty}"},
                    "Sold": {"left": "${state.left - event.qty}"}},
          "streams": {"lamp": [{"event": "Stocked", "data": {"qty": 1}}]}}},
        "on": {"Order": [
          {"let": {"left": "${store.stock['lamp'].left}"}},
          {"if": "left < 1", "stop": "sold out"},
          {"call": "Prices.Ask", "as": "price"},
          {"append": "Sold", "to": "stock", "key": "'lamp'", "data": {"qty": 1},
           "expectedVersion": "any"}]}},
      "Prices": {"api": {"Ask": [{"reply": "30"}]}}},
      "workload": [{"publish": "Order", "as": "a"}, {"publish": "Order", "as": "b"}],
      "expect": {"finally": {"enough": "Shop.stock.all(id, s, s.left >= 0)"}},
      "explore": {"drop": 0}})json";
    CHECK(prevented(append) ==
          Prevented{{"enough: ", "an expected version where Shop.Order appends"}});
}

TEST_CASE("an idempotency key prevents a second charge") {
    auto charges = [](const std::string& callee, const std::string& steps) {
        return R"json({"scenario": "Charges", "allow": ["retry-without-key"], "services": {
          "Shop": {"on": {"Order": [
            {"call": "Gateway.Charge", "copy": ["orderId"], "timeout": "50ms",
             "retry": {"maxAttempts": 3, "delay": "20ms"}}]}},
          "Gateway": {)json" +
               callee + R"json("store": {"charges": {}}, "api": {"Charge": [)json" + steps +
               R"json({"insert": "charges", "key": "key", "copy": ["orderId"]},
                      {"reply": {}}]}}},
          "workload": [{"publish": "Order", "data": {"orderId": "o-1"}, "as": "a"},
                       {"publish": "Order", "data": {"orderId": "o-2"}, "as": "b"}],
          "expect": {"finally": {"once": "size(Gateway.charges) <= 2"}},
          "explore": {"dropReply": 1}})json";
    };
    const std::string lost = "once: drop reply of Gateway.Charge to Shop";
    const std::string key = "an idempotency key where Shop.Order calls Gateway.Charge";
    CHECK(prevented(charges("", R"json({"let": {"key": "${meta.id}"}},)json")) ==
          Prevented{{lost, key + " and an inbox in Gateway"}});
    CHECK(prevented(charges(R"("external": true, )", R"json(
            {"let": {"key": "${meta.idempotencyKey == null ? meta.id : meta.idempotencyKey}"}},
            {"if": "key in store.charges", "then": [{"reply": {}}]},)json")) ==
          Prevented{{lost, key}});
}

// Another replica takes over and undoes what the first one goes on with.
TEST_CASE("fencing or an inbox or both keep a pause of an orchestrator from doing harm") {
    auto parcels = [](const std::string& fencing, const std::string& inbox,
                      const std::string& claim) {
        return R"json({"scenario": "Parcels", "services": {
          "Orders": {"replicas": 2, "lease": "100ms", "fencing": )json" +
               fencing + R"json(, "sagas": {"Ship": {"id": "msg.orderId", "steps": [
            {"call": "Parcels.Pack", "copy": ["orderId"],
             "compensate": {"call": "Parcels.Unpack", "copy": ["orderId"]}},
            {"wait": "50ms"},
            {"call": "Parcels.Send", "kind": "pivot", "copy": ["orderId"]}],
            "deadline": "80ms"}}},
          "Parcels": {"inbox": )json" +
               inbox + R"json(, "store": {"packed": {}, "sent": {}}, "api": {
            "Pack": [{"upsert": "packed", "key": "msg.orderId",
                      "set": {"times": "${get(row, 'times', 0) + 1}"}}],
            "Unpack": [{"delete": "packed", "key": "msg.orderId"}],
            "Send": [{"upsert": "sent", "key": "msg.orderId", "set": {}}]}}},
          "workload": [{"call": "Orders.Ship", "data": {"orderId": "o-1"}, "as": "first",
                        "timeout": "1m"}],
          "expect": {"always": {)json" +
               claim + R"json(}}, "explore": {"pause": {"max": 1, "only": "Orders"}}})json";
    };
    const std::string packed =
        R"json("packed": "Parcels.sent.all(id, s, id in Parcels.packed)")json";
    const std::string packed_once = R"json("once": "Parcels.packed.all(id, p, p.times == 1)")json";
    const std::string fence = "fencing of the replicas of Orders";
    CHECK(prevented(parcels("false", "true", packed)) ==
          Prevented{{"packed: pause Orders", fence}});
    CHECK(prevented(parcels("true", "true", packed)).empty());
    CHECK(prevented(parcels("true", "false", packed_once)) ==
          Prevented{{"once: pause Orders", "an inbox in Parcels"}});
    CHECK(prevented(parcels("false", "false", packed_once)) ==
          Prevented{{"once: pause Orders", "an inbox in Parcels"}});
    CHECK(prevented(parcels("false", "false", packed)) ==
          Prevented{{"packed: pause Orders", fence}});
    const std::string whole = R"json("whole": "Parcels.packed.all(id, p, p.times == 1) &&)json"
                              R"json( Parcels.sent.all(id, s, id in Parcels.packed)")json";
    CHECK(prevented(parcels("false", "false", whole)) ==
          Prevented{{"whole: pause Orders", fence + " and an inbox in Parcels"}});
}

TEST_CASE("an idempotency key prevents a second charge after a pause or a cut as well") {
    auto charges = [](const std::string& bounds, const std::string& inbox) {
        return R"json({"scenario": "Charges", "allow": ["retry-without-key"], "services": {
          "Shop": {"on": {"Order": [
            {"call": "Gateway.Charge", "copy": ["orderId"], "timeout": "50ms",
             "retry": {"maxAttempts": 2, "delay": "20ms"},
             "onError": [{"stop": "nobody answers"}]}]}},
          "Gateway": {"inbox": )json" +
               inbox + R"json(, "store": {"charges": {}}, "api": {"Charge": [
            {"insert": "charges", "key": "meta.id", "copy": ["orderId"]}, {"reply": {}}]}},
          "Clock": {"on": {"Tick": []}}},
          "workload": [{"publish": "Order", "data": {"orderId": "o-1"}, "as": "a"},
                       {"at": "100ms", "publish": "Tick"}],
          "expect": {"finally": {"once": "size(Gateway.charges) <= 1"}},
          "explore": )json" +
               bounds + "}";
    };
    const std::string key = "an idempotency key where Shop.Order calls Gateway.Charge";
    const std::string both = key + " and an inbox in Gateway";
    for (const auto& [inbox, remedy] : {std::pair("true", key), std::pair("false", both)}) {
        CHECK(prevented(charges(R"({"partition": 1})", inbox)) ==
              Prevented{{"once: cut Gateway from Shop", remedy}});
        CHECK(prevented(charges(R"({"pause": 1})", inbox)) ==
              Prevented{{"once: pause Gateway", remedy}, {"once: pause Shop", remedy}});
    }
}

TEST_CASE("also without going on the other ways that are seen as soon are told") {
    const Prevented found = prevented(orders("", paid, R"({"drop": 1})"), false);
    CHECK(found.count("paid: drop PayOrder to PaymentService") == 1);
}

}  // namespace sagalab::explore
