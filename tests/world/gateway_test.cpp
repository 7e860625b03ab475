// The API gateway: its checks and their order, statuses, deadlines, pages that lack parts.
#include "world/gateways.h"

using namespace sagalab;
using namespace sagalab::test;
using trace::Record;
using trace::RecordKind;

namespace {

Scenario route(const std::string& steps, const std::string& workload,
               const std::string& more = "") {
    return gate(
        R"("store": {"t": {}}, "routes": {"GET /a": {)" + more + R"("steps": [)" + steps + "]}}",
        workload);
}

std::string once(const std::string& steps, const std::string& more = "") {
    return answer(run(route(steps, request("0ms", "GET /a", "r"), more)), "r");
}

// ---- The decision table, written once more ------------------------------------------------------

enum class Token { none, bad, without_role, with_role };

struct Row {
    bool closed;  // the gateway has tokens
    Token token;
    bool has_route;
    bool requires_role;
    bool over_limit;
    bool late;
};

int expected_status(const Row& row) {
    const bool known = row.token == Token::with_role || row.token == Token::without_role;
    if (row.closed && !known) return 401;
    if (!row.has_route) return 404;
    const bool role = row.token == Token::with_role;
    if (row.requires_role && !role) return 403;
    if (row.over_limit) return 429;
    return row.late ? 504 : 200;
}

std::vector<Row> all_rows() {
    std::vector<Row> rows;
    for (bool closed : {false, true}) {
        for (Token token : {Token::none, Token::bad, Token::without_role, Token::with_role}) {
            for (unsigned bits = 0; bits < 16; ++bits) {
                rows.push_back({closed, token, (bits & 1U) != 0, (bits & 2U) != 0, (bits & 4U) != 0,
                                (bits & 8U) != 0});
            }
        }
    }
    return rows;
}

std::string sample(const Row& row, const std::string& at, const std::string& as) {
    std::string text = row.has_route ? "GET /a" : "GET /b";
    // An open gateway knows no user: what is required is in the query then.
    text += row.token == Token::with_role ? "?role=customer" : "?role=";
    std::string more;
    if (row.token == Token::bad) more = R"(, "token": "guess")";
    if (row.token == Token::without_role) more = R"(, "token": "tok-bob")";
    if (row.token == Token::with_role) more = R"(, "token": "tok-ann")";
    return request(at, text, as, more);
}

Scenario scenario_of(const Row& row) {
    std::string members;
    if (row.closed) {
        members = R"js("tokens": {"tok-ann": {"name": "ann", "roles": ["customer"]},
                                  "tok-bob": {"name": "bob"}},)js";
    }
    members += R"js("routes": {"GET /a": {"rateLimit": "1/s", "timeout": "10ms",)js";
    if (row.requires_role) {
        members += row.closed ? R"js("require": "'customer' in user.roles",)js"
                              : R"js("require": "query.role == 'customer'",)js";
    }
    members += R"js("steps": [{"call": "Back.Do"},)js";
    members += row.late ? R"js({"wait": "20ms"})js" : R"js({"wait": "1ms"})js";
    members += R"js(, {"reply": "done"}]}})js";
    std::string workload = sample(row, "500ms", "probe");
    if (row.over_limit) workload = sample(row, "0ms", "before") + "," + workload;
    return gate(members, workload);
}

}  // namespace

TEST_CASE("gateway: the checks in their order, every combination") {
    for (const Row& row : all_rows()) {
        const Ran ran = run(scenario_of(row));
        INFO(row.closed << " " << static_cast<int>(row.token) << " " << row.has_route << " "
                        << row.requires_role << " " << row.over_limit << " " << row.late);
        CHECK(status(ran, "probe") == std::to_string(expected_status(row)));
        // No service is called before the checks have passed.
        std::size_t calls = 0;
        for (const Record& record : ran.of(RecordKind::delivered)) {
            calls += (*ran.program)[record.service].name == "Back" ? 1 : 0;
        }
        Row before = row;
        before.over_limit = false;
        const auto passes = [](const Row& each) {
            return expected_status(each) == 200 || expected_status(each) == 504 ? 1U : 0U;
        };
        CHECK(calls == passes(row) + (row.over_limit ? passes(before) : 0U));
    }
}

TEST_CASE("gateway: a refusal says its code, and is rejected") {
    const Ran ran = run(gate(R"("tokens": {"t": {"name": "ann"}}, "routes": {"GET /a": {
        "require": "'boss' in user.roles", "steps": []}})",
                             request("0ms", "GET /a", "a") + "," +
                                 request("1ms", "GET /b", "b", R"(, "token": "t")") + "," +
                                 request("2ms", "GET /a", "c", R"(, "token": "t")")));
    CHECK(answer(ran, "a") == R"(401 {"code": "Unauthorized"})");
    CHECK(answer(ran, "b") == R"(404 {"code": "NoRoute"})");
    CHECK(answer(ran, "c") == R"(403 {"code": "Forbidden"})");
    CHECK(ran.reply("a") == R"(rejected Unauthorized {"code": "Unauthorized"})");
    CHECK(ran.count(RecordKind::delivered) == 3);
    CHECK(ended(ran, "Gate") == 3);
}

TEST_CASE("gateway: what cannot be worked out of a requirement is a failure") {
    const Ran ran =
        run(gate(R"("routes": {"GET /a": {"require": "query.x == 'y'", "steps": []}})",
                 request("0ms", "GET /a", "a") + "," + request("0ms", "GET /a?x=y", "b")));
    CHECK(answer(ran, "a") == R"(503 {"code": "ExpressionError"})");
    CHECK(ran.reply("a").substr(0, 22) == "failed ExpressionError");
    CHECK(answer(ran, "b") == "200 null");
}

TEST_CASE("gateway: a requirement may look at everything that came, and at the store") {
    const std::string rule =
        R"js("store": {"t": {"rows": {"o-1": {"owner": "ann"}}}}, "tokens": {"t": {"name": "ann"}},
        "routes": {"PUT /{id}": {"require":
          "store.t[path.id].owner == user.name && msg.n > 0 && query.q == '1'", "steps": []}})js";
    const std::string token = R"(, "token": "t", "body": {"n": )";
    const Ran ran = run(gate(rule, request("0ms", "PUT /o-1?q=1", "a", token + "1}") + "," +
                                       request("0ms", "PUT /o-1?q=1", "b", token + "0}")));
    CHECK(status(ran, "a") == "200");
    CHECK(status(ran, "b") == "403");
}

TEST_CASE("gateway: path, query, user and body are what the handler sees") {
    const std::string members = R"js("tokens": {"t": {"name": "ann", "roles": ["x", "y"]}},
        "routes": {"POST /o/{id}/{n}": [{"let": {"all": "${[path, query, user, msg]}"}},
                                        {"reply": "${all}"}]})js";
    const Ran ran =
        run(gate(members, request("0ms", "POST /o/a%20b/%37?q=%26", "a",
                                  R"(, "token": "t", "body": {"k": [1]})") +
                              "," + request("0ms", "POST /o/1/2", "b", R"(, "token": "t")")));
    CHECK(answer(ran, "a") == R"(200 [{"id": "a b", "n": "7"}, {"q": "&"}, )"
                              R"({"name": "ann", "roles": ["x", "y"]}, {"k": [1]}])");
    CHECK(answer(ran, "b") ==
          R"(200 [{"id": "1", "n": "2"}, {}, {"name": "ann", "roles": ["x", "y"]}, {}])");
}

TEST_CASE("gateway: an error of the route becomes a status") {
    CHECK(once(R"({"call": "Back.Reject", "data": {"code": "NotFound"}})") ==
          R"(404 {"code": "NotFound", "left": 3})");
    CHECK(once(R"({"call": "Back.Reject", "data": {"code": "SoldOut"}})") ==
          R"(409 {"code": "SoldOut", "left": 3})");
    CHECK(once(R"({"reject": "Odd", "data": "text"})") == R"(409 {"code": "Odd"})");
    CHECK(once(R"({"call": "Back.Fail"})") == R"(503 {"code": "Down"})");
    CHECK(once(R"({"fail": "Broken"})") == R"(503 {"code": "Broken"})");
    CHECK(once(R"({"call": "Back.Slow", "timeout": "5ms"})") == R"(504 {"code": "Timeout"})");
    CHECK(once(R"js({"reply": "${1 / size(query)}"})js") == R"(503 {"code": "ExpressionError"})");
    CHECK(once(R"({"stop": "enough"})") == "200 null");
    CHECK(once(R"({"log": "nothing"})") == "200 null");
}

TEST_CASE("gateway: a failure after an effect has an unknown outcome") {
    CHECK(once(R"({"insert": "t", "key": "'k'", "row": {}}, {"fail": "Broken"})") ==
          R"(504 {"code": "Broken"})");
    CHECK(once(R"({"call": "Back.Do"}, {"fail": "Broken"})") == R"(504 {"code": "Broken"})");
}

TEST_CASE("gateway: the statuses that a reply may say, and their outcomes") {
    struct Said {
        int status;
        const char* steps;
        const char* outcome;
    };
    for (const Said& said :
         std::initializer_list<Said>{{201, "", "succeeded"},
                                     {302, "", "succeeded"},
                                     {399, "", "succeeded"},
                                     {400, "", "rejected"},
                                     {404, "", "rejected"},
                                     {499, "", "rejected"},
                                     {500, "", "failed"},
                                     {503, "", "failed"},
                                     {504, "", "unknown"},
                                     {500, R"({"call": "Back.Do"},)", "unknown"},
                                     {404, R"({"call": "Back.Do"},)", "rejected"}}) {
        INFO(said.status << said.steps);
        const Ran ran = run(route(said.steps + std::string(R"({"reply": {"a": 1}, "status": )") +
                                      std::to_string(said.status) + "}",
                                  request("0ms", "GET /a", "r")));
        CHECK(answer(ran, "r") == std::to_string(said.status) + R"( {"a": 1})");
        CHECK(ran.reply("r") == said.outcome + std::string(R"( {"a": 1})"));
    }
}

TEST_CASE("gateway: a page that lost branches says so by itself") {
    const std::string lost = R"({"parallel": {
        "b": [{"call": "Back.Fail"}], "a": [{"call": "Back.Reject", "data": {"code": "No"}}],
        "c": [{"call": "Back.Do"}]}, "mode": "settle"},)";
    CHECK(once(lost + R"({"reply": {"c": "${c.body.ok}"}})") ==
          R"(200 {"c": true, "partial": ["a", "b"]})");
    CHECK(once(lost + R"({"reply": null})") == R"(200 {"partial": ["a", "b"]})");
    CHECK(once(lost + R"({"reply": 7})") == "200 7");
    CHECK(once(lost + R"({"reply": {"x": 1}, "status": 404})") == R"(404 {"x": 1})");
    CHECK(once(lost + R"({"reject": "Empty"})") == R"(409 {"code": "Empty"})");
    // Nothing lost, nothing said; a branch that is lost twice is named once.
    CHECK(once(R"({"parallel": {"c": [{"call": "Back.Do"}]}, "mode": "settle"},
                  {"reply": {"x": 1}})") == R"(200 {"x": 1})");
    CHECK(once(R"({"for": "n", "in": "[1, 2]", "do": [
                    {"parallel": {"z": [{"fail": "F"}], "y": [{"fail": "F"}]}, "mode": "settle"}]},
                  {"reply": {}})") == R"(200 {"partial": ["y", "z"]})");
}

// ---- Time --------------------------------------------------------------------------------------

TEST_CASE("gateway: a route has its whole time, to the nanosecond") {
    const std::string limit = R"("timeout": "5ms", )";
    CHECK(once(R"({"wait": "5ms"}, {"reply": 1})", limit) == R"(504 {"code": "Timeout"})");
    CHECK(once(R"({"wait": "4999999ns"}, {"reply": 1})", limit) == "200 1");
    CHECK(once(R"({"wait": "5000001ns"}, {"reply": 1})", limit) == R"(504 {"code": "Timeout"})");
    // A reply that comes in that very instant is in time: messages go before timers.
    CHECK(once(R"({"wait": "3ms"}, {"call": "Back.Do"}, {"reply": 1})", limit) == "200 1");
}

TEST_CASE("gateway: at its end of time a route stops, and what comes later is late") {
    const Ran ran = run(route(R"({"call": "Back.Slow"}, {"insert": "t", "key": "'k'", "row": {}})",
                              request("0ms", "GET /a", "r"), R"("timeout": "10ms", )"));
    CHECK(ran.reply("r") == R"(unknown Timeout {"code": "Timeout"})");
    CHECK(ran.times(RecordKind::replied) == "12ms");
    CHECK(ran.rows("Gate.t") == 0);
    CHECK(ran.rows("Back.seen") == 1);
    CHECK(ran.times(RecordKind::late) == "23ms");
    CHECK(ended(ran, "Gate") == 1);
}

TEST_CASE("gateway: at its end of time every branch stops") {
    const Ran ran = run(route(R"({"parallel": {
        "a": [{"wait": "20ms"}, {"upsert": "t", "key": "'a'", "set": {}}],
        "b": [{"wait": "2ms"}, {"upsert": "t", "key": "'b'", "set": {}}]}})",
                              request("0ms", "GET /a", "r"), R"("timeout": "10ms", )"));
    CHECK(status(ran, "r") == "504");
    CHECK(ran.rows("Gate.t") == 1);
    CHECK(ran.count(RecordKind::resumed) == 1);
    // Nothing of it is left to wait for.
    CHECK(ran.result.virtual_time == 12 * millisecond);
}

TEST_CASE("gateway: the time of a route counts from its arrival, waiting for a worker included") {
    const Ran ran = run(gate(R"js("workers": 1, "store": {"t": {}}, "routes": {
        "GET /long": [{"wait": "30ms"}, {"reply": 1}],
        "GET /a": {"timeout": "15ms", "steps": [
            {"upsert": "t", "key": "query.as", "set": {}}, {"wait": "1ms"}, {"reply": 1}]}})js",
                             request("0ms", "GET /long", "long") + "," +
                                 request("1ms", "GET /a?as=over", "over") + "," +
                                 request("15ms", "GET /a?as=sharp", "sharp") + "," +
                                 request("20ms", "GET /a?as=in_time", "in_time")));
    // What has waited too long gets no step; at the very end of its time it gets the first one.
    CHECK(status(ran, "long") == "200");
    CHECK(status(ran, "over") == "504");
    CHECK(status(ran, "sharp") == "504");
    CHECK(status(ran, "in_time") == "200");
    CHECK(ran.times(RecordKind::replied) == "32ms 32ms 32ms 33ms");
    CHECK(ran.row("Gate.t", "over").is_null());
    CHECK_FALSE(ran.row("Gate.t", "sharp").is_null());
}

TEST_CASE("gateway: who finds the queue full is told 503") {
    const Ran ran = run(gate(R"("workers": 1, "queueLimit": 0, "routes": {"GET /a": [
        {"wait": "10ms"}, {"reply": 1}]})",
                             request("0ms", "GET /a", "a") + "," + request("1ms", "GET /a", "b")));
    CHECK(status(ran, "a") == "200");
    CHECK(answer(ran, "b") == R"(503 {"code": "QueueFull"})");
    CHECK(ran.reply("b") == R"(failed QueueFull {"code": "QueueFull"})");
}

TEST_CASE("gateway: without its answer there is no status") {
    Scenario scenario =
        route(R"({"wait": "10ms"}, {"reply": 1})",
              request("0ms", "GET /a", "early", R"(, "timeout": "5ms")") + "," +
                  request("1ms", "GET /a", "cut") + "," + request("10ms", "GET /a", "down"));
    scenario.faults = R"({"crash": "Gate", "at": "9ms", "restartAfter": "never"})";
    const Ran ran = run(scenario);
    CHECK(ran.reply("early") == "unknown Timeout");
    CHECK(answer(ran, "early") == "null null");
    CHECK(ran.reply("cut") == "unknown Crashed");
    CHECK(answer(ran, "cut") == "null null");
    CHECK(ran.reply("down") == "failed Unavailable");
    CHECK(answer(ran, "down") == "null null");
}

TEST_CASE("gateway: who has answered is not timed any more") {
    const Ran ran =
        run(route(R"({"reply": 1})", request("0ms", "GET /a", "r"), R"("timeout": "10s", )"));
    CHECK(status(ran, "r") == "200");
    CHECK(ran.result.virtual_time == 2 * millisecond);
}

// ---- The client's side -------------------------------------------------------------------------

TEST_CASE("gateway: a text that turns out to be no request ends the client with an error") {
    const Ran ran =
        run(route(R"({"reply": 1})",
                  R"({"every": "1ms", "times": 2, "request": "${i == 0 ? 'GET' : ''} /a",
                                  "to": "Gate", "as": "r${i}"})"));
    CHECK(answer(ran, "r0") == "200 1");
    CHECK(answer(ran, "r1") == "none");
    REQUIRE(ran.count(RecordKind::logged) == 1);
    CHECK(ran.of(RecordKind::logged)[0].value.text() == R"(error: " /a" is no request)");
}

TEST_CASE("gateway: replies are expected by status, body and what they lack") {
    Scenario scenario = route(R"({"parallel": {"a": [{"fail": "F"}]}, "mode": "settle"},
                                 {"reply": {"x": 1, "y": 2}, "status": 206})",
                              request("0ms", "GET /a", "r"));
    scenario.expect = R"js("replies": {"r": {"status": 206, "body": {"x": 1}, "partial": ["a"]}},
        "finally": {"seen": "replies.r.status == 206 && replies.r.body.partial == ['a']"})js";
    CHECK(run(scenario).result.passed);
    for (const char* wrong : {R"({"status": 200})", R"({"partial": []})", R"({"partial": ["b"]})",
                              R"({"body": {"x": 2}, "partial": ["a"]})"}) {
        INFO(wrong);
        scenario.expect = R"("replies": {"r": )" + std::string(wrong) + "}";
        CHECK_FALSE(run(scenario).result.passed);
    }
}

TEST_CASE("gateway: the same run on any number of threads") {
    const std::string traffic =
        R"({"every": "300us", "times": 100, "request": "GET /a", "to": "Gate", "as": "r${i}"},
           {"every": {"poisson": "2000/s"}, "for": "20ms", "request": "GET /a", "to": "Gate",
            "as": "p${i}"})";
    const ProgramPtr program =
        load(route(R"({"parallel": {"x": [{"call": "Back.Do"}], "y": [{"call": "Back.Slow"}]},
                       "mode": "any"}, {"reply": 1})",
                   traffic, R"("timeout": "2ms", "rateLimit": "60/s", )"));
    const Ran one = run(program, 1);
    CHECK(statuses(one).find("429") != std::string::npos);
    CHECK(
        difference(lines(*program, one.records), lines(*program, run(program, 4).records)).empty());
}
