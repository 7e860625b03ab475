#include "explore/random.h"

#include <algorithm>
#include <set>

#include "explore/adversary.h"
#include "explore/judge.h"
#include "explore/prepare.h"
#include "explore/scheduler.h"
#include "support/worlds.h"

namespace sagalab::explore {
namespace {

using program::Program;
using world::Item;

// An order and its payment; without an outbox a crash between row and event leaves it pending.
std::string orders(const std::string& outbox, const std::string& explore,
                   const std::string& second = "") {
    return R"({"scenario": "Orders", "allow": ["dual-write"], "services": {
      "OrderService": {"outbox": )" +
           outbox + R"(, "store": {"orders": {}}, "on": {
        "CreateOrder": [
          {"insert": "orders", "key": "msg.orderId", "row": {"status": "pending"}},
          {"choose": ["card", "account"], "as": "way"},
          {"publish": "PayOrder", "copy": ["orderId"], "data": {"way": "${way}"}}],
        "Paid": [{"update": "orders", "key": "msg.orderId", "set": {"status": "paid"}}]}},
      "PaymentService": {"outbox": true, "inbox": true, "store": {"payments": {}}, "on": {
        "PayOrder": [
          {"insert": "payments", "key": "msg.orderId", "copy": ["way"]},
          {"publish": "Paid", "copy": ["orderId"]}]}}},
      "workload": [{"publish": "CreateOrder", "data": {"orderId": "o-1"}})" +
           second + R"(],
      "explore": {)" +
           explore + R"json(},
      "expect": {"finally": {
        "every order is paid": "OrderService.orders.all(id, o, o.status == 'paid')"}}})json";
}

const std::string all_kinds =
    R"("crash": 1, "drop": 1, "duplicate": 1, "delay": 1, "stall": 1, "failStore": 1, "faults": 2)";
const std::string harmless = R"("crash": 1, "duplicate": 1, "delay": 1, "faults": 2)";
const std::string another = R"(, {"publish": "CreateOrder", "data": {"orderId": "o-2"}})";

struct Explored {
    explicit Explored(const std::string& text)
        : program(prepared(*test::load(text))), bounds(bounds_of(program)) {}
    [[nodiscard]] RandomResult random(const RandomOptions& options) const {
        return random_runs(program, bounds, options);
    }
    Program program;
    program::Exploration bounds;
};

std::string summary(const RandomResult& result) {
    std::string text = std::to_string(result.runs) + " runs " +
                       std::to_string(result.found.transitions) + " steps " +
                       std::to_string(result.longest) + " longest " +
                       std::to_string(result.found.quiescent) + " ends " +
                       result.found.quiescent_worlds.hex() + "\n";
    for (std::size_t i = 0; i < result.seeds.size(); ++i) {
        const Violation& each = result.found.violations[i];
        text += std::to_string(result.seeds[i]) + " " + each.verdict.name;
        for (SiteWord site : each.sites) text += " " + std::to_string(site);
        for (const Step& step : each.path) text += " " + std::to_string(pack(step));
        text += "\n";
    }
    return text;
}

RandomOptions so_many(std::uint64_t runs, bool keep_going = false) {
    RandomOptions options;
    options.runs = runs;
    options.keep_going = keep_going;
    return options;
}

}  // namespace

TEST_CASE("faults that are listed are those that a search carries out") {
    const Explored explored(orders("false", all_kinds));
    Adversary adversary(explored.program, explored.bounds);
    std::vector<Node> nodes{adversary.start()};
    std::size_t faults = 0;
    for (int depth = 0; depth < 4; ++depth) {
        std::vector<Node> next;
        for (const Node& node : nodes) {
            const std::vector<Item> items = adversary.items(node);
            std::set<std::uint64_t> carried_out;
            std::set<std::uint64_t> listed;
            std::vector<Step> plain;
            adversary.expand(node, items, nullptr, [&](Successor&& found) {
                if (found.faults == 0) {
                    plain.push_back(found.step);
                    next.push_back(std::move(found.node));
                } else {
                    carried_out.insert(pack(found.step));
                }
            });
            for (const Step& step : plain) {
                const Item& item = items[step.item];
                const world::Passed passed = adversary.passed(node, item, step);
                for (const Step& fault : adversary.strikes(node, item, step, passed)) {
                    listed.insert(pack(fault));
                }
            }
            for (const Step& crash : adversary.at_rest(node)) listed.insert(pack(crash));
            CHECK(listed == carried_out);
            faults += listed.size();
        }
        nodes = std::move(next);
    }
    CHECK(faults > 100);
}

TEST_CASE("a failing seed fails in the same way by itself") {
    const Explored explored(orders("false", all_kinds));
    const RandomResult many = explored.random(so_many(500));
    REQUIRE(many.found.ending == Ending::violated);
    CHECK(many.runs == many.seeds[0]);
    RandomOptions one = so_many(1);
    one.seed_from = many.seeds[0];
    const RandomResult again = explored.random(one);
    REQUIRE(again.found.violations.size() == many.found.violations.size());
    CHECK(again.found.violations[0].sites == many.found.violations[0].sites);
    CHECK(again.found.violations[0].path.size() == many.found.violations[0].path.size());

    Adversary adversary(explored.program, explored.bounds);
    Node node = adversary.start();
    for (const Step& step : again.found.violations[0].path) {
        REQUIRE(adversary.replay(node, step, nullptr));
    }
    const auto broken = Judge(explored.program).settled(node);
    REQUIRE(broken.size() == 1);
    CHECK(broken[0].name == "every order is paid");
}

TEST_CASE("random runs come to the same on any number of threads") {
    const Explored explored(orders("false", all_kinds, another));
    for (std::uint32_t depth : {0U, 3U}) {
        RandomOptions options = so_many(400, true);
        options.depth = depth;
        const std::string alone = summary(explored.random(options));
        CHECK(alone.find("400 runs") == 0);
        for (unsigned threads : {2U, 8U}) {
            options.threads = threads;
            CHECK(summary(explored.random(options)) == alone);
        }
    }
}

TEST_CASE("random runs end where a search ends, and in all of its ends") {
    const Explored explored(orders("true", harmless));
    const SearchResult all = search(explored.program, explored.bounds, {});
    REQUIRE(all.ending == Ending::exhausted);
    for (std::uint32_t depth : {0U, 2U}) {
        RandomOptions options = so_many(3000);
        options.depth = depth;
        const RandomResult some = explored.random(options);
        CHECK(some.found.ending == Ending::exhausted);
        CHECK(some.runs == 3000);
        CHECK(some.found.quiescent == all.quiescent);
        CHECK(some.found.quiescent_worlds == all.quiescent_worlds);
    }
}

TEST_CASE("no run has more faults than the bounds allow, some have as many") {
    const Explored explored(orders("false", all_kinds));
    RandomOptions options = so_many(1000, true);
    std::uint32_t most = 0;
    for (const Violation& each : explored.random(options).found.violations) {
        most = std::max(most, each.faults);
    }
    CHECK(most == 2);
}

TEST_CASE("a run that does not end is cut, and no pass") {
    const Explored explored(orders("true", harmless));
    RandomOptions options = so_many(10);
    options.steps = 3;
    const RandomResult result = explored.random(options);
    CHECK(result.found.ending == Ending::stopped);
    CHECK(result.found.why == "10 runs of more than 3 steps");
    CHECK(result.cut == 10);
}

TEST_CASE("random runs stop when they are asked to") {
    const Explored explored(orders("true", harmless));
    RandomOptions options = so_many(100'000);
    options.out_of_time = [] { return true; };
    const RandomResult result = explored.random(options);
    CHECK(result.found.ending == Ending::stopped);
    CHECK(result.found.why == "out of time");
    CHECK(result.runs < 100);
}

TEST_CASE("the service with the highest priority goes until a change point") {
    std::vector<Item> items(3);
    for (std::uint32_t i = 0; i < 3; ++i) {
        items[i].service = ServiceId(i);
        items[i].enabled = true;
    }
    std::set<std::vector<std::size_t>> orders_seen;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        Scheduler never_changed(Draws(seed), 3, 1, 10);
        std::vector<std::size_t> order;
        for (std::uint64_t step = 0; step < 3; ++step) {
            order.push_back(never_changed.choose(items, step));
            CHECK(never_changed.choose(items, 10 + step) == order.back());
            items[order.back()].enabled = false;
        }
        for (Item& item : items) item.enabled = true;
        orders_seen.insert(order);

        Scheduler changed(Draws(seed), 3, 2, 10);
        std::size_t changes = 0;
        std::size_t before = changed.choose(items, 10);
        for (std::uint64_t step = 0; step < 10; ++step) {
            std::size_t now = changed.choose(items, step);
            if (step > 0 && now != before) ++changes;
            before = now;
        }
        CHECK(changes <= 1);
    }
    CHECK(orders_seen.size() == 6);
}

TEST_CASE("the promise of random priorities") {
    CHECK(one_in(4, 10, 1) == 4);
    CHECK(one_in(4, 10, 3) == 400);
    CHECK_FALSE(one_in(4, 100'000, 6).has_value());
}

}  // namespace sagalab::explore
