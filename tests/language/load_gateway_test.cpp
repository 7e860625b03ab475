// Gateways, requests and clients after loading: routes in their order, slots, texts of the listing.
#include "language/load_support.h"

using namespace sagalab;
using namespace sagalab::test;
using program::Op;

namespace {

std::string with_gateway(const std::string& members, const std::string& more = "") {
    return R"({"scenario": "t", "services": {
"Gate": {)" +
           members + R"(},
"Shop": {"api": {"Do": []}, "on": {"E": []}}})" +
           more + "}";
}

std::string with_workload(const std::string& items, const std::string& more = "") {
    return with_gateway(R"("routes": {"GET /{x}": []})",
                        ", \"workload\": [\n" + items + "]" + more);
}

// The listing from the first line of this heading to its `end`.
std::string code_of(const program::Program& program, const std::string& heading) {
    const std::string all = program::dump(program);
    const std::size_t begin = all.find(heading + ", ");
    REQUIRE(begin != std::string::npos);
    const std::size_t end = all.find("  end\n", begin);
    return all.substr(begin, end - begin);
}

}  // namespace

TEST_CASE("load_gateway: routes stand in the order in which they are tried") {
    const auto program = loaded(with_gateway(R"("routes": {
        "GET /{a}": [], "GET /{a}/x": [], "GET /b": [], "POST /b": [], "GET /b/{c}": [], "GET /": []})"));
    REQUIRE(program->gateways.size() == 1);
    const program::Gateway& gateway = program->gateways[0];
    std::string order;
    for (const program::Route& route : gateway.routes) {
        const program::Operation& operation = (*program)[route.operation];
        order += operation.name + "; ";
        CHECK(operation.kind == program::OperationKind::route);
        CHECK((*program)[route.handler].operation == route.operation);
        CHECK((*program)[route.handler].name == operation.name);
    }
    CHECK(order == "GET /; GET /b; POST /b; GET /b/{c}; GET /{a}; GET /{a}/x; ");
    CHECK((*program)[gateway.unrouted].label == "Gate.(no route)");
    CHECK(gateway.open);
    CHECK(program->services[gateway.service.value].name == "Gate");
}

TEST_CASE("load_gateway: options of routes and users of tokens") {
    const auto program = loaded(with_gateway(R"js("tokens": {
        "z": {"name": "zoe"}, "a": {"name": "ann", "roles": ["x", "y"]}},
        "routes": {"GET /{a}": {"rateLimit": "90/m", "timeout": "5ms", "require": "path.a == 'b'",
                                "steps": []},
                   "GET /": []})js"));
    const program::Gateway& gateway = program->gateways[0];
    CHECK_FALSE(gateway.open);
    REQUIRE(gateway.tokens.size() == 2);
    CHECK(gateway.tokens[0].token.text() == "a");
    CHECK(gateway.tokens[0].user.json() == R"({"name": "ann", "roles": ["x", "y"]})");
    CHECK(gateway.tokens[1].user.json() == R"({"name": "zoe", "roles": []})");
    const program::Route& limited = gateway.routes[1];
    CHECK(limited.per_second_millionths == 1'500'000);
    CHECK(limited.timeout == 5 * millisecond);
    CHECK(limited.require.valid());
    CHECK(gateway.routes[0].per_second_millionths == 0);
    CHECK(gateway.routes[0].timeout == never);
    CHECK_FALSE(gateway.routes[0].require.valid());
}

TEST_CASE("load_gateway: a gateway with an empty list of tokens is closed") {
    CHECK_FALSE(loaded(with_gateway(R"("tokens": {}, "routes": {"GET /": []})"))->gateways[0].open);
    CHECK(loaded(with_gateway(R"("routes": {})"))->gateways[0].open);
}

TEST_CASE("load_gateway: a handler of a route has its four slots before its own") {
    const auto program = loaded(with_gateway(R"js("tokens": {"t": {"name": "ann"}}, "routes": {
        "GET /{x}": [{"let": {"all": "${path.x + query.y + user.name + msg.z}"}},
                     {"reply": "${all}", "status": 201}]})js"));
    CHECK(code_of(*program, "Gate route GET /{x}") ==
          R"(Gate route GET /{x}, 5 slots
    0  let key ${path.x + query.y + user.name + msg.z} slot 4
    1  reply key 201 data ${all}
    2)");
}

TEST_CASE("load_gateway: the listing shows gateways and requests") {
    const auto program = loaded(with_workload(
        R"({"request": "GET /1", "to": "Gate", "token": "t", "body": [1], "timeout": "2s", "as": "r"})"));
    CHECK(program::dump(*program).find("gateway Gate, open\n    GET /{x}\n") != std::string::npos);
    CHECK(code_of(*program, "client r") == R"(client r, 2 slots
    3  call data [1] slot 1 request GET /1 to Gate token t timeout 2s settled
    4  note reply key r slot 1
    5)");
}

TEST_CASE("load_gateway: a request without a body has an empty one") {
    const auto program = loaded(with_workload(R"({"request": "GET /1", "to": "Gate"})"));
    const InstructionId entry = (*program)[program->workload[0].handler].entry;
    REQUIRE((*program)[entry].op == Op::call);
    const program::Call& call = program->calls[(*program)[entry].call];
    CHECK(call.settled);
    CHECK(call.gateway == 0);
    CHECK_FALSE(call.operation.valid());
    CHECK_FALSE(call.token.valid());
    CHECK(code_of(*program, "client GET /1").find("call data {} ") != std::string::npos);
}

TEST_CASE("load_gateway: a client's steps are a loop over its rounds") {
    const auto program = loaded(with_workload(
        R"({"client": "ann", "clients": 5, "times": 7, "at": "2ms", "steps": [
            {"call": "Shop.Do", "as": "a"}, {"call": "Shop.Do"}, {"wait": "1ms"},
            {"let": {"x": "${a.outcome}"}}, {"log": "${client} ${i} ${x}"}]})"));
    const program::WorkItem& item = program->workload[0];
    CHECK(item.name == "ann");
    CHECK(item.at == 2 * millisecond);
    CHECK(item.every == 0);
    CHECK(item.times == 5);
    CHECK(item.counter_slot == 1);
    CHECK(program->loads == std::vector<std::string>{"a"});
    CHECK(code_of(*program, "client ann") == R"(client ann, 5 slots
    3  let key 0 slot 2
    4  call Shop.Do data {} slot 3 settled
    5  note reply key a slot 3
    6  call Shop.Do#2 data {} settled
    7  wait time 1ms
    8  let key ${a.outcome} slot 4
    9  log key ${client} ${i} ${x}
   10  count slot 2 up to 7 to 4
   11)");
}

TEST_CASE("load_gateway: names in load are those of repeated calls and of clients") {
    const auto program = loaded(with_workload(
        R"({"call": "Shop.Do", "every": "1ms", "times": 2, "as": "pay${i}"},
           {"call": "Shop.Do", "every": "1ms", "times": 2, "as": "pay${i}x"},
           {"request": "GET /1", "to": "Gate", "every": "1ms", "times": 2, "as": "page_${i}"},
           {"call": "Shop.Do", "every": "1ms", "times": 2, "as": "${'p'}${i}"},
           {"call": "Shop.Do", "every": "1ms", "times": 2},
           {"call": "Shop.Do", "as": "once"},
           {"publish": "E", "every": "1ms", "times": 2, "as": "e${i}"},
           {"client": "ann", "steps": [{"request": "GET /1", "to": "Gate", "as": "pay"},
                                       {"call": "Shop.Do", "as": "b"}]})"));
    CHECK(program->loads == std::vector<std::string>{"pay", "page_", "b"});
}

TEST_CASE("load_gateway: arrivals without memory, so often or so long") {
    const auto program = loaded(with_workload(
        R"({"publish": "E", "every": {"poisson": "200/s"}, "times": 9},
           {"publish": "E", "every": {"poisson": "0.5/s"}, "at": "1s", "for": "10s",
            "data": {"n": "${i}"}})"));
    const program::WorkItem& counted = program->workload[0];
    CHECK(counted.per_second_millionths == 200'000'000);
    CHECK(counted.times == 9);
    CHECK(counted.until == never);
    const program::WorkItem& timed = program->workload[1];
    CHECK(timed.per_second_millionths == 500'000);
    CHECK(timed.until == 11 * second);
    CHECK(timed.times > 1'000'000'000'000);
    CHECK(timed.counter_slot == 1);
}

TEST_CASE("load_gateway: replies of clients may be expected") {
    const std::string client =
        R"({"client": "ann", "steps": [{"call": "Shop.Do", "as": "a"}, {"call": "Shop.Do"}]})";
    const auto program = loaded(with_workload(
        client, R"(, "expect": {"replies": {"a": {"partial": ["x"], "status": 200}}})"));
    // What a page lacks stands in its body.
    CHECK(program->expect.replies[0].expected.json() ==
          R"({"body": {"partial": ["x"]}, "status": 200})");
    CHECK(messages(with_workload(client, R"(,
"expect": {"replies": {"ann": {}}})")) == "5:24: unknown reply \"ann\"\n");
}
