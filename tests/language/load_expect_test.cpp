// Expectations, faults and exploration: names, deliveries, and what each claim reads.
#include "language/load_support.h"

using namespace sagalab;
using namespace sagalab::test;

namespace {

std::string with(const std::string& more) {
    return R"json({"scenario": "t", "services": {
"A": {"store": {"x": {}, "y": {}}, "api": {"Do": []}, "on": {"E": []},
      "sagas": {"G": {"id": "msg.id", "steps": []}}},
"B": {"store": {"z": {}}, "on": {"E": [], "F": []}}},
)json" + more +
           "}";
}

std::string tables(const program::Program& program, const program::Claim& claim) {
    std::string out;
    for (const TableId id : claim.tables) {
        out += program[program[id].service].name + "." + program[id].name + " ";
    }
    return out;
}

}  // namespace

TEST_CASE("load_expect: a claim knows the tables it reads, each once") {
    const auto program = loaded(with(R"json("expect": {"always": {
"a": "A.x.all(id, r, id in B.z || r.n == A.y[id].n || id in B.z)",
"b": "A.G['o-1'].state == 'completed' && size(A.y) == 0",
"c": "1 + 1 == 2"}})json"));
    REQUIRE(program->expect.always.size() == 3);
    CHECK(tables(*program, program->expect.always[0]) == "A.x A.y B.z ");
    CHECK(tables(*program, program->expect.always[1]) == "A.y A.G ");
    CHECK(tables(*program, program->expect.always[2]).empty());
}

TEST_CASE("load_expect: deliveries are interned, whoever names them") {
    const auto program = loaded(with(R"json("expect": {
"sequence": ["E -> A", "E -> B", "E -> A", "G -> A"],
"counts": {"E -> B": 2, "Do -> A": 0},
"finally": {"f": "delivered('E -> A') == delivered('F -> B')"}})json"));
    CHECK(program->deliveries.size() == 5);
    REQUIRE(program->expect.sequence.size() == 4);
    CHECK(program->expect.sequence[0] == program->expect.sequence[2]);
    CHECK(program->label(program->deliveries[program->expect.sequence[3]]) == "G -> A");
    CHECK(program->expect.counts[0].delivery == program->expect.sequence[1]);
    CHECK(program->expect.counts[0].count == 2);
}

TEST_CASE("load_expect: breaks names titles and parts") {
    const std::string expect = R"json("expect": {"sequence": ["E -> A"], "counts": {"E -> B": 1},
"finally": {"quiet": "true"}}, "breaks": )json";
    const auto program = loaded(with(expect + R"(["quiet", "sequence", "counts E -> B"])"));
    CHECK(program->expect.breaks.size() == 3);
    CHECK(messages(with(expect + R"(["quit"])")) ==
          R"(6:43: unknown expectation "quit" (did you mean "quiet"?)
)");
}

TEST_CASE("load_expect: the sentence of a fault, whatever order its keys have") {
    const auto program = loaded(with(R"json("faults": [
{"until": "9ms", "at": "1ms", "times": 2, "fail": "A.Do", "of": "B", "attempt": 3, "with": "Down"},
{"reject": "A.Do", "with": "No", "when": "after", "probability": "0.5%"},
{"delay": "E", "to": "B", "by": "90s", "during": "F"}])json"));
    CHECK(program->faults[0].text == "fail A.Do with Down of B attempt 3 at 1ms until 9ms times 2");
    CHECK(program->faults[1].text == "reject A.Do with No after its effects probability 0.5%");
    CHECK(program->faults[2].text == "delay E by 90s to B during F");
    CHECK(program->faults[2].by == 90 * second);
}

TEST_CASE("load_expect: only of an exploration names what there is") {
    CHECK(messages(with(R"json("explore": {"only": ["A", "E", "A.Do", "B.z"],
"crash": {"max": 1, "only": ["before receive", "after insert x"]},
"drop": {"max": 1, "only": ["Q.Do",
"EE",
"A.Doo"]}})json")) ==
          R"(6:48: unknown point "after insert x"
7:30: unknown service "Q" (did you mean "A"?)
8:1: unknown service or event "EE" (did you mean "E"?)
9:4: unknown operation "Doo" of "A" (did you mean "Do"?)
)");
}

TEST_CASE("load_expect: a part of a system is checked for structure alone") {
    const language::Loaded part = language::load_text(
        "part.json", R"({"services": {"S": {"on": {"E": [{"call": "Elsewhere.Do"}]}}}})");
    CHECK_FALSE(part.diagnostics.has_errors());
    CHECK(part.is_part);
    CHECK(part.cases.empty());
}
