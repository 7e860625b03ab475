// Pauses and cuts that are explored: when they may begin, what waits meanwhile, and how they end.
#include <algorithm>
#include <string>

#include "explore/adversary.h"
#include "explore/names.h"
#include "explore/prepare.h"
#include "explore/random.h"
#include "explore/search.h"
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using explore::Adversary;
using explore::Deed;
using explore::Step;

namespace {

// An order that is paid by a call, and booked by an event.
Scenario paid(const std::string& explored, const std::string& more_of_shop = "",
              const std::string& bus = "{}") {
    Scenario scenario;
    scenario.services = R"("Shop": {)" + more_of_shop + R"( "store": {"orders": {}}, "on": {
        "Order": [{"upsert": "orders", "key": "msg.id", "set": {"status": "pending"}},
                  {"call": "Bank.Pay", "copy": ["id"], "timeout": "50ms",
                   "onError": [{"stop": "nobody answers"}]},
                  {"upsert": "orders", "key": "msg.id", "set": {"status": "paid"}},
                  {"publish": "Paid", "copy": ["id"]}]}},
      "Bank": {"store": {"payments": {}}, "api": {
        "Pay": [{"upsert": "payments", "key": "msg.id", "set": {}}]}},
      "Books": {"store": {"booked": {}}, "on": {
        "Paid": [{"upsert": "booked", "key": "msg.id", "set": {}}]}})";
    scenario.workload = R"({"publish": "Order", "data": {"id": "o-1"}, "as": "order"})";
    scenario.expect = R"json("finally": {
      "no order hangs": "Shop.orders.all(id, o, o.status == 'paid')"})json";
    scenario.more =
        R"("allow": ["dual-write"], "bus": )" + bus + R"(, "explore": {)" + explored + "},";
    return scenario;
}

// Walks by the names of steps.
class Path {
public:
    explicit Path(const Scenario& scenario)
        : program_(explore::prepared(*load(scenario))),
          bounds_(explore::bounds_of(program_)),
          adversary_(program_, bounds_),
          node_(adversary_.start()) {}

    Path& go(const std::string& name) {
        const auto step = explore::step_named(adversary_, node_, name);
        INFO(name << " is none of\n" << choices());
        REQUIRE(step);
        REQUIRE(adversary_.replay(node_, *step, &records_));
        return *this;
    }
    Path& go_on(std::initializer_list<const char*> names) {
        for (const char* name : names) go(name);
        return *this;
    }
    // Until nothing can happen any more, in canonical order.
    Path& to_the_end() {
        for (std::size_t steps = 0; steps < 100; ++steps) {
            const auto items = adversary_.items(node_);
            const auto first = std::find_if(items.begin(), items.end(),
                                            [](const auto& item) { return item.enabled; });
            if (first == items.end()) return *this;
            Step step;
            step.item = static_cast<std::uint32_t>(first - items.begin());
            REQUIRE(adversary_.replay(node_, step, &records_));
        }
        FAIL("it does not end");
        return *this;
    }
    // All that may happen, a name a line.
    std::string choices() {
        const auto items = adversary_.items(node_);
        std::string text;
        std::vector<Step> steps;
        adversary_.expand(node_, items, nullptr,
                          [&](explore::Successor&& next) { steps.push_back(next.step); });
        for (const Step& step : steps) {
            text += explore::step_name(adversary_, node_, items, step) + "\n";
        }
        return text;
    }
    std::string sentence(const std::string& name) {
        const auto step = explore::step_named(adversary_, node_, name);
        REQUIRE(step);
        return explore::fault_sentence(adversary_, node_, adversary_.items(node_), *step);
    }
    [[nodiscard]] std::size_t told(trace::RecordKind kind) const {
        return static_cast<std::size_t>(
            std::count_if(records_.all.begin(), records_.all.end(),
                          [&](const trace::Record& each) { return each.kind == kind; }));
    }
    [[nodiscard]] Nanos time() const { return records_.all.back().at; }
    [[nodiscard]] const world::Service& service(std::size_t number) const {
        return *node_.world.services[number];
    }

private:
    program::Program program_;
    program::Exploration bounds_;
    Adversary adversary_;
    explore::Node node_;
    Records records_;
};

explore::SearchResult searched(const Scenario& scenario) {
    const program::Program program = explore::prepared(*load(scenario));
    explore::SearchOptions options;
    options.keep_going = true;
    return explore::search(program, explore::bounds_of(program), options);
}

std::string pairs_of(const std::string& partition, const std::string& more = "") {
    const ProgramPtr program = load(paid(R"("partition": )" + partition + more));
    std::string text;
    for (const explore::Pair& pair : explore::cuttable_pairs(*program, program->explore)) {
        text += (*program)[pair.a].name + "-" + (*program)[pair.b].name + " ";
    }
    return text;
}

constexpr const char* sent = "deliver Order (order) from client to Shop";
constexpr const char* pay = "deliver Bank.Pay (order) from Shop to Bank";
constexpr const char* pay_reply = "deliver reply Bank.Pay (order) from Bank to Shop";
constexpr const char* timeout = "fire timeout of Bank.Pay in Shop.Order (order)";

}  // namespace

TEST_CASE("a step of a path fits into a word") {
    for (const Deed deed : {Deed::take, Deed::delay, Deed::crash, Deed::pause, Deed::cut}) {
        Step step;
        step.deed = deed;
        step.item = 0x3fff;
        step.variant = 15;
        step.duplicate = true;
        step.at = 0x2aaa;
        step.options = {15, 1, 2, 3, 14};
        const Step other = explore::unpack(explore::pack(step));
        CHECK(other.deed == deed);
        CHECK(other.item == step.item);
        CHECK(other.variant == step.variant);
        CHECK(other.duplicate);
        CHECK(other.at == step.at);
        CHECK(other.options == step.options);
        step.duplicate = false;
        CHECK_FALSE(explore::unpack(explore::pack(step)).duplicate);
    }
}

TEST_CASE("what stands still does nothing, holds nothing back, and loses nothing") {
    Path path(paid(R"("pause": 1)"));
    CHECK(path.choices() == "fire order\n");
    path.go("fire order");
    CHECK(path.choices() == std::string(sent) + "\npause Shop\n");
    path.go(sent);
    CHECK(path.choices() == std::string(pay) + "\npause Bank\npause Shop\n");
    CHECK(path.sentence("pause Bank") == "Bank stands still for a while");
    path.go("pause Bank");
    CHECK(path.choices() == std::string(timeout) + "\nresume Bank\n");
    path.go(timeout).go("resume Bank");
    CHECK(path.choices() == std::string(pay) + "\n");
    path.go(pay);
    CHECK(path.time() == 51 * millisecond);  // the clock at which it went on
    CHECK(path.told(trace::RecordKind::paused) == 1);
    CHECK(path.told(trace::RecordKind::moves_again) == 1);
    CHECK(path.told(trace::RecordKind::lost) == 0);
}

TEST_CASE("timers of what stands still are late") {
    Path path(paid(R"("pause": 1)"));
    path.go_on({"fire order", sent, "pause Shop", pay});
    CHECK(path.choices() == "resume Shop\n");  // neither the reply nor the timeout
    path.go("resume Shop");
    CHECK(path.choices() == std::string(pay_reply) + "\n");

    Scenario two = paid(R"("pause": {"max": 1, "only": "Shop"})");
    two.workload += R"(, {"at": "200ms", "publish": "Order", "data": {"id": "o-2"}, "as": "more"})";
    Path late(two);
    late.go_on({"fire order", sent, "pause Shop", pay, "fire more", "resume Shop"});
    // Both at the moment at which it goes on: the timeout may win.
    CHECK(late.choices().find(timeout) != std::string::npos);
    CHECK(late.choices().find(pay_reply) != std::string::npos);
    late.go(timeout);
    CHECK(late.time() == 200 * millisecond);
}

TEST_CASE("of replicas one stands still, and the others go on") {
    Path path(paid(R"("pause": {"max": 2, "only": "Shop"})", R"("replicas": 2,)"));
    path.go("fire order");
    CHECK(path.choices() == std::string(sent) + "\npause Shop replica 1\npause Shop replica 2\n");
    path.go("pause Shop replica 1").go(sent);
    CHECK(path.service(2).handlers.size() == 1);
    path.service(2).handlers.for_each(
        [](const Hash128&, const auto& running) { CHECK((*running).replica == 1); });
    path.go("pause Shop replica 2").go(pay);
    CHECK(path.choices() == "resume Shop replica 1\nresume Shop replica 2\n");
    path.go("resume Shop replica 1");
    CHECK(path.choices() == "resume Shop replica 2\n");  // it is the other one that waits
}

TEST_CASE("a crash ends a pause") {
    Path path(paid(R"("pause": 1, "crash": 1, "only": "Shop")"));
    path.go_on({"fire order", sent, "pause Shop", "crash Shop", "restart Shop"});
    CHECK_FALSE(path.service(2).replicas[0].still);
    CHECK(path.choices().find("resume") == std::string::npos);
}

TEST_CASE("a service is only stopped where something would wait") {
    Scenario scenario = paid(R"("pause": {"max": 1, "only": "Books"})");
    Path path(scenario);
    path.go_on({"fire order", sent, pay});
    CHECK(path.choices() == std::string(pay_reply) + "\n");
    path.go(pay_reply);
    CHECK(path.choices() == "deliver Paid (order) from Shop to Books\npause Books\n");
}

TEST_CASE("across a cut calls and replies are lost, and the bus keeps what it has") {
    Path path(paid(R"("partition": 2)"));
    path.go_on({"fire order", sent});
    CHECK(path.sentence("cut Bank from Shop") ==
          "Bank and Shop do not reach each other for a while");
    CHECK(path.choices() == std::string(pay) + "\ncut Bank from Shop\n");
    path.go("cut Bank from Shop").go(pay);
    CHECK(path.told(trace::RecordKind::lost) == 1);
    CHECK(path.choices() == std::string(timeout) + "\nheal Bank and Shop\n");
    path.go("heal Bank and Shop").go(timeout);
    CHECK(path.told(trace::RecordKind::cut) == 1);
    CHECK(path.told(trace::RecordKind::healed) == 1);

    Path reply(paid(R"("partition": 2)"));
    reply.go_on({"fire order", sent, pay, "cut Bank from Shop", pay_reply});
    CHECK(reply.told(trace::RecordKind::lost) == 1);

    Path bus(paid(R"("partition": 2)"));
    bus.go_on({"fire order", sent, pay, pay_reply, "cut Books from Shop"});
    CHECK(bus.choices() == "heal Books and Shop\n");
    bus.go("heal Books and Shop").to_the_end();
    CHECK(bus.told(trace::RecordKind::lost) == 0);
    CHECK(bus.service(1).tables[0].size() == 1);

    Path once(paid(R"("partition": 1)", "", R"({"delivery": "at-most-once"})"));
    once.go_on({"fire order", sent, pay, pay_reply, "cut Books from Shop",
                "deliver Paid (order) from Shop to Books"});
    CHECK(once.told(trace::RecordKind::lost) == 1);
    CHECK(once.service(1).tables[0].size() == 0);
}

TEST_CASE("a cut that is healed in time hurts nobody") {
    Path path(paid(R"("partition": 1)"));
    path.go_on({"fire order", sent, "cut Bank from Shop", "heal Bank and Shop"}).to_the_end();
    CHECK(path.told(trace::RecordKind::lost) == 0);
    CHECK(path.service(1).tables[0].size() == 1);
}

TEST_CASE("those may be cut off from each other who talk") {
    CHECK(pairs_of("1") == "Bank-Shop Books-Shop ");
    CHECK(pairs_of("0").empty());
    CHECK(pairs_of(R"({"max": 1, "only": "Bank"})") == "Bank-Shop ");
    CHECK(pairs_of(R"({"max": 1, "only": ["Bank", "Books"]})") == "Bank-Shop Books-Shop ");
    CHECK(pairs_of(R"({"max": 1, "only": [["Books", "Shop"]]})") == "Books-Shop ");
    CHECK(pairs_of(R"({"max": 1, "only": [["Books", "Bank"]]})").empty());
    CHECK(pairs_of("1", R"(, "only": "Paid")") == "Books-Shop ");
    CHECK(pairs_of("1", R"(, "only": "Bank.Pay")") == "Bank-Shop ");
    CHECK(pairs_of(R"({"max": 1, "only": "Shop"})", R"(, "only": "Books")") == "Books-Shop ");
}

TEST_CASE("pauses and cuts are searched, and found at random") {
    for (const char* kind : {R"("pause": 1)", R"("partition": 1)"}) {
        INFO(kind);
        const explore::SearchResult found = searched(paid(kind));
        REQUIRE(found.violations.size() >= 1);
        CHECK(found.violations[0].verdict.name == "no order hangs");
        CHECK(found.violations[0].faults == 1);
        CHECK(searched(paid(R"("pause": 0)")).violations.empty());

        const program::Program program = explore::prepared(*load(paid(kind)));
        explore::RandomOptions options;
        options.runs = 400;
        const explore::RandomResult drawn =
            explore::random_runs(program, explore::bounds_of(program), options);
        REQUIRE(drawn.found.violations.size() == 1);
        CHECK(drawn.found.violations[0].faults == 1);
    }
}
