#include "views/summary.h"

#include "support/catch.h"
#include "views/sample.h"

using namespace sagalab;
using namespace sagalab::views;
using drivers::RunResult;

namespace {

expect::Verdict verdict(expect::Kind kind, const std::string& name, bool holds) {
    expect::Verdict made;
    made.kind = kind;
    made.name = name;
    made.holds = holds;
    return made;
}

RunResult result_with(const std::vector<expect::Verdict>& verdicts) {
    RunResult result;
    result.verdicts = verdicts;
    result.events = 8;
    result.virtual_time = 6 * millisecond;
    return result;
}

}  // namespace

TEST_CASE("a run holds if every expectation does") {
    RunResult result = result_with({verdict(expect::Kind::finally, "ends", true)});
    CHECK(status_of(result) == Status::holds);
    CHECK(verdict_line(result, {}) == "holds: 1 of 1 expectation, 8 events, 6ms of virtual time");
}

TEST_CASE("a broken expectation shows why and what broke it") {
    program::Program program = sample::program();
    expect::Verdict broken = verdict(expect::Kind::always, "no order hangs", false);
    broken.reasons = {"status is \"pending\""};
    broken.broken_by = "PayOrder -> PaymentService";
    broken.at = 2 * millisecond;
    RunResult result = result_with({broken});
    CHECK(status_of(result) == Status::broken);
    CHECK(trouble_lines(program, result, {}) ==
          "  BROKE    always     no order hangs\n"
          "                      status is \"pending\"\n"
          "                      broken by PayOrder -> PaymentService at 2ms\n");
}

TEST_CASE("what is meant to break passes only if it breaks") {
    program::Program program = sample::program();
    expect::Verdict meant = verdict(expect::Kind::finally, "ends", false);
    meant.meant_to_break = true;
    RunResult result = result_with({meant});
    CHECK(status_of(result) == Status::holds);
    CHECK(expectation_lines(program, result, {}) ==
          "\nExpectations\n  breaks   finally    ends (as meant)\n");
    result.verdicts[0].holds = true;
    CHECK(status_of(result) == Status::broken);
}

TEST_CASE("a fault that never fired breaks the run") {
    program::Program program = sample::program();
    RunResult result = result_with({verdict(expect::Kind::fault_fired, "drop PayOrder", false)});
    CHECK(status_of(result) == Status::broken);
    CHECK(trouble_lines(program, result, {}) == "  BROKE    fault      drop PayOrder\n");
}

TEST_CASE("a vacuous expectation is a warning") {
    program::Program program = sample::program();
    expect::Verdict vacuous = verdict(expect::Kind::always, "all paid", true);
    vacuous.vacuous = true;
    RunResult result = result_with({vacuous});
    CHECK(status_of(result) == Status::holds);
    CHECK(trouble_lines(program, result, {}) ==
          "  warn     always     all paid (there was nothing to look at)\n");
}

TEST_CASE("a sometimes is judged over all cases of a file") {
    RunResult without =
        result_with({verdict(expect::Kind::sometimes, "some order is paid", false)});
    RunResult with = result_with({verdict(expect::Kind::sometimes, "some order is paid", true)});
    CHECK(status_of(without) == Status::holds);
    CHECK(unmet_sometimes({without, with}).empty());
    CHECK(unmet_sometimes({without, without}) == std::vector<std::string>{"some order is paid"});
}

TEST_CASE("how a run ended decides over its expectations") {
    RunResult result = result_with({verdict(expect::Kind::finally, "ends", true)});
    result.ending = drivers::Ending::limit;
    result.message = "100 events";
    CHECK(status_of(result) == Status::limit);
    CHECK(verdict_line(result, {}) ==
          "stopped at a limit: 100 events, 8 events, 6ms of virtual time");
    result.ending = drivers::Ending::interrupted;
    CHECK(status_of(result) == Status::interrupted);
    result.ending = drivers::Ending::assertion;
    CHECK(status_of(result) == Status::broken);
}

TEST_CASE("the reproducing command is quoted for a shell") {
    program::Program program = sample::program();
    program.seed = 17;
    CHECK(reproduce_command(program, {"order.json", {}}) == "sagalab run order.json --seed 17");
    program.case_name = "it's late";
    CHECK(reproduce_command(program, {"-x.json", {{"patience", "5 ms"}}}) ==
          "sagalab run ./-x.json --case 'it'\\''s late' --set 'patience=5 ms' --seed 17");
}

TEST_CASE("the verdict counts what is as it should be") {
    expect::Verdict meant = verdict(expect::Kind::finally, "ends", false);
    meant.meant_to_break = true;
    RunResult result = result_with({meant, verdict(expect::Kind::always, "paid", true)});
    CHECK(verdict_line(result, {}) ==
          "holds: 2 of 2 expectations, 1 broken as meant, 8 events, 6ms of virtual time");
    result = result_with({verdict(expect::Kind::finally, "ends", false),
                          verdict(expect::Kind::always, "paid", true)});
    CHECK(verdict_line(result, {}) ==
          "broken: 1 of 2 expectations hold, 8 events, 6ms of virtual time");
    result = result_with({verdict(expect::Kind::always, "paid", true),
                          verdict(expect::Kind::fault_fired, "drop PayOrder", false)});
    CHECK(verdict_line(result, {}) ==
          "broken: 1 of 1 expectation holds, 1 fault never fired, 8 events, 6ms of virtual time");
}

TEST_CASE("dead letters are counted, and a warning says that nothing asks for them") {
    program::Program program = sample::program();
    RunResult result = result_with({verdict(expect::Kind::finally, "ends", true)});
    CHECK(verdict_line(result, {}, 1) ==
          "holds: 1 of 1 expectation, 8 events, 6ms of virtual time, 1 dead letter");
    CHECK(warning_lines(program, result, {}).empty());
    result.dead_letters = 2;
    CHECK(warning_lines(program, result, {}) ==
          "warning: 2 dead letters, and no expectation reads deadLetters\n");
    auto slot = static_cast<std::uint32_t>(program::ExpectSlot::dead_letters);
    program.expressions.resize(1);
    program.expressions[0].code = {{program::ExpressionOp::slot, slot, 0, 0, 0}};
    program.expect.finally.resize(1);
    program.expect.finally[0].expression = ExpressionId(0U);
    CHECK(warning_lines(program, result, {}).empty());
    result.skipped = {"step 2 fits nowhere"};
    CHECK(warning_lines(program, result, {}) == "warning: step 2 fits nowhere\n");
}

TEST_CASE("names that begin with their kind show it once") {
    program::Program program = sample::program();
    RunResult result =
        result_with({verdict(expect::Kind::replies, "replies placed", true),
                     verdict(expect::Kind::sequence, "sequence", true),
                     verdict(expect::Kind::counts, "counts PayOrder -> PaymentService", true),
                     verdict(expect::Kind::finally, "finally paid", true)});
    CHECK(expectation_lines(program, result, {}) ==
          "\nExpectations\n"
          "  ok       replies    placed\n"
          "  ok       sequence\n"
          "  ok       counts     PayOrder -> PaymentService\n"
          "  ok       finally    finally paid\n");
}

TEST_CASE("a claim whose premise was true in no run was never tested") {
    expect::Verdict missed = verdict(expect::Kind::always, "paid once", true);
    missed.premise = "o.paid";
    expect::Verdict met = missed;
    met.premise_met = true;
    expect::Verdict empty = missed;
    empty.vacuous = true;
    const auto count = [](const std::vector<RunResult>& results) {
        return untested_claims(results).size();
    };
    CHECK(count({result_with({missed}), result_with({missed})}) == 1);
    CHECK(count({result_with({missed}), result_with({met})}) == 0);
    CHECK(count({result_with({met}), result_with({missed})}) == 0);
    CHECK(count({result_with({empty})}) == 0);
    CHECK(count({result_with({empty}), result_with({missed})}) == 1);
    expect::Verdict other = met;
    other.kind = expect::Kind::finally;
    CHECK(count({result_with({missed, other})}) == 1);
    CHECK(count({result_with({verdict(expect::Kind::always, "plain", true)})}) == 0);
}
