// Where a bound name may be used: definite assignment, shadowing, names of the language's own.
#include "language/load_support.h"

using namespace sagalab;
using namespace sagalab::test;

TEST_CASE("load_scopes: a name is visible after its step where it is bound on every way") {
    SECTION("by both branches") {
        CHECK(messages(with_steps(
                  R"({"if": "msg.a", "then": [{"let": {"x": 1}}], "else": [{"let": {"x": 2}}]},
{"log": "${x}"})")) == "");
    }
    SECTION("by one branch only") {
        CHECK(messages(with_steps(R"({"if": "msg.a", "then": [{"let": {"x": 1}}]},
{"log": "${x}"})")) ==
              R"(4:12: "x" cannot be used here: it is not bound on every way that leads here
)");
    }
    SECTION("by the branch that goes on") {
        CHECK(messages(with_steps(
                  R"({"if": "msg.a", "then": [{"let": {"x": 1}}], "else": [{"stop": "no"}]},
{"log": "${x}"})")) == "");
    }
    SECTION("after a guard") {
        CHECK(messages(with_steps(R"({"let": {"x": 1}}, {"if": "x == 1", "stop": "no"},
{"log": "${x}"})")) == "");
    }
    SECTION("by a loop that may run no time") {
        CHECK(messages(with_steps(
                  R"({"for": "l", "in": "msg.ls", "do": [{"let": {"x": 1}}, {"log": "${x}"}]},
{"log": "${x}"})")) ==
              R"(4:12: "x" cannot be used here: it is not bound on every way that leads here
)");
    }
}

TEST_CASE("load_scopes: the result of a step whose error was handled") {
    SECTION("is not bound where an arm falls through") {
        CHECK(messages(with_steps(R"({"call": "T.Do", "as": "x", "onError": [{"log": "no"}]},
{"log": "${x}"})")) ==
              R"(4:12: "x" cannot be used here: it is not bound on every way that leads here
)");
    }
    SECTION("is bound where every arm ends the handler") {
        CHECK(messages(with_steps(
                  R"({"call": "T.Do", "as": "x", "onError": {
 "rejected": [{"stop": "r"}], "unknown": [{"fail": "U"}]}},
{"log": "${x}"})")) == "");
    }
    SECTION("is bound where the arm binds it too") {
        CHECK(messages(with_steps(R"({"call": "T.Do", "as": "x", "onError": [{"let": {"x": 0}}]},
{"log": "${x}"})")) == "");
    }
    SECTION("is not yet bound in the arm") {
        CHECK(messages(with_steps(R"({"call": "T.Do", "as": "x", "onError": [
{"log": "${x}"}, {"stop": "no"}]})")) ==
              R"(4:12: "x" cannot be used here: it is not bound on every way that leads here
)");
    }
}

TEST_CASE("load_scopes: names of the language's own") {
    CHECK(messages(with_steps(R"({"log": "${error.code}"},
{"log": "${row.left}"},
{"log": "${T.orders}"},
{"log": "${orders}"},
{"for": "l", "in": "msg.ls", "do": []}, {"log": "${l}"})")) ==
          R"(3:12: "error" cannot be used here: it is known only inside "onError"
4:12: "row" cannot be used here: it is known only inside "set"
5:12: "T" cannot be used here: nothing reads another service's store; "call" it
6:12: unknown name "orders"
7:52: "l" cannot be used here: it is known only inside its "for"
)");
}

TEST_CASE("load_scopes: bindings of one let do not see each other") {
    CHECK(messages(with_steps(R"({"let": {"a": 1,
"b": "${a}"}})")) ==
          R"(4:9: unknown name "a" (did you mean "S"?)
)");
}

TEST_CASE("load_scopes: shadowing") {
    CHECK(messages(with_steps(R"({"let": {"a": 1}},
{"let": {"a": 2}},
{"call": "T.Do", "as": "orders"},
{"for": "a", "in": "msg.ls", "do": []},
{"if": "msg.q", "then": [{"let": {"z": 1}}]}, {"if": "msg.r", "then": [{"let": {"z": 2}}]})")) ==
          R"(4:10: "a" is bound already
5:24: "orders" would hide the table of the same name
6:9: "a" is bound already
)");
}

TEST_CASE("load_scopes: a loop variable has its three slots even where its name had another use") {
    const auto program = loaded(with_steps(R"({"if": "msg.a", "then": [{"let": {"x": 1}}]},
{"for": "x", "in": "msg.ls", "do": []},
{"if": "msg.b", "then": [{"let": {"x": 2}}], "else": [{"let": {"x": 3}}]}, {"log": "${x}"})"));
    CHECK(program->handlers[0].slots == 6);
}

TEST_CASE("load_scopes: code behind an ending never runs") {
    CHECK(messages(with_steps(R"({"stop": "here"},
{"log": "a"},
{"log": "b"})")) ==
          R"(4:1: never runs: the step before always ends the handler
)");
    CHECK(messages(with_steps(R"({"if": "msg.a", "then": [{"stop": "a"}], "else": [{"stop": "b"}]},
{"log": "c"})")) ==
          R"(4:1: never runs: the step before always ends the handler
)");
}
