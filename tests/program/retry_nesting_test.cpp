// Retries within retries: products along the way, and timeouts that end too early.
#include "program/retry_nesting.h"

#include <string>
#include <vector>

#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;
using program::Handler;
using program::nested_retries;
using program::Nesting;
using program::Repeat;
using program::short_timeouts;
using program::ShortTimeout;

namespace {

std::string kind_word(Repeat::Kind kind) {
    switch (kind) {
        case Repeat::Kind::deliveries: return "deliveries";
        case Repeat::Kind::tries: return "tries";
        case Repeat::Kind::undos: return "undos";
        case Repeat::Kind::steps: break;
    }
    return "steps";
}

// "Gateway.Charge 15: 5 deliveries, 3 tries"
std::vector<std::string> nestings(const std::string& text) {
    const ProgramPtr program = load(text);
    std::vector<std::string> found;
    for (const Nesting& nesting : nested_retries(*program)) {
        const Handler& handler = (*program)[nesting.handler];
        std::string line = (*program)[handler.service].name + "." + handler.name + " " +
                           std::to_string(nesting.product) + ":";
        for (const Repeat& repeat : nesting.repeats) {
            line += " " + std::to_string(repeat.count) + " " + kind_word(repeat.kind);
        }
        found.push_back(line);
    }
    return found;
}

// "S.Go 100 T.Do 160": who waits how long for what, and until when may it try (ms)
std::vector<std::string> timeouts(const std::string& text) {
    const ProgramPtr program = load(text);
    std::vector<std::string> found;
    for (const ShortTimeout& one : short_timeouts(*program)) {
        const std::string who = one.caller ? (*program)[one.caller].name : "route";
        found.push_back(
            who + " " + std::to_string(one.timeout / millisecond) + " " +
            (*program)[one.operation].label + " " +
            (one.most_end == never ? "never" : std::to_string(one.most_end / millisecond)));
    }
    return found;
}

std::string scenario(const std::string& services, const std::string& workload) {
    return R"({"scenario": "t", "services": {)" + services + R"(}, "workload": [)" + workload +
           "]}";
}

using Lines = std::vector<std::string>;

const char* const gateway =
    R"(, "G": {"api": {"Charge": [{"reply": {}}], "Refund": [{"reply": {}}]}})";

}  // namespace

TEST_CASE("retry nesting: deliveries times tries times tries") {
    const std::string services = std::string(R"("A": {"on": {"E": [
            {"call": "B.Do", "retry": {"maxAttempts": 3}}]}},
        "B": {"api": {"Do": [{"call": "G.Charge", "retry": {"maxAttempts": 4}}]}})") +
                                 gateway;
    CHECK(nestings(scenario(services, R"({"publish": "E"})")) ==
          Lines{"B.Do 15: 5 deliveries 3 tries", "G.Charge 60: 5 deliveries 3 tries 4 tries"});
}

TEST_CASE("retry nesting: one repeat alone is none") {
    const std::string services =
        std::string(R"("A": {"api": {"Do": [{"call": "G.Charge", "retry": {}}]}})") + gateway;
    CHECK(nestings(scenario(services, R"({"call": "A.Do"})")).empty());
    CHECK(nestings(scenario(services, R"({"call": "A.Do", "retry": {"maxAttempts": 2}})")) ==
          Lines{"G.Charge 6: 2 tries 3 tries"});
}

TEST_CASE("retry nesting: the way with the greatest product counts") {
    const std::string services = std::string(R"("A": {"api": {
            "One": [{"call": "G.Charge", "retry": {"maxAttempts": 2}}],
            "Two": [{"call": "G.Charge", "retry": {"maxAttempts": 7}}]}})") +
                                 gateway;
    CHECK(nestings(scenario(services, R"({"call": "A.One", "retry": {"maxAttempts": 3}},
                                         {"call": "A.Two", "retry": {"maxAttempts": 2}})")) ==
          Lines{"G.Charge 14: 2 tries 7 tries"});
}

TEST_CASE("retry nesting: an instance of a saga begins once, its undos are tried again") {
    const std::string services = std::string(R"("A": {"sagas": {"P": {"id": "msg.id",
            "compensation": {"retry": {"maxAttempts": 4}},
            "steps": [{"call": "G.Charge", "retry": {"maxAttempts": 2},
                       "compensate": {"call": "G.Refund", "retry": {"maxAttempts": 3}}},
                      {"step": "end", "kind": "retriable", "do": [
                          {"call": "G.Charge", "retry": {"maxAttempts": 5}}]}]}}})") +
                                 gateway;
    CHECK(nestings(scenario(services, R"({"call": "A.P", "data": {"id": "x"}, "retry": {}})")) ==
          Lines{"G.Charge 0: 0 steps 5 tries", "G.Refund 12: 4 undos 3 tries"});
}

TEST_CASE("retry nesting: a circle ends") {
    const std::string services = R"("A": {"on": {"E": [{"publish": "F"}], "G": []}},
        "B": {"on": {"F": [{"publish": "E"}, {"publish": "G"}]}})";
    CHECK(nestings(scenario(services, R"({"publish": "E"})")) ==
          Lines{"A.G 125: 5 deliveries 5 deliveries 5 deliveries",
                "B.F 25: 5 deliveries 5 deliveries"});
    // Nobody from outside comes into this one.
    CHECK(nestings(scenario(services, R"({"publish": "G"})")).empty());
}

TEST_CASE("retry nesting: at most once is once") {
    const std::string text = R"({"scenario": "t", "bus": {"delivery": "at-most-once"}, "services": {
        "A": {"on": {"E": [{"publish": "F"}]}}, "B": {"on": {"F": []}}},
        "workload": [{"publish": "E"}]})";
    CHECK(nestings(text).empty());
}

TEST_CASE("short timeouts: of callers, of routes, and of none that wait long enough") {
    const std::string service =
        R"("A": {"api": {"Do": [{"call": "G.Charge", "timeout": "50ms",
            "retry": {"maxAttempts": 2, "delay": "10ms"}}]}})";
    const std::string services = service + gateway;
    // Two tries of 50ms, and 10ms between them.
    CHECK(timeouts(scenario(services, R"({"call": "A.Do", "timeout": "109ms", "as": "r"})")) ==
          Lines{"r 109 A.Do 110"});
    CHECK(
        timeouts(scenario(services, R"({"call": "A.Do", "timeout": "110ms", "as": "r"})")).empty());
    const std::string route = R"("W": {"routes": {"GET /x": {"timeout": "100ms", "steps": [
        {"call": "G.Charge", "timeout": "50ms", "retry": {"maxAttempts": 2, "delay": "10ms"}},
        {"reply": {}}]}}})";
    CHECK(timeouts(scenario(route + gateway, R"({"request": "GET /x", "to": "W"})")) ==
          Lines{"route 100 W.GET /x 110"});
}

TEST_CASE("short timeouts: of what nobody asked for nobody is warned") {
    const std::string saga = R"("A": {"sagas": {"P": {"id": "msg.id", COMPENSATION "steps": [
        {"call": "G.Charge", "compensate": {"call": "G.Refund"}}]}}})";
    const std::string call = R"({"call": "A.P", "data": {"id": "x"}, "as": "r"})";
    const auto with = [&](const std::string& compensation) {
        std::string services = saga + gateway;
        const std::string word = "COMPENSATION";
        services.replace(services.find(word), word.size(), compensation);
        return timeouts(scenario(services, call));
    };
    CHECK(with("").empty());
    CHECK(with(R"("compensation": "temporal-like",)") == Lines{"r 1000 A.P never"});
    CHECK(with(R"("compensation": "eventuate-like",)").empty());
}
