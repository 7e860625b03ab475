// Requests to a gateway in the story and in JSON Lines.
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/worlds.h"
#include "views/jsonl.h"
#include "views/text.h"

using namespace sagalab;
using namespace sagalab::test;

namespace {

Ran three_requests() {
    Scenario scenario;
    scenario.services = R"js("Gate": {"tokens": {"tok": {"name": "ann"}}, "routes": {
        "POST /o/{id}": {"timeout": "3ms", "steps": [
            {"if": "msg == {}", "then": [{"wait": "9ms"}]},
            {"reply": {"id": "${path.id}"}, "status": 201}]}}})js";
    scenario.workload = R"js(
        {"request": "POST /o/7?x=1", "to": "Gate", "token": "tok", "body": {"n": 1}, "as": "a"},
        {"at": "10ms", "request": "POST /o/8", "to": "Gate", "token": "tok", "as": "b"},
        {"at": "20ms", "request": "GET /", "to": "Gate", "timeout": "1ms", "as": "c"})js";
    return run(scenario);
}

}  // namespace

TEST_CASE("a request is told as it was asked and an answer by its status") {
    const Ran ran = three_requests();
    views::StringOutput output;
    views::TextStory story(*ran.program, output, {});
    for (const trace::Record& record : ran.records) story.take(record);
    story.finish({});
    CHECK(output.text() ==
          "     0ms  client  requests POST /o/7?x=1 from Gate as tok {\"n\": 1}  (a)\n"
          "     1ms  Gate    takes POST /o/7?x=1 from client  (a)\n"
          "                  answers 201 {\"id\": \"7\"}\n"
          "     2ms  client  hears from Gate: 201 {\"id\": \"7\"}  (a)\n"
          "                  has its answer to a: 201 {\"id\": \"7\"}\n"
          "    10ms  client  requests POST /o/8 from Gate as tok  (b)\n"
          "    11ms  Gate    takes POST /o/8 from client  (b)\n"
          "    14ms  Gate    answers 504 {\"code\": \"Timeout\"}  (b)\n"
          "    15ms  client  hears from Gate: 504 {\"code\": \"Timeout\"}  (b)\n"
          "                  has its answer to b: 504 {\"code\": \"Timeout\"}\n"
          "    20ms  client  requests GET / from Gate  (c)\n"
          "    21ms  Gate    takes GET / from client  (c)\n"
          "                  answers 401 {\"code\": \"Unauthorized\"}\n"
          "    21ms  client  gives up waiting for Gate: the request timed out, now unknown  (c)\n"
          "                  has its answer to c: unknown, Timeout\n"
          "    22ms  client  hears too late from Gate: 401 {\"code\": \"Unauthorized\"}  (c)\n");
}

TEST_CASE("an answer of a gateway has a status and a body of its own in JSON Lines") {
    const Ran ran = three_requests();
    views::StringOutput output;
    views::JsonLines view(*ran.program, output, "t.json");
    for (const trace::Record& record : ran.records) view.take(record);
    view.finish({});
    std::istringstream text(output.text());
    std::string ended;
    std::string delivered;
    std::string asked;
    for (std::string line; std::getline(text, line);) {
        const auto event = nlohmann::json::parse(line);
        const auto& data = event["data"];
        const bool gate = event["source"] == "/Gate";
        if (gate && event["type"] == "sagalab.handler.ended") {
            ended += data["status"].dump() + data["body"].dump() + " ";
        }
        if (event["type"] == "sagalab.reply.delivered") {
            delivered += data["status"].dump() + data["body"].dump() + " ";
        }
        if (gate && event["type"] == "sagalab.message.delivered") {
            asked += data["payload"]["request"].get<std::string>() + "; ";
        }
    }
    CHECK(ended == R"(201{"id":"7"} 504{"code":"Timeout"} 401{"code":"Unauthorized"} )");
    CHECK(delivered == R"(201{"id":"7"} 504{"code":"Timeout"} )");
    CHECK(asked == "POST /o/7?x=1; POST /o/8; GET /; ");
}
