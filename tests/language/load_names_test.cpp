// Names are numbered in a fixed order, and what cannot be found is reported with the nearest.
#include "language/load_support.h"

using namespace sagalab;
using namespace sagalab::test;

namespace {

const char* const shop = R"json({"scenario": "Shop", "seed": 7,
"services": {
  "Zed": {"on": {"Ordered": []}},
  "Shop": {"store": {"orders": {"rows": {"o-1": {"n": 1}, "o-0": {"n": "${params.n}"}}}},
           "api": {"Order": [{"publish": "Ordered"}, {"publish": "Nobody"}]}},
  "Bank": {"external": true, "on": {"Ordered": []}, "api": {"Pay": []}}},
"params": {"n": 3},
"workload": [
  {"call": "Shop.Order", "as": "r1"},
  {"publish": "Ordered"}, {"at": "2ms", "publish": "Ordered"},
  {"call": "Bank.Pay", "every": "3ms", "for": "10ms", "as": "p${i}", "data": {"n": "${i}"}}],
"faults": [{"reject": "Bank.Pay", "with": "Broke", "nth": 2, "until": "1s", "probability": "2.5%"},
           {"delay": "Ordered", "by": "500ms", "to": "Zed", "optional": true}],
"expect": {
  "replies": {"r1": {"outcome": "succeeded"}, "p0": {"code": "Broke"}},
  "sequence": ["Order -> Shop", "Ordered -> Zed"],
  "counts": {"Ordered -> Bank": 3},
  "always": {"no order is lost": "Shop.orders.all(id, o, o.n > 0)"},
  "finally": {"all is quiet": "size(parked) == 0 && 'o-1' in Shop.orders"}},
"breaks": ["all is quiet", "counts Ordered -> Bank"]})json";

}  // namespace

TEST_CASE("load_names: services and clients by bytes, events before operations") {
    CHECK(program::dump(*loaded(shop)) ==
          R"(scenario "Shop", case "Shop", seed 7
services
    0  Bank external
    1  Shop, table orders 2 rows
    2  Zed
    3  client Ordered
    4  client Ordered#2
    5  client p${i}
    6  client r1
operations
    0  event Nobody ->
    1  event Ordered -> Bank Zed
    2  api Bank.Pay
    3  api Shop.Order
Bank api Pay, 1 slot
    0  end
Bank on Ordered, 1 slot
    1  end
Shop api Order, 1 slot
    2  publish Ordered data {}
    3  publish Nobody data {}
    4  end
Zed on Ordered, 1 slot
    5  end
client r1, 2 slots
    6  call Shop.Order data {} slot 1 settled
    7  note reply key r1 slot 1
    8  end
client Ordered, 1 slot
    9  publish Ordered data {}
   10  end
client Ordered#2, 1 slot
   11  publish Ordered data {}
   12  end
client p${i}, 3 slots
   13  call Bank.Pay data {"n": $1} slot 2 settled
   14  note reply key p${i} slot 2
   15  end
workload
    0  r1 at 0ms
    1  Ordered at 0ms
    2  Ordered#2 at 2ms
    3  p${i} at 0ms every 3ms times 4
faults
    0  reject Bank.Pay with Broke nth 2 until 1s probability 2.5%
    1  delay Ordered by 500ms to Zed optional
expect
  always "no order is lost": Shop.orders.all(id, o, o.n > 0) reads Shop.orders
  finally "all is quiet": size(parked) == 0 && 'o-1' in Shop.orders reads Shop.orders
  replies r1 {"outcome": "succeeded"}
  replies p0 {"code": "Broke"}
  sequence Order -> Shop
  sequence Ordered -> Zed
  counts Ordered -> Bank 3
  breaks all is quiet
  breaks counts Ordered -> Bank
)");
}

TEST_CASE("load_names: rows are sorted by key and know params") {
    const auto program = loaded(shop);
    REQUIRE(program->tables.size() == 1);
    REQUIRE(program->tables[0].rows.size() == 2);
    CHECK(program->tables[0].rows[0].first.text() == "o-0");
    CHECK(program->tables[0].rows[0].second.json() == R"({"n": 3})");
}

TEST_CASE("load_names: faults are listed by the operation they strike") {
    const auto program = loaded(shop);
    REQUIRE(program->faults_on.size() == program->operations.size());
    for (std::size_t i = 0; i < program->operations.size(); ++i) {
        const std::string& label = program->operations[i].label;
        CHECK(program->faults_on[i].size() ==
              (label == "Bank.Pay" || label == "Ordered" ? 1U : 0U));
    }
    CHECK(program->faults[0].millionths == 25'000);
    CHECK((*program)[program->faults[0].service].name == "Bank");
    CHECK((*program)[program->faults[1].to].name == "Zed");
}

TEST_CASE("load_names: every instruction knows where it stands") {
    const auto program = loaded(shop);
    const program::Handler& handler = program->handlers[2];
    REQUIRE(handler.name == "Order");
    CHECK(program->place((*program)[handler.entry].source) == "test.json:5:30");
}

TEST_CASE("load_names: a seed given from outside wins") {
    language::LoadOptions options;
    options.seed = 99;
    const language::Loaded result =
        language::load_text("t", R"({"scenario": "t", "seed": 7})", options);
    REQUIRE(result.cases.size() == 1);
    CHECK(result.cases[0]->seed == 99);
}

TEST_CASE("load_names: each case is a program") {
    const language::Loaded result = language::load_text("t", R"({"scenario": "t",
"services": {"S": {"on": {"E": []}}}, "workload": [{"publish": "E"}],
"cases": {"one": {}, "two": {"addWorkload": [{"publish": "E", "at": "1ms"}]}}})");
    INFO(messages(result));
    REQUIRE(result.cases.size() == 2);
    CHECK(result.cases[0]->case_name == "one");
    CHECK(result.cases[0]->workload.size() == 1);
    CHECK(result.cases[1]->workload.size() == 2);
}

TEST_CASE("load_names: one mistake in two cases is reported once") {
    CHECK(messages(R"({"scenario": "t", "services": {"S": {"on": {"E": [{"call": "Q.R"}]}}},
"cases": {"one": {}, "two": {}}})") ==
          R"(1:61: unknown service "Q" (did you mean "S"?)
)");
}

TEST_CASE("load_names: policies by name and written out") {
    const auto program = loaded(R"({"scenario": "t",
"policies": {"retry": {"patient": {"maxAttempts": "forever", "backoff": "1.5", "jitter": "full",
                                   "on": ["failed", "rejected:Busy"]}}},
"services": {"S": {"api": {"Do": []}, "on": {"E": [
  {"call": "S.Do", "retry": "patient"}, {"call": "S.Do", "retry": {"delay": "1ms"}}]}}}})");
    REQUIRE(program->retries.size() == 2);
    const program::Retry& patient = program->retries[program->calls[0].retry.value];
    CHECK(patient.max_attempts == 0);
    CHECK(patient.backoff_millionths == 1'500'000);
    CHECK(patient.jitter);
    REQUIRE(patient.on.size() == 2);
    CHECK(patient.on[1].code.text() == "Busy");
    const program::Retry& own = program->retries[program->calls[1].retry.value];
    CHECK(own.name.empty());
    CHECK(own.max_attempts == 3);
    CHECK(own.delay == millisecond);
}

TEST_CASE("load_names: the bus, its topics and the network") {
    const auto program = loaded(R"({"scenario": "t",
"services": {"S": {"on": {"E": [], "F": []}}},
"bus": {"latency": "2ms", "maxDeliveries": 3,
 "topics": {"F": {"order": "none", "delivery": "at-most-once"}}},
"network": {"latency": "4ms"}, "limits": {"events": 10, "virtualTime": "1h", "memory": "2G"}})");
    REQUIRE(program->bus.topics.size() == 2);
    CHECK(program->bus.topics[0].order == program::Order::fifo);
    CHECK(program->bus.topics[1].order == program::Order::none);
    CHECK_FALSE(program->bus.topics[1].at_least_once);
    CHECK(program->bus.topics[1].max_deliveries == 3);
    CHECK(program->bus.topics[1].latency.low == 2 * millisecond);
    CHECK(program->lookahead() == 2 * millisecond);
    CHECK(program->limits.memory == 2'000'000'000);
}
