// Items of the workload: when and how often, their names, and what they may expect.
#include "language/load_support.h"

using namespace sagalab;
using namespace sagalab::test;

namespace {

std::string with_workload(const std::string& items, const std::string& more = "") {
    return R"({"scenario": "t", "services": {"S": {"on": {"E": []}, )"
           R"("api": {"Do": []}}}, "workload": [
)" + items +
           "]" + more + "}";
}

}  // namespace

TEST_CASE("load_workload: for is rounded up to whole periods") {
    const auto program = loaded(with_workload(R"(
{"publish": "E", "at": "2ms", "every": "3ms", "for": "9ms"},
{"publish": "E", "every": "3ms", "for": "10ms"},
{"publish": "E", "every": "0ms", "times": 4},
{"publish": "E"})"));
    REQUIRE(program->workload.size() == 4);
    CHECK(program->workload[0].at == 2 * millisecond);
    CHECK(program->workload[0].every == 3 * millisecond);
    CHECK(program->workload[0].times == 3);
    CHECK(program->workload[1].times == 4);
    CHECK(program->workload[2].times == 4);
    CHECK(program->workload[2].counter_slot == 1);
    CHECK(program->workload[3].times == 1);
    CHECK(program->workload[3].counter_slot == Index<void>::absent);
}

TEST_CASE("load_workload: further items of one name are numbered, and each has a client") {
    const auto program = loaded(with_workload(R"({"publish": "E"}, {"call": "S.Do"},
{"publish": "E"}, {"call": "S.Do", "as": "mine"}, {"send": "S.Do"})"));
    std::string names;
    for (const program::WorkItem& item : program->workload) {
        const program::Service& client = (*program)[item.client];
        CHECK(client.name == "client " + item.name);
        CHECK(client.display == "client");
        CHECK(client.kind == program::ServiceKind::client);
        CHECK((*program)[item.handler].service == item.client);
        names += item.name + " ";
    }
    CHECK(names == "E S.Do E#2 mine S.Do#2 ");
}

TEST_CASE("load_workload: a call without a name is settled, too, and noted nowhere") {
    const auto program = loaded(with_workload(R"({"call": "S.Do", "timeout": "5ms"})"));
    const InstructionId entry = (*program)[program->workload[0].handler].entry;
    const program::Instruction& call = (*program)[entry];
    REQUIRE(call.op == program::Op::call);
    CHECK(program->calls[call.call].settled);
    CHECK(program->calls[call.call].timeout == 5 * millisecond);
    CHECK(program->code[entry.value + 1].op == program::Op::end);
}

TEST_CASE("load_workload: replies are known by name or by template") {
    CHECK(messages(with_workload(
              R"({"call": "S.Do", "as": "r1"},
{"call": "S.Do", "every": "1ms", "times": 3, "as": "p${i}"},
{"publish": "E", "as": "e"})",
              R"(, "expect": {"replies": {"r1": {}, "p2": {}, "q2": {}, "e": {}}})")) ==
          R"(4:74: unknown reply "q2"
4:84: unknown reply "e"
)");
}

TEST_CASE("load_workload: names of clients may be those of services") {
    const auto program = loaded(with_workload(R"({"call": "S.Do", "as": "S"})"));
    REQUIRE(program->services.size() == 2);
    CHECK(program->services[0].name == "S");
    CHECK(program->services[1].name == "client S");
}

TEST_CASE("load_workload: what only repeated items know") {
    CHECK(messages(with_workload(R"json({"publish": "E", "data": {"n": "${i}"}},
{"publish": "E", "every": "1ms", "times": 2, "data": {"n": "${i}"}},
{"call": "S.Do", "idempotencyKey": "string(i)"})json")) ==
          R"(2:35: "i" cannot be used here: it is known only in repeated items ("every")
4:44: "i" cannot be used here: it is known only in repeated items ("every")
)");
}
