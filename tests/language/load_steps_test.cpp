// Steps become instructions: what each verb compiles to, and how control flows.
#include "language/load_support.h"

using namespace sagalab;
using namespace sagalab::test;

TEST_CASE("load_steps: store steps name their table, key and data") {
    CHECK(listing(
              with_steps(R"({"insert": "orders", "key": "msg.id", "copy": ["id"], "row": {"a": 1}},
{"update": "items", "key": "msg.id", "set": {"left": "${row.left - 1}"}},
{"upsert": "orders", "key": "msg.id", "set": {"b": 2}},
{"delete": "orders", "key": "msg.id"},
{"delete": "orders", "key": "msg.id"})")) ==
          R"(S on E, 2 slots
    0  insert orders key msg.id data {"a": 1, "id": $0.id}
    1  update items key msg.id data {"left": $1.left - 1} slot 1
    2  upsert orders key msg.id data {"b": 2}
    3  delete orders key msg.id
    4  delete orders#2 key msg.id
    5  end)");
}

TEST_CASE("load_steps: messages") {
    CHECK(listing(with_steps(R"({"publish": "Paid", "copy": ["id"], "data": {"a": 1}},
{"publish": "Paid"},
{"send": "T.Do", "data": {"x": "${msg.x}"}},
{"call": "T.Do", "copy": ["id"], "as": "answer", "timeout": "50ms", "idempotencyKey": "msg.id"},
{"log": "got ${answer.ok}"})")) ==
          R"(S on E, 2 slots
    0  publish Paid data {"a": 1, "id": $0.id}
    1  publish Paid#2 data {}
    2  send T.Do data {"x": $0.x}
    3  call T.Do data {"id": $0.id} slot 1 timeout 50ms idempotency key msg.id
    4  log key got ${answer.ok}
    5  end)");
}

TEST_CASE("load_steps: if, else and the guard form") {
    CHECK(listing(with_steps(R"({"if": "msg.a", "then": [{"log": "yes"}], "else": [{"log": "no"}]},
{"if": "msg.b", "reject": "SoldOut", "data": {"left": 0}},
{"if": "msg.c", "then": [{"stop": "c"}], "else": [{"log": "d"}]},
{"if": "msg.e", "then": [{"reply": null}], "else": [{"fail": "Down"}]})")) ==
          R"(S on E, 1 slot
    0  jump unless key msg.a to 3
    1  log key yes
    2  jump to 4
    3  log key no
    4  jump unless key msg.b to 6
    5  reject key SoldOut data {"left": 0}
    6  jump unless key msg.c to 8
    7  stop key c
    8  log key d
    9  jump unless key msg.e to 11
   10  reply data null
   11  fail key Down
   12  end)");
}

TEST_CASE("load_steps: for keeps two slots behind its variable") {
    CHECK(listing(with_steps(R"({"for": "line", "in": "msg.lines", "do": [{"log": "${line}"}]},
{"let": {"b": 1, "a": "${msg.x}"}}, {"wait": "5ms"},
{"assert": "a == b", "message": "a is ${a}"})")) ==
          R"(S on E, 6 slots
    0  for key msg.lines slot 1 to 3
    1  log key ${line}
    2  next slot 1 to 1
    3  let key ${msg.x} slot 4
    4  let key 1 slot 5
    5  wait time 5ms
    6  assert key a == b data a is ${a}
    7  end)");
}

TEST_CASE("load_steps: arms of onError stand behind their step, most specific first") {
    CHECK(listing(with_steps(
              R"({"insert": "orders", "key": "msg.id", "onError": {
"unknown": [{"log": "u"}], "rejected": [{"stop": "r"}],
 "AlreadyExists": [{"log": "${error.code}"}]}},
{"log": "after"})")) ==
          R"(S on E, 2 slots
    0  insert orders key msg.id data {} on error AlreadyExists:2 rejected:4 unknown:5 slot 1
    1  jump to 6
    2  log key ${error.code}
    3  jump to 6
    4  stop key r
    5  log key u
    6  log key after
    7  end)");
}

TEST_CASE("load_steps: onError as an array is for every error, and nests") {
    CHECK(listing(with_steps(R"({"call": "T.Do", "onError": [
{"call": "T.Undo", "onError": [{"log": "${error.code}"}]}, {"log": "${error.code}"}]})")) ==
          R"(S on E, 3 slots
    0  call T.Do data {} on error any:2 slot 1
    1  jump to 6
    2  call T.Undo data {} on error any:4 slot 2
    3  jump to 5
    4  log key ${error.code}
    5  log key ${error.code}
    6  end)");
}
