// Program: one case of a scenario file, checked and compiled. Immutable; shared by every world and
// every thread. The loader writes it, everything else reads it; nothing here is text to be parsed.
//
// Services stand in the order of their names' bytes, so the order of their numbers is the
// canonical order of their names; so do the subscribers of an event. Operations stand in the order
// of their names too: events first, then those of one service after the other.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "base/value.h"
#include "program/code.h"
#include "program/events.h"
#include "program/expect.h"
#include "program/explore.h"
#include "program/expression.h"
#include "program/faults.h"
#include "program/gateway.h"
#include "program/messaging.h"
#include "program/saga.h"
#include "program/service.h"
#include "program/workload.h"

namespace sagalab::program {

// Where something stands in a scenario file; lines and columns count from 1, columns in bytes.
struct Source {
    std::uint32_t file = 0;  // position in Program::files
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

struct Limits {
    std::uint64_t events = 100'000'000;  // items taken up
    Nanos virtual_time = 1000 * hour;
    std::uint64_t memory = 4'000'000'000;  // bytes
};

struct Program {
    std::string title;
    std::string case_name;  // the title where the file has no cases
    std::vector<std::string> about;
    std::vector<std::string> files;  // [0] is the scenario, then what it includes
    std::uint64_t seed = 1;
    bool random = false;  // open choices are drawn from the seed
    Limits limits;

    std::vector<Service> services;
    std::vector<Table> tables;
    std::vector<Operation> operations;
    std::vector<Handler> handlers;
    std::vector<Saga> sagas;
    std::vector<Instruction> code;
    std::vector<Call> calls;
    std::vector<Append> appends;
    std::vector<Parallel> parallels;
    std::vector<Operator> operators;
    std::vector<Aggregate> aggregates;
    std::vector<Projection> projections;
    std::vector<Gateway> gateways;
    std::vector<Catch> catches;
    std::vector<Retry> retries;
    std::vector<Breaker> breakers;
    std::vector<Expression> expressions;
    std::vector<Value> constants;
    Network network;
    Bus bus;
    std::vector<Fault> faults;
    std::vector<std::vector<FaultId>> faults_on;     // by OperationId: those that may strike it
    std::vector<std::vector<FaultId>> reply_faults;  // by OperationId: replies that may be lost
    std::vector<std::vector<FaultId>> faults_at;     // by ServiceId: crashes and stalls at points
    std::vector<std::vector<FaultId>> store_faults;  // by TableId: writes that may fail
    std::vector<FaultId> partitions;
    std::vector<std::vector<FaultId>> pauses;  // by ServiceId: `pause` and `slow`
    std::vector<Point> points;                 // of one handler after the other
    std::vector<std::uint32_t> first_point;    // by HandlerId, and one more
    std::vector<WorkItem> workload;
    std::vector<std::string> loads;  // names in `load`
    std::vector<Delivery> deliveries;
    Expect expect;
    Exploration explore;
    std::vector<std::string> schedule;  // choices that are pinned, in order; empty: none
    std::vector<Source> sources;

    const Service& operator[](ServiceId id) const { return services[id.value]; }
    const Table& operator[](TableId id) const { return tables[id.value]; }
    const Operation& operator[](OperationId id) const { return operations[id.value]; }
    const Handler& operator[](HandlerId id) const { return handlers[id.value]; }
    const Saga& operator[](SagaId id) const { return sagas[id.value]; }
    const Instruction& operator[](InstructionId id) const { return code[id.value]; }
    const Catch& operator[](CatchId id) const { return catches[id.value]; }
    const Expression& operator[](ExpressionId id) const { return expressions[id.value]; }
    const Fault& operator[](FaultId id) const { return faults[id.value]; }
    const Source& operator[](SourceId id) const { return sources[id.value]; }
    // Its instructions, what it undoes included; none where it has no code.
    [[nodiscard]] std::span<const Instruction> code_of(const Handler& handler) const {
        if (!handler.entry) return {};
        return std::span(code).subspan(handler.entry.value,
                                       handler.end.value - handler.entry.value);
    }

    // Finds where each handler ends, and names every instruction by its handler and its place in
    // it. Once, when all code is there.
    void identify();
    // The smallest time that any message is on its way: the width of a window.
    [[nodiscard]] Nanos lookahead() const;
    // "file:line:column"
    [[nodiscard]] std::string place(SourceId source) const;
    // "PayOrder -> PaymentService"
    [[nodiscard]] std::string label(const Delivery& delivery) const;
};

}  // namespace sagalab::program
