// What came of the faults at each site: harmless, violating, or never reached.
#include "explore/sites.h"

#include <algorithm>
#include <map>

#include "explore/prepare.h"
#include "explore/search.h"
#include "support/catch.h"
#include "support/worlds.h"

namespace sagalab::explore {
namespace {

// An order and its payment. PaymentService keeps nothing, so that a lost PayOrder and a lost Paid
// lead to one world.
std::string orders(const std::string& bounds, const std::string& outbox = "false") {
    return R"json({"scenario": "Orders", "allow": ["dual-write"], "services": {
      "OrderService": {"outbox": )json" +
           outbox + R"json(, "store": {"orders": {}}, "on": {
        "CreateOrder": [
          {"insert": "orders", "key": "msg.orderId", "row": {"status": "pending"}},
          {"if": "msg.orderId == 'nobody'", "then": [{"publish": "Alarm", "copy": ["orderId"]}]},
          {"publish": "PayOrder", "copy": ["orderId"]}],
        "Paid": [{"update": "orders", "key": "msg.orderId", "set": {"status": "paid"}}]}},
      "PaymentService": {"on": {
        "PayOrder": [{"publish": "Paid", "copy": ["orderId"]}],
        "Alarm": [{"log": "alarm"}]}}},
      "workload": [{"publish": "CreateOrder", "data": {"orderId": "o-1"}, "as": "order"}],
      "expect": {"finally": {
        "no order hangs": "OrderService.orders.all(id, o, o.status == 'paid')"}},
      "explore": )json" +
           bounds + "}";
}

SearchResult searched(const std::string& text, SearchOptions options = {}) {
    const program::Program program = prepared(*test::load(text));
    options.keep_going = true;
    return search(program, bounds_of(program), options);
}

// By name: "violating", "harmless", "never".
std::map<std::string, std::string> outcomes(const SearchResult& result) {
    std::map<std::string, std::string> by_name;
    for (const SiteOutcome& site : result.sites) {
        CHECK(by_name.count(site.name) == 0);
        by_name[site.name] = site.fired == 0 ? "never" : site.violates ? "violating" : "harmless";
    }
    return by_name;
}

using Outcomes = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("each place at which a message may be lost is harmless, violating or never reached") {
    CHECK(outcomes(searched(orders(R"({"drop": 1})"))) ==
          Outcomes{{"drop PayOrder to PaymentService", "violating"},
                   {"drop Paid to OrderService", "violating"},
                   {"drop Alarm to PaymentService", "never"}});
    CHECK(outcomes(searched(orders(R"({"duplicate": 1, "only": ["PaymentService"]})"))) ==
          Outcomes{{"duplicate PayOrder to PaymentService", "harmless"},
                   {"duplicate Alarm to PaymentService", "never"}});
    CHECK(outcomes(searched(orders(R"({"drop": 1, "faults": 0})"))).empty());
}

TEST_CASE("crashes are told by the point and the handler") {
    const Outcomes found = outcomes(searched(orders(R"({"crash": 1, "only": ["OrderService"]})")));
    CHECK(found.at("crash OrderService after insert orders, handling CreateOrder") == "violating");
    CHECK(found.at("crash OrderService before receive, handling CreateOrder") == "harmless");
    CHECK(found.at("crash OrderService after update orders, handling Paid") == "harmless");
    CHECK(found.at("crash OrderService after publish Alarm, handling CreateOrder") == "never");
    for (const auto& [name, outcome] :
         outcomes(searched(orders(R"({"crash": 1, "only": ["OrderService"]})", "true")))) {
        INFO(name);
        CHECK(outcome != "violating");
    }
}

TEST_CASE("a write that fails is told with its table and its code") {
    const Outcomes found = outcomes(
        searched(orders(R"({"failStore": {"max": 1, "with": ["Full", "Locked"]}})", "true")));
    CHECK(found.size() == 2);
    CHECK(found.count("write to OrderService.orders fails with Full") == 1);
    CHECK(found.count("write to OrderService.orders fails with Locked") == 1);
}

// Two losses of which each is harmless alone: the first attempt, and the second.
TEST_CASE("a fault is to blame only with as many faults as are left") {
    const std::string text = R"json({"scenario": "Pings", "services": {
      "Caller": {"store": {"done": {}}, "on": {"Start": [
        {"call": "Callee.Ping", "timeout": "10ms",
         "retry": {"maxAttempts": 2, "delay": "1ms", "on": ["unknown"]},
         "onError": {"unknown": [{"stop": "gave up"}]}},
        {"insert": "done", "key": "'it'", "row": {}}]}},
      "Callee": {"api": {"Ping": [{"reply": "'pong'"}]}}},
      "workload": [{"publish": "Start", "as": "start"}],
      "expect": {"finally": {"it is done": "size(Caller.done) == 1"}},
      "explore": {"drop": )json";
    const std::string site = "drop Callee.Ping to Callee";
    CHECK(outcomes(searched(text + "1}}")).at(site) == "harmless");
    CHECK(outcomes(searched(text + "2}}")).at(site) == "violating");
}

// dropReply is for another reply only, and never spent: drop is for all of them.
TEST_CASE("a reply that the budget of replies leaves out is lost by the other one") {
    const std::string text = R"json({"scenario": "Asking", "services": {
      "Shop": {"store": {"told": {}}, "on": {"Start": [
        {"call": "Stock.Ask", "timeout": "10ms", "onError": {"unknown": [{"stop": "no stock"}]}},
        {"insert": "told", "key": "'stock'", "row": {}},
        {"call": "Price.Ask", "timeout": "10ms", "onError": {"unknown": [{"stop": "no price"}]}},
        {"insert": "told", "key": "'price'", "row": {}}]}},
      "Stock": {"api": {"Ask": [{"reply": "1"}]}},
      "Price": {"api": {"Ask": [{"reply": "1"}]}}},
      "workload": [{"publish": "Start", "as": "start"}],
      "expect": {"finally": {"stock is told": "'stock' in Shop.told"}},
      "explore": {"drop": 1, "dropReply": {"max": 1, "only": ["Price.Ask"]}, "faults": 1}})json";
    const Outcomes found = outcomes(searched(text));
    CHECK(found.at("drop reply of Stock.Ask to Shop") == "violating");
    CHECK(found.at("drop reply of Price.Ask to Shop") == "harmless");
}

// A pause has a place for each service, a cut one for each pair: nobody sends an alarm.
TEST_CASE("pauses and cuts are told by the services, also where no path comes to them") {
    const std::string text = R"json({"scenario": "Paying", "services": {
      "Shop": {"replicas": 2, "store": {"orders": {}}, "on": {"Order": [
        {"upsert": "orders", "key": "'it'", "set": {"status": "pending"}},
        {"call": "Bank.Pay", "timeout": "50ms", "onError": [{"stop": "nobody answers"}]},
        {"upsert": "orders", "key": "'it'", "set": {"status": "paid"}},
        {"if": "msg.loud", "then": [{"publish": "Alarm"}]}]}},
      "Bank": {"api": {"Pay": [{"reply": "1"}]}},
      "Police": {"on": {"Alarm": [{"log": "alarm"}]}}},
      "workload": [{"publish": "Order", "data": {"loud": false}, "as": "order"}],
      "expect": {"finally": {"it is paid": "Shop.orders['it'].status == 'paid'"}},
      "explore": )json";
    const Outcomes whole =
        outcomes(searched(text + R"({"pause": 1, "partition": 1, "faults": 1}})"));
    CHECK(whole == Outcomes{{"pause Shop", "harmless"},
                            {"pause Bank", "violating"},
                            {"pause Police", "never"},
                            {"cut Bank from Shop", "violating"},
                            {"cut Police from Shop", "never"}});
    CHECK(outcomes(searched(text + R"({"pause": {"max": 1, "only": ["Shop", "Police"]}}})")) ==
          Outcomes{{"pause Shop", "harmless"}, {"pause Police", "never"}});
    CHECK(
        outcomes(searched(text + R"({"partition": {"max": 1, "only": [["Police", "Shop"]]}}})")) ==
        Outcomes{{"cut Police from Shop", "never"}});
    CHECK(outcomes(searched(text + R"({"pause": 1, "partition": 1, "faults": 0}})")).empty());
}

TEST_CASE("what came of each site is the same on any number of threads") {
    const std::string text = orders(
        R"({"crash": 1, "drop": 1, "duplicate": 1, "pause": 1, "partition": 1, "faults": 2})");
    auto all = [&](unsigned threads, std::uint32_t shard, std::uint32_t shards) {
        SearchOptions options;
        options.threads = threads;
        options.shard = shard;
        options.shards = shards;
        std::map<std::string, std::pair<std::uint64_t, bool>> sites;
        for (const SiteOutcome& site : searched(text, options).sites) {
            sites[site.name] = {site.fired, site.violates};
        }
        return sites;
    };
    const auto one = all(1, 0, 1);
    CHECK(one == all(2, 0, 1));
    CHECK(one == all(8, 0, 1));
    // A shard tells of its own part: together they reach what the whole does.
    const auto first = all(1, 0, 2);
    const auto second = all(1, 1, 2);
    REQUIRE(first.size() == one.size());
    for (const auto& [name, outcome] : one) {
        INFO(name);
        CHECK((first.at(name).first != 0 || second.at(name).first != 0) == (outcome.first != 0));
        CHECK((outcome.second || !(first.at(name).second || second.at(name).second)));
    }
}

}  // namespace sagalab::explore
