// `sagalab eval`.
#include <sstream>

#include "language/eval_command.h"
#include "support/catch.h"

using namespace sagalab::language;

TEST_CASE("eval prints a value as JSON") {
    EvalResult result = evaluate_text("msg.amount + 1", R"({"msg": {"amount": 4}})");
    CHECK(result.ok);
    CHECK(result.compiled);
    CHECK(result.text == "5");
    CHECK(evaluate_text("{'b': [true, null], 'a': duration('90s')}", "").text ==
          R"({"a": "90s", "b": [true, null]})");
}

TEST_CASE("eval tells an error of evaluation from a bad expression") {
    EvalResult failed = evaluate_text("msg.x", R"({"msg": {}})");
    CHECK_FALSE(failed.ok);
    CHECK(failed.compiled);
    CHECK(failed.text == "error: no field \"x\"");
    EvalResult refused = evaluate_text("1 +\n mgs", R"({"msg": {}})");
    CHECK_FALSE(refused.ok);
    CHECK_FALSE(refused.compiled);
    CHECK(refused.text.starts_with(
        "<expression>:2:2: error: unknown name \"mgs\" (did you mean \"msg\"?)\n"));
    CHECK_FALSE(evaluate_text("1", "{").compiled);
    EvalResult no_object = evaluate_text("1", "[]");
    CHECK_FALSE(no_object.compiled);
    CHECK(no_object.text.starts_with(
        "<with>:1:1: error: expected an object that binds names to values\n"));
}

TEST_CASE("eval in batches") {
    std::istringstream in(R"({"expr": "x * 2", "with": {"x": 4}}
{"expr": "1 / 0"}

{"expr": "1 && false"}
{"expr": "1 && false", "check": false}
)");
    std::ostringstream out;
    CHECK(evaluate_batch(in, out));
    CHECK(out.str() == R"({"value": 8}
{"error": "division by zero"}
{"error": "\"&&\" does not take int"}
{"value": false}
)");
    std::istringstream bad("{\"with\": {}}\n");
    std::ostringstream answer;
    CHECK_FALSE(evaluate_batch(bad, answer));
    CHECK(answer.str() ==
          "{\"error\": \"expected {\\\"expr\\\": \\\"...\\\", \\\"with\\\": {}}\"}\n");
}
