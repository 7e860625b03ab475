// Each lint: where it is told of and how, a near miss that is fine, and how it is silenced.
#include "language/lint.h"

#include <string>

#include "language/load_support.h"
#include "support/catch.h"

using namespace sagalab;

namespace {

// What is said of a file with lints on, one a line: "3:5: text [name]".
std::string lints(const std::string& text, const std::string& part = "") {
    language::LoadOptions options;
    options.lints = true;
    options.read = [&](const std::string&, std::string&) { return std::optional(part); };
    const language::Loaded loaded = language::load_text("test.json", text, options);
    std::string out;
    for (const language::Diagnostic& found : loaded.diagnostics.sorted()) {
        const language::LineColumn at = loaded.sources.line_column(found.place);
        out += (found.place.file == 0 ? "" : loaded.sources.path(found.place.file) + ":") +
               std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + found.message;
        if (found.lint) out += " [" + std::string(language::row_of(*found.lint).name) + "]";
        out += "\n";
    }
    return out;
}

std::string scenario(const std::string& services, const std::string& workload,
                     const std::string& more = "") {
    return "{\"scenario\": \"t\", " + more + "\n\"services\": {\n" + services +
           "\n},\n\"workload\": [" + workload + "]}";
}

// A publishes E with these fields; S handles E with these steps.
std::string sent(const std::string& data, const std::string& steps, const std::string& more = "") {
    return scenario(R"("S": {"store": {"t": {}}, "on": {"E": [
)" + steps + "\n]}}",
                    R"({"publish": "E", "data": )" + data + "}", more);
}

// A calls S.Do, whose handler has these steps.
std::string called(const std::string& call, const std::string& steps,
                   const std::string& more = "") {
    return scenario(R"("A": {"on": {"Go": [
)" + call + R"(
]}},
"S": {"store": {"t": {}}, "api": {"Do": [
)" + steps + "\n]}" + more +
                        "}",
                    R"({"publish": "Go", "data": {"id": "1", "amount": 5}})");
}

// A handler of a service with or without an outbox.
std::string writer(const std::string& steps, const std::string& service = "",
                   const std::string& more = "") {
    return scenario(R"("S": {"store": {"t": {}}, "on": {"Go": [
)" + steps + "\n]" + service +
                        R"(, "F": []}}, "T": {"api": {"Do": []}})",
                    R"({"publish": "Go", "data": {"id": "1"}}, {"call": "T.Do"})", more);
}

std::string expecting(const std::string& claim, const std::string& more = "",
                      const std::string& id = "o-1") {
    return scenario(R"("S": {"store": {"t": {"rows": {"seed": {}}}}, "on": {
"A": [{"publish": "B", "data": {"key": "${msg.id}"}}],
"B": [{"insert": "t", "key": "msg.key", "row": {"n": 1}}]}})",
                    R"({"publish": "A", "data": {"id": ")" + id + R"("}})",
                    R"("expect": {"finally": {"c":
")" + claim + R"("}}, )" +
                        more);
}

const std::string insert = R"({"insert": "t", "key": "msg.id", "row": {}})";
const std::string publish = R"({"publish": "F"})";

}  // namespace

TEST_CASE("lints: every row has a code, a name and all its texts") {
    REQUIRE(language::lint_rows().size() == language::lint_count);
    std::size_t number = 0;
    for (const language::LintRow& row : language::lint_rows()) {
        INFO(row.name);
        CHECK(row.name == language::lint_names[number]);
        ++number;
        CHECK(row.code == (number < 10 ? "SL00" : "SL0") + std::to_string(number));
        CHECK(language::find_lint(row.code) == &row);
        CHECK(language::find_lint(row.name) == &row);
        CHECK(row.about.ends_with("."));
        for (std::string_view text : {row.meaning, row.example, row.mend}) {
            CHECK(text.ends_with("\n"));
        }
    }
    CHECK(language::find_lint("SL000") == nullptr);
}

TEST_CASE("lints: not without being asked, and not beside errors") {
    const std::string text = sent("{}", R"({"publish": "X"})");
    CHECK(test::messages(text).empty());
    CHECK(lints(sent("{}", R"({"publish": "X"}, {"insert": "u", "key": "'a'"})")) ==
          "4:30: unknown table \"u\" (did you mean \"t\"?)\n");
}

TEST_CASE("lint unheard-event") {
    CHECK(lints(sent("{}", R"({"publish": "Paid"})")) ==
          "4:13: nobody handles the event \"Paid\" [unheard-event]\n");
    const std::string spelt =
        R"("S": {"on": {"Go": [{"publish": "OrderPaide"}], "OrderPaid": []}})";
    const std::string workload = R"({"publish": "Go"}, {"publish": "OrderPaid"})";
    CHECK(lints(scenario(spelt, workload)) ==
          "3:33: nobody handles the event \"OrderPaide\" (did you mean \"OrderPaid\"?) "
          "[unheard-event]\n");
    SECTION("heard by a subscription, by an await, by the aggregate it is appended to") {
        CHECK(lints(sent("{}", R"({"publish": "E"})")).empty());
        CHECK(lints(scenario(R"("S": {"sagas": {"G": {"id": "'a'", "steps": [{"await": "E"}]}}})",
                             R"({"publish": "E"}, {"call": "S.G"})"))
                  .empty());
        CHECK(lints(scenario(R"("S": {"aggregates": {"O": {"apply": {"P": {}}}},
"on": {"E": [{"append": "P", "to": "O", "key": "'a'"}]}})",
                             R"({"publish": "E"})"))
                  .empty());
    }
    SECTION("each event once") {
        CHECK(lints(sent("{}", R"({"publish": "Paid"}, {"publish": "Paid"})")) ==
              "4:13: nobody handles the event \"Paid\" [unheard-event]\n");
    }
    SECTION("silenced at the step, at the service, at the top") {
        CHECK(lints(sent("{}", R"({"publish": "Paid", "allow": ["unheard-event"]})")).empty());
        CHECK(lints(sent("{}", R"({"publish": "Paid", "allow": ["dual-write"]})")) ==
              "4:13: nobody handles the event \"Paid\" [unheard-event]\n");
        CHECK(
            lints(sent("{}", R"({"publish": "Paid"})", R"("allow": ["unheard-event"],)")).empty());
    }
}

TEST_CASE("lint unsent-event") {
    const std::string handler = R"("S": {"on": {"E": [], "F": []}})";
    CHECK(lints(scenario(handler, R"({"publish": "E"})")) ==
          "3:23: nobody publishes the event \"F\" [unsent-event]\n");
    CHECK(lints(scenario(handler, R"({"publish": "E"}, {"publish": "F"})")).empty());
    SECTION("without a workload nothing is meant to run") {
        CHECK(lints(scenario(handler, "")).empty());
    }
    SECTION("an await") {
        CHECK(lints(scenario(R"("S": {"sagas": {"G": {"id": "'a'", "steps": [
{"await": "F", "timeout": "1s"}]}}})",
                             R"({"call": "S.G"})")) ==
              "4:11: nobody publishes the event \"F\" [unsent-event]\n");
    }
    SECTION("sent by a job, by a client, by an append, by history") {
        CHECK(
            lints(
                scenario(
                    R"("S": {"jobs": {"j": {"every": "1s", "times": 1, "steps": [{"publish": "F"}]}},
"on": {"E": [], "F": []}})",
                    R"({"client": "ann", "steps": [{"publish": "E"}]})"))
                .empty());
        const std::string aggregate = R"("S": {"aggregates": {"O": {"apply": {"P": {}})";
        CHECK(lints(scenario(aggregate + R"(, "streams": {"a": [{"event": "P"}]}}},
"on": {"E": []}})",
                             R"({"publish": "E"})"))
                  .empty());
        CHECK(lints(scenario(aggregate + R"(}}, "on": {"E": []}})", R"({"publish": "E"})")) ==
              "3:38: nobody appends the event \"P\" [unsent-event]\n");
    }
    SECTION("an included part may be there for others") {
        CHECK(lints(R"({"scenario": "t", "include": ["p.json"], "workload": [{"publish": "E"}]})",
                    R"({"services": {"S": {"on": {"E": [], "F": []}, "api": {"Do": []}}}})")
                  .empty());
    }
}

TEST_CASE("lint never-called") {
    const std::string api = R"("S": {"api": {"Do": [], "Undo": []}})";
    CHECK(lints(scenario(api, R"({"call": "S.Do"})")) ==
          "3:25: nobody calls \"S.Undo\" [never-called]\n");
    CHECK(lints(scenario(api, R"({"call": "S.Do"}, {"send": "S.Undo"})")).empty());
    SECTION("a saga, and what only it calls") {
        CHECK(lints(scenario(R"("S": {"on": {"E": []}, "sagas": {
"G": {"id": "'a'", "steps": [{"call": "T.Do"}]}}}, "T": {"api": {"Do": []}})",
                             R"({"publish": "E"})")) ==
              "4:1: nobody starts \"S.G\" [never-called]\n");
    }
    SECTION("a route, where all requests are known") {
        const std::string routes = R"("G": {"routes": {"GET /a": [{"reply": 1}],
"GET /b/{id}": [{"reply": 2}]}})";
        CHECK(lints(scenario(routes, R"({"request": "GET /a", "to": "G"})")) ==
              "4:1: nobody requests \"GET /b/{id}\" [never-called]\n");
        CHECK(lints(scenario(routes, R"({"request": "GET /a", "to": "G"},
{"request": "GET /b/7", "to": "G"})"))
                  .empty());
        CHECK(lints(scenario(routes, R"({"every": "1s", "times": 2, "request": "GET /a?n=${i}",
"to": "G"})"))
                  .empty());
    }
    SECTION("called by one case of several") {
        const std::string cases = R"("cases": {"a": {}, "b": {"addWorkload": [
{"call": "S.Undo"}]}},)";
        CHECK(lints(scenario(api, R"({"call": "S.Do"})", cases)).empty());
    }
    SECTION("silenced in the operation") {
        CHECK(
            lints(
                scenario(
                    R"("S": {"api": {"Do": [], "Undo": {"steps": [], "allow": ["never-called"]}}})",
                    R"({"call": "S.Do"})"))
                .empty());
    }
}

TEST_CASE("lint unwritten-field") {
    CHECK(lints(sent(R"({"id": "1"})", R"({"log": "${msg.idd}"})")) ==
          "4:12: nobody who sends \"E\" writes the field \"idd\" (did you mean \"id\"?) "
          "[unwritten-field]\n");
    CHECK(lints(sent(R"({"id": "1"})", R"({"insert": "t", "key": "msg.id", "copy": ["sum"]})")) ==
          "4:43: nobody who sends \"E\" writes the field \"sum\" [unwritten-field]\n");
    CHECK(lints(sent(R"({"id": "1"})", R"({"log": "${msg.id}"})")).empty());
    SECTION("asked for before") {
        CHECK(lints(sent("{}", R"x({"if": "has(msg.sum)", "then": [{"log": "${msg.sum}"}]})x"))
                  .empty());
        CHECK(lints(sent("{}", R"({"if": "'sum' in msg", "then": [{"log": "${msg.sum}"}]})"))
                  .empty());
    }
    SECTION("one of several senders is enough") {
        CHECK(lints(scenario(R"("S": {"on": {"E": [{"log": "${msg.sum}"}]}})",
                             R"({"publish": "E"}, {"publish": "E", "data": {"sum": 1}})"))
                  .empty());
    }
    SECTION("a text that only looks like a read") {
        CHECK(lints(sent("{}", R"({"log": "the msg.sum"})")).empty());
    }
    SECTION("the id of a saga") {
        CHECK(lints(scenario(R"("S": {"sagas": {"G": {"id": "msg.id", "steps": []}}})",
                             R"({"call": "S.G"})")) ==
              "3:30: nobody who sends \"S.G\" writes the field \"id\" [unwritten-field]\n");
    }
    SECTION("silenced") {
        CHECK(lints(sent("{}", R"({"log": "${msg.id}", "allow": ["unwritten-field"]})")).empty());
    }
}

TEST_CASE("lint missing-row") {
    CHECK(lints(expecting("S.t['o-2'].n == 1")) ==
          "2:6: no step can create the row \"o-2\" of \"S.t\" (did you mean \"o-1\"?) "
          "[missing-row]\n");
    CHECK(lints(expecting("S.t['o-1'].n == 1")).empty());
    CHECK(lints(expecting("S.t['seed'].n == 1")).empty());
    SECTION("asking whether it is there") {
        CHECK(lints(expecting("!('o-2' in S.t)")).empty());
        CHECK(lints(expecting("'o-2' in S.t ? S.t['o-2'].n == 1 : true")).empty());
        CHECK(lints(expecting("get(S.t, 'o-2', {}) == {}")).empty());
    }
    SECTION("keys that are not known") {
        CHECK(lints(scenario(R"("S": {"store": {"t": {}}, "on": {
"A": [{"insert": "t", "key": "msg.id + 'x'", "row": {}}]}})",
                             R"({"publish": "A", "data": {"id": "1"}})",
                             R"("expect": {"finally": {"c": "S.t['q'].n == 1"}},)"))
                  .empty());
        CHECK(lints(scenario(R"("S": {"store": {"t": {}}, "on": {
"A": [{"insert": "t", "key": "msg.id", "row": {}}]}})",
                             R"({"every": "1s", "times": 2, "publish": "A",
"data": {"id": "o-${i}"}})",
                             R"("expect": {"finally": {"c": "S.t['q'].n == 1"}},)"))
                  .empty());
    }
    SECTION("keys that come round in a circle") {
        CHECK(lints(scenario(R"("S": {"store": {"t": {}}, "on": {
"A": [{"upsert": "t", "key": "msg.id", "set": {}}, {"publish": "A", "copy": ["id"]}]},
"outbox": true})",
                             R"({"publish": "A", "data": {"id": "1"}})",
                             R"("expect": {"finally": {"c": "S.t['q'].n == 1"}},)"))
                  .empty());
    }
    SECTION("the log of a saga") {
        const std::string saga = R"("S": {"sagas": {"G": {"id": "msg.id", "steps": []}}})";
        const std::string start = R"({"call": "S.G", "data": {"id": "g-1"}})";
        CHECK(lints(scenario(saga, start, R"("expect": {"finally": {"c":
"S.G['g-2'].state == 'completed'"}},)")) ==
              "2:6: no step can create the row \"g-2\" of \"S.G\" (did you mean \"g-1\"?) "
              "[missing-row]\n");
    }
    SECTION("meant to break, or silenced") {
        CHECK(lints(expecting("S.t['o-2'].n == 1", R"("breaks": ["c"],)")).empty());
        CHECK(lints(expecting("S.t['o-2'].n == 1", R"("allow": ["missing-row"],)")).empty());
    }
}

TEST_CASE("lint retry-without-key") {
    const std::string charge = R"({"insert": "t", "key": "meta.id", "row": {}}, {"reply": {}})";
    const std::string retried = R"({"call": "S.Do", "copy": ["id"], "retry": {"maxAttempts": 3}})";
    const std::string message =
        "4:34: \"S.Do\" is tried again without an idempotency key: it may be done twice "
        "[retry-without-key]\n";
    CHECK(lints(called(retried, charge)) == message);
    CHECK(lints(called(retried, charge, R"(, "inbox": true)")) == message);
    CHECK(lints(called(R"({"call": "S.Do", "copy": ["id"], "retry": {"maxAttempts": 3},
"idempotencyKey": "msg.id"})",
                       charge))
              .empty());
    SECTION("a policy by its name, and one that repeats only what failed") {
        const std::string named = R"({"call": "S.Do", "retry": "p"})";
        const auto with_policy = [&](const std::string& policy) {
            std::string text = called(named, charge);
            return text.insert(text.find("\n\"services\""),
                               R"("policies": {"retry": {"p": )" + policy + "}}, ");
        };
        CHECK(lints(with_policy("{}")) ==
              "4:18: \"S.Do\" is tried again without an idempotency key: it may be done twice "
              "[retry-without-key]\n");
        CHECK(lints(with_policy(R"({"on": ["failed"]})")).empty());
        CHECK(lints(with_policy(R"({"maxAttempts": 1})")).empty());
    }
    SECTION("what may run twice, and what looks first") {
        CHECK(lints(called(retried, R"({"reply": {"n": "${size(store.t)}"}})")).empty());
        CHECK(
            lints(called(retried, R"({"upsert": "t", "key": "msg.id", "set": {"n": 1}})")).empty());
        CHECK(lints(called(retried,
                           R"({"upsert": "t", "key": "msg.id", "set": {"n": "${row.n + 1}"}})")) ==
              message);
        CHECK(lints(called(retried, R"({"if": "msg.id in store.t", "then": [{"reply": {}}]},
{"insert": "t", "key": "msg.id", "row": {}})"))
                  .empty());
    }
    SECTION("a saga has keys") {
        CHECK(lints(scenario(R"("A": {"sagas": {"G": {"id": "'g'", "steps": [
{"call": "S.Do", "retry": {}}]}}},
"S": {"store": {"t": {}}, "api": {"Do": [)" +
                                 charge + "]}}",
                             R"({"call": "A.G", "retry": {}})"))
                  .empty());
    }
    SECTION("silenced at the step") {
        CHECK(lints(called(R"({"call": "S.Do", "retry": {}, "allow": ["retry-without-key"]})",
                           charge))
                  .empty());
    }
}

TEST_CASE("lint dual-write") {
    const std::string message =
        "\"Go\" writes to \"t\" and sends \"F\" without an outbox: a crash can fall between the "
        "two [dual-write]\n";
    CHECK(lints(writer(insert + ",\n" + publish)) == "5:13: " + message);
    CHECK(lints(writer(publish + ",\n" + insert)) == "5:12: " + message);
    CHECK(lints(writer(insert)) == lints(writer("")));
    SECTION("with an outbox") {
        const std::string text =
            scenario(R"("S": {"outbox": true, "store": {"t": {}}, "on": {"F": [],
"Go": [)" + insert + ", " +
                         publish + "]}}",
                     R"({"publish": "Go", "data": {"id": "1"}})");
        CHECK(lints(text).empty());
    }
    SECTION("an append is its own outbox") {
        CHECK(lints(scenario(R"("S": {"store": {"t": {}}, "aggregates": {"O": {"apply": {"P": {}}}},
"on": {"Go": [{"append": "P", "to": "O", "key": "'a'"}, {"upsert": "t", "key": "'a'", "set": {}}]}})",
                             R"({"publish": "Go"})"))
                  .empty());
    }
    SECTION("two branches, and a way that has ended") {
        CHECK(lints(writer(R"({"if": "msg.id == '1'", "then": [)" + insert + R"(], "else": [)" +
                           publish + "]}"))
                  .empty());
        CHECK(lints(writer(R"({"if": "msg.id == '1'", "then": [)" + insert +
                           R"(, {"stop": "x"}]}, )" + publish))
                  .empty());
        CHECK(lints(writer(R"({"if": "msg.id == '1'", "then": [)" + insert + R"(]},
)" + publish)) == "5:13: " + message);
    }
    SECTION("a loop, and the handlers of errors") {
        CHECK(lints(writer(R"({"for": "x", "in": "[1, 2]", "do": [
{"if": "x == 1", "then": [)" +
                           publish +
                           R"(], "else": [
)" + insert + "]}]}")) == "5:39: " + message);
        CHECK(lints(writer(R"({"insert": "t", "key": "msg.id", "row": {}, "onError":
{"AlreadyExists": [)" + publish +
                           R"(, {"stop": "x"}]}})"))
                  .empty());
    }
    SECTION("silenced at the service") {
        CHECK(lints(scenario(R"("S": {"allow": ["dual-write"], "store": {"t": {}}, "on": {"F": [],
"Go": [)" + insert + ", " + publish +
                                 "]}}",
                             R"({"publish": "Go", "data": {"id": "1"}})"))
                  .empty());
    }
}

TEST_CASE("lint short-timeout") {
    CHECK(lints(called(R"({"call": "S.Do", "timeout": "50ms"})",
                       R"({"wait": "49ms"}, {"reply": {}})")) ==
          "4:29: the timeout of 50ms is shorter than the 51ms that \"S.Do\" may take, there and "
          "back [short-timeout]\n");
    CHECK(lints(called(R"({"call": "S.Do", "timeout": "51ms"})",
                       R"({"wait": "49ms"}, {"reply": {}})"))
              .empty());
    CHECK(lints(called(R"({"call": "S.Do"})", R"({"wait": "2s"})")) ==
          "4:10: the timeout of 1s is shorter than the 2.002s that \"S.Do\" may take, there and "
          "back [short-timeout]\n");
    SECTION("what is not certain") {
        CHECK(lints(called(R"({"call": "S.Do", "timeout": "50ms"})",
                           R"({"if": "msg == {}", "then": [{"wait": "1m"}]})"))
                  .empty());
        CHECK(lints(called(R"({"call": "S.Do", "timeout": "50ms"})",
                           R"({"for": "x", "in": "[1]", "do": [{"wait": "1m"}]})"))
                  .empty());
        CHECK(lints(called(R"({"call": "S.Do", "timeout": "50ms"})", "",
                           R"(, "takes": {"exponential": "1m"})"))
                  .empty());
    }
    SECTION("takes, and nested timeouts that are said") {
        CHECK(lints(called(R"({"call": "S.Do", "timeout": "50ms"})", "", R"(, "takes": "60ms")")) ==
              "4:29: the timeout of 50ms is shorter than the 62ms that \"S.Do\" may take, there "
              "and back [short-timeout]\n");
        const auto nested = [](const std::string& timeout) {
            return scenario(R"("A": {"api": {"Do": [{"call": "B.Do")" + timeout +
                                R"(}]}},
"B": {"api": {"Do": []}})",
                            R"(
{"call": "A.Do", "timeout": "50ms"})");
        };
        CHECK(lints(nested("")).empty());
        CHECK(lints(nested(R"(, "timeout": "50ms")")) ==
              "7:29: the timeout of 50ms is shorter than the 52ms that \"A.Do\" may take, there "
              "and back [short-timeout]\n");
    }
    SECTION("the longest branch, and the timeout of a route") {
        CHECK(lints(scenario(R"("G": {"routes": {"GET /a": {"timeout": "5ms", "steps": [
{"parallel": {"a": [{"wait": "2ms"}], "b": [{"wait": "6ms"}]}}, {"reply": 1}]}}})",
                             R"({"request": "GET /a", "to": "G"})")) ==
              "3:40: the timeout of 5ms is shorter than the 6ms that \"GET /a\" may take "
              "[short-timeout]\n");
    }
    SECTION("round in a circle") {
        CHECK(lints(called(R"({"call": "S.Do", "timeout": "50ms"})",
                           R"({"wait": "20ms"}, {"call": "S.Do"})"))
                  .empty());
    }
    SECTION("silenced at the step") {
        CHECK(lints(called(R"({"call": "S.Do", "timeout": "5ms", "allow": ["short-timeout"]})",
                           R"({"wait": "49ms"})"))
                  .empty());
    }
}

TEST_CASE("lints of expressions are told without being asked, and silenced as well") {
    const auto text = [](const std::string& more) {
        return sent(R"({"id": "1"})",
                    R"({"insert": "t", "key": "msg.id", "row": {"a": "msg.id"}})" +
                        std::string(R"(, {"assert": "1 == 'a'"})"),
                    more);
    };
    CHECK(test::messages(text("")) ==
          "4:47: warning: this text looks like an expression: write \"${msg.id}\" to insert its "
          "value\n4:71: warning: int and string are never equal\n");
    CHECK(test::messages(text(R"("allow": ["bare-expression", "never-equal"],)")).empty());
}

TEST_CASE("allow: an unknown lint is an error") {
    const std::string message = lints(sent("{}", "", R"("allow": ["dual-wirte"],)"));
    CHECK(message.find("an item of \"allow\" must be \"unheard-event\", ") != std::string::npos);
    CHECK(message.find("not \"dual-wirte\" (did you mean \"dual-write\"?)") != std::string::npos);
}

TEST_CASE("allow: of a part it covers its own file") {
    const std::string scenario_text = R"({"scenario": "t", "include": ["p.json"],
"services": {"R": {"on": {"F": [{"publish": "Paid"}]}}}, "workload": [{"publish": "E"}]})";
    const std::string part = R"({"allow": ["unheard-event"],
"services": {"S": {"on": {"E": [{"publish": "G"}, {"publish": "F"}]}}}})";
    CHECK(lints(scenario_text, part) ==
          "2:45: nobody handles the event \"Paid\" [unheard-event]\n");
}

TEST_CASE("allow: of a case it covers the case") {
    const std::string steps = insert + ", " + publish;
    const auto text = [&](const std::string& one, const std::string& other) {
        return scenario(R"("S": {"store": {"t": {}}, "on": {"F": [],
"Go": [)" + steps + "]}}",
                        R"({"publish": "Go", "data": {"id": "1"}})",
                        R"("cases": {"a": {)" + one + R"(}, "b": {)" + other + "}},");
    };
    const std::string allow = R"("allow": ["dual-write"])";
    CHECK_FALSE(lints(text("", "")).empty());
    CHECK_FALSE(lints(text(allow, "")).empty());
    CHECK(lints(text(allow, allow)).empty());
}
