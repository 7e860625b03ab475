// Sagas: their steps, the pivot rule, and what an undo can see.
#include "language/load_support.h"

using namespace sagalab;
using namespace sagalab::test;

TEST_CASE("load_sagas: steps with an effect are bracketed, undos stand behind the handler") {
    CHECK(
        listing(with_saga(R"({"let": {"a": 1}},
{"call": "T.Do", "as": "made", "compensate": {"call": "T.Undo", "data": {"made": "${made}"}}},
{"if": "msg.x", "then": [{"insert": "orders", "key": "msg.id"}]},
{"call": "T.Do", "kind": "pivot", "onError": {
 "rejected": [{"call": "T.Undo"}, {"reject": "${error.code}"}], "unknown": []}},
{"step": "tail", "kind": "retriable", "do": [{"call": "T.Late", "as": "late"}, {"send": "T.Do"}]},
{"reply": {"late": "${late}"}})",
                          R"(, "deadline": "1m", "onCompensated": [{"log": "undone ${made}"}])")) ==
        R"(S saga G, 5 slots
    0  let key 1 slot 1
    1  begin step 0
    2  call T.Do data {} slot 2
    3  end step 0
    4  jump unless key msg.x to 8
    5  begin step 1
    6  insert orders key msg.id data {}
    7  end step 1
    8  begin step 2
    9  call T.Do#2 data {} on error rejected:11 unknown:13 slot 3
   10  jump to 13
   11  call T.Undo data {}
   12  reject key ${error.code}
   13  end step 2
   14  begin step 3
   15  call T.Late data {} slot 4
   16  send T.Do data {}
   17  end step 3
   18  reply data {"late": $4}
   19  end
undo of T.Do
   20  call T.Undo#2 data {"made": $2}
   21  end
G compensated
   22  log key undone ${made}
   23  end)");
}

TEST_CASE("load_sagas: an undo sees what was bound before it, its own step included") {
    CHECK(messages(with_saga(
              R"({"if": "msg.x", "then": [{"call": "T.Do", "as": "x"}]},
{"call": "T.Do", "as": "y", "compensate": [{"log": "${x} ${y}"},
{"log": "${z}"}]},
{"call": "T.Do", "as": "z"})")) ==
          R"(5:12: "z" cannot be used here: it is not bound on every way that leads here
)");
}

TEST_CASE("load_sagas: the pivot rule") {
    SECTION("compensatable, pivot, retriable") {
        CHECK(messages(with_saga(R"({"call": "T.Do", "compensate": {"call": "T.Undo"}},
{"call": "T.Do", "kind": "pivot"}, {"call": "T.Late", "kind": "retriable"})")) == "");
    }
    SECTION("a compensatable step after the pivot") {
        CHECK(messages(with_saga(R"({"call": "T.Do", "kind": "pivot"},
{"call": "T.Undo"})")) ==
              R"(4:10: "T.Undo" stands after the pivot "T.Do" and must be "kind": "retriable"
)");
    }
    SECTION("two pivots") {
        CHECK(
            messages(with_saga(R"({"call": "T.Do", "kind": "pivot"},
{"call": "T.Late", "kind": "pivot"})")) ==
            R"(4:10: "T.Late" is a second pivot after "T.Do": a path through a saga has at most one
)");
    }
    SECTION("a retriable step before the pivot") {
        CHECK(messages(with_saga(R"({"call": "T.Late", "kind": "retriable"},
{"call": "T.Do", "kind": "pivot"})")) ==
              R"(4:10: the pivot "T.Do" stands after the retriable step "T.Late": )"
              R"(before a pivot every step is compensatable
)");
    }
    SECTION("a retriable step after the pivot with an undo") {
        CHECK(messages(with_saga(R"({"call": "T.Do", "kind": "pivot"},
{"call": "T.Late", "kind": "retriable", "compensate": {"call": "T.Undo"}})")) ==
              R"(4:10: "T.Late" stands after the pivot "T.Do" and is never undone: )"
              R"(it takes no "compensate"
)");
    }
    SECTION("a pivot on each of two branches") {
        CHECK(messages(with_saga(R"({"if": "msg.a", "then": [{"call": "T.Do", "kind": "pivot"}],
"else": [{"call": "T.Late", "kind": "pivot"}]}, {"call": "T.Undo", "kind": "retriable"})")) == "");
    }
    SECTION("a pivot on one branch and a step after both") {
        CHECK(messages(with_saga(R"({"if": "msg.a", "then": [{"call": "T.Do", "kind": "pivot"}]},
{"call": "T.Undo"})")) ==
              R"(4:10: "T.Undo" stands after the pivot "T.Do" and must be "kind": "retriable"
)");
    }
    SECTION("a branch with the pivot that ends") {
        CHECK(messages(with_saga(
                  R"({"if": "msg.a", "then": [{"call": "T.Do", "kind": "pivot"}, {"reply": {}}]},
{"call": "T.Undo"})")) == "");
    }
    SECTION("a pivot in a loop") {
        CHECK(messages(with_saga(R"({"for": "x", "in": "msg.xs", "do": [
{"call": "T.Do", "kind": "pivot"}]})")) == R"(3:9: the pivot "T.Do" may be passed more than once: )"
                                           R"(a path through a saga has at most one
)");
    }
    SECTION("a pivot in a loop that ends with it") {
        CHECK(messages(with_saga(R"({"for": "x", "in": "msg.xs", "do": [
{"call": "T.Do", "kind": "pivot"}, {"reply": {}}]})")) == "");
    }
}

TEST_CASE("load_sagas: words of sagas elsewhere") {
    CHECK(messages(with_steps(R"({"call": "T.Do", "kind": "pivot"},
{"call": "T.Do",
 "compensate": {"call": "T.Undo"}},
{"step": "x", "do": []})")) ==
          R"(3:18: "kind" belongs to the steps of a saga
5:2: "compensate" belongs to the steps of a saga
6:2: "step" belongs to the steps of a saga
)");
    CHECK(
        messages(with_saga(R"({"step": "x", "do": [
{"call": "T.Do", "compensate": {"call": "T.Undo"}},
{"step": "y"}]})")) ==
        R"(4:18: "compensate" belongs to the steps of a saga, not to what stands inside one of them
5:2: "step" belongs to the steps of a saga, not to what stands inside one of them
)");
}

TEST_CASE("load_sagas: compensation's rules and policies") {
    const auto program = loaded(with_saga(R"({"call": "T.Do"})", R"(,
"compensation": {"scope": "started", "order": "parallel", "onFailure": "continue",
 "retry": {"maxAttempts": 7}})"));
    const program::Saga& saga = program->sagas[0];
    CHECK(saga.scope == program::CompensationScope::started);
    CHECK(saga.order == program::CompensationOrder::parallel);
    CHECK(saga.on_failure == program::UndoFailure::go_on);
    CHECK(program->retries[saga.undo_retry.value].max_attempts == 7);
    CHECK(program->retries[saga.retriable_retry.value].max_attempts == 0);
    CHECK((*program)[saga.table].name == "G");
    CHECK((*program)[saga.table].saga == SagaId(0U));
}
