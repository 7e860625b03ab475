// Orchestrated sagas after loading: steps, their undos, and the rules of compensation.
//
// The terms are those of Garcia-Molina and Salem, "Sagas" (SIGMOD 1987); pivot and retriable as in
// Richardson, "Microservices Patterns" (2018), chapter 4.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace sagalab::program {

enum class StepKind : std::uint8_t { compensatable, pivot, retriable };
enum class CompensationScope : std::uint8_t { completed, completed_or_unknown, started };
enum class CompensationOrder : std::uint8_t { reverse, parallel };
enum class UndoFailure : std::uint8_t { retry_then_park, stop, go_on };

struct SagaStep {
    std::string name;  // "OrderService.CreateOrder", or the name a `step` gives itself; unique
    StepKind kind = StepKind::compensatable;
    InstructionId undo;      // absent: nothing to undo
    bool undo_only = false;  // a `step` without `do`
    bool group = false;      // a `step`: several instructions under one name
};

struct Saga {
    std::string name;
    ServiceId service;
    OperationId operation;
    TableId table;      // store.<name>: one row an instance
    HandlerId handler;  // its steps
    ExpressionId id;    // the instance's key, from `msg`
    std::vector<SagaStep> steps;
    CompensationScope scope = CompensationScope::completed_or_unknown;
    CompensationOrder order = CompensationOrder::reverse;
    UndoFailure on_failure = UndoFailure::retry_then_park;
    PolicyId undo_retry;       // in Program::retries; always there
    PolicyId retriable_retry;  // in Program::retries; of steps that must succeed: forever
    Nanos deadline = never;    // after the start
    InstructionId on_completed;
    InstructionId on_compensated;
    InstructionId on_parked;
    SourceId source;
};

}  // namespace sagalab::program
