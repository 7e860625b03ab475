// Presets of compensation: what each sets, and what it leaves alone.
#include "program/presets.h"

#include <set>
#include <string>

#include "support/catch.h"

using namespace sagalab;
using program::compensation_presets;
using program::CompensationOrder;
using program::CompensationPreset;
using program::CompensationScope;
using program::find_preset;
using program::Program;
using program::Retry;
using program::Saga;
using program::UndoFailure;
using program::use_preset;

namespace {

struct Rules {
    const char* preset;
    CompensationScope scope;
    CompensationOrder order;
    UndoFailure on_failure;
    std::uint32_t max_attempts;  // of undos; 0: for ever
    Nanos first_delay;
    std::size_t on;  // outcomes that are named
};

// By hand, from the documents that src/language/README.md names.
constexpr Rules documented[] = {
    {"camunda8-like", CompensationScope::completed, CompensationOrder::parallel,
     UndoFailure::retry_then_park, 3, 0, 0},
    {"seata-like", CompensationScope::completed_or_unknown, CompensationOrder::reverse,
     UndoFailure::retry_then_park, 0, second, 3},
    {"temporal-like", CompensationScope::started, CompensationOrder::reverse,
     UndoFailure::retry_then_park, 0, second, 0},
};

Program with_sagas(std::size_t count) {
    Program program;
    Retry own;
    own.name = "own";
    program.retries.push_back(own);
    program.sagas.resize(count);
    for (Saga& saga : program.sagas) saga.undo_retry = PolicyId(std::size_t{0});
    return program;
}

}  // namespace

TEST_CASE("presets: each sets the documented rules") {
    for (const Rules& rules : documented) {
        INFO(rules.preset);
        Program program = with_sagas(1);
        Saga& saga = program.sagas[0];
        REQUIRE(find_preset(rules.preset));
        use_preset(program, saga, *find_preset(rules.preset));
        CHECK(saga.scope == rules.scope);
        CHECK(saga.order == rules.order);
        CHECK(saga.on_failure == rules.on_failure);
        const Retry& retry = program.retries[saga.undo_retry.value];
        CHECK(retry.max_attempts == rules.max_attempts);
        CHECK(retry.delay == rules.first_delay);
        CHECK(retry.on.size() == rules.on);
    }
}

TEST_CASE("presets: where nothing is tried again the retry policy stays") {
    Program program = with_sagas(1);
    use_preset(program, program.sagas[0], *find_preset("eventuate-like"));
    CHECK(program.sagas[0].scope == CompensationScope::completed);
    CHECK(program.sagas[0].order == CompensationOrder::reverse);
    CHECK(program.sagas[0].on_failure == UndoFailure::stop);
    CHECK(program.retries[program.sagas[0].undo_retry.value].name == "own");
    CHECK(program.retries.size() == 1);
}

TEST_CASE("presets: sagas share the policy of a preset") {
    Program program = with_sagas(2);
    for (Saga& saga : program.sagas) use_preset(program, saga, *find_preset("seata-like"));
    CHECK(program.retries.size() == 2);
    CHECK(program.sagas[0].undo_retry == program.sagas[1].undo_retry);
}

TEST_CASE("presets: names are sorted and unique, and other names are none") {
    std::set<std::string> names;
    std::string before;
    for (const CompensationPreset& preset : compensation_presets) {
        const std::string name(preset.name);
        CHECK(before < name);
        before = name;
        names.insert(name);
    }
    CHECK(names.size() == compensation_presets.size());
    CHECK(find_preset("") == nullptr);
    CHECK(find_preset("camunda") == nullptr);
}
