// Rules of compensation as well-known engines have them, each under one name.
//
// A preset says what the engine documents as far as the keys of `compensation` can say it.
// src/language/README.md names the document of each rule, and what a preset leaves out.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "program/program.h"

namespace sagalab::program {

struct CompensationPreset {
    std::string_view name;
    CompensationScope scope;
    CompensationOrder order;
    UndoFailure on_failure;
    // How undos are tried again; of no meaning where `on_failure` tries nothing again.
    std::uint32_t max_attempts;  // all tries; 0 is "forever"
    Nanos delay;
    std::int64_t backoff_millionths;
    Nanos max_delay;
    bool even_rejected;  // a rejected undo is tried again, too
};

inline constexpr std::array<CompensationPreset, 4> compensation_presets{{
    {"camunda8-like", CompensationScope::completed, CompensationOrder::parallel,
     UndoFailure::retry_then_park, 3, 0, 1'000'000, 0, false},
    {"eventuate-like", CompensationScope::completed, CompensationOrder::reverse, UndoFailure::stop,
     1, 0, 1'000'000, 0, false},
    {"seata-like", CompensationScope::completed_or_unknown, CompensationOrder::reverse,
     UndoFailure::retry_then_park, 0, second, 1'000'000, second, true},
    {"temporal-like", CompensationScope::started, CompensationOrder::reverse,
     UndoFailure::retry_then_park, 0, second, 2'000'000, 100 * second, false},
}};

// Null where no preset has that name.
const CompensationPreset* find_preset(std::string_view name);

// Gives `saga`, one of the program's, the rules of the preset. Where undos are not tried again its
// retry policy stays as it is.
void use_preset(Program& program, Saga& saga, const CompensationPreset& preset);

}  // namespace sagalab::program
