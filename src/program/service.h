// Services after loading: what they hold, what they answer to, and the handlers that run.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "base/value.h"
#include "program/messaging.h"

namespace sagalab::program {

enum class ServiceKind : std::uint8_t {
    service,
    external,  // outside our control: its store is the ledger of real effects
    client,    // a workload item: sends, and waits for what it called
};

struct Service {
    std::string name;     // unique; a client's is "client " and the name of its workload item
    std::string display;  // what people read: the name, or "client"
    ServiceKind kind = ServiceKind::service;
    std::vector<TableId> tables;  // own; the n-th is table n inside the service
    bool outbox = false;
    bool inbox = false;
    Nanos inbox_window = never;
    std::uint32_t workers = 0;                        // 0: no bound
    std::uint32_t queue_limit = Index<void>::absent;  // absent: no bound
    std::uint32_t replicas = 1;
    Nanos lease = second;
    bool fencing = true;
    std::uint32_t gateway = Index<void>::absent;  // in Program::gateways
    std::vector<std::string> about;
    SourceId source;
};

enum class TableKind : std::uint8_t { table, aggregate, projection, saga };

struct Table {
    std::string name;
    ServiceId service;
    std::uint32_t local = 0;  // its number inside the service
    TableKind kind = TableKind::table;
    std::vector<std::pair<Value, Value>> rows;   // seeded, by key
    SagaId saga;                                 // of a saga's table
    std::uint32_t events = Index<void>::absent;  // in Program::aggregates or Program::projections
};

enum class OperationKind : std::uint8_t {
    event,
    api,
    saga,
    route,  // of a gateway: a request that matches it, or none
    feed,   // of a projection: entries of the event log that it reads
    admin,  // an operator's command; `admin` says which
};

// Something that can be sent: an event by its type, or an operation of one service.
struct Operation {
    std::string name;   // "PayOrder", "Charge"
    std::string label;  // "PayOrder", "PaymentGateway.Charge"
    OperationKind kind = OperationKind::event;
    ServiceId service;                // absent for events
    std::vector<HandlerId> handlers;  // of an event: all subscribers, by name of their service
    SagaId saga;
    std::uint32_t target = Index<void>::absent;  // of a feed: in Program::projections; of a command
                                                 // of an operator: in Program::operators
};

enum class HandlerKind : std::uint8_t { api, event, saga, job, route, projection, client };

struct Handler {
    std::string name;  // "CreateOrder"
    HandlerKind kind = HandlerKind::api;
    ServiceId service;
    OperationId operation;  // absent for clients and jobs
    InstructionId entry;
    InstructionId end;        // behind its last instruction, what it undoes included
    std::uint32_t slots = 1;  // slot 0 is `msg`
    Latency takes{Latency::Kind::constant, 0, 0};
    bool tracks_reads = false;  // it appends at the version that it last read
    SagaId saga;
    std::vector<std::string> about;
    SourceId source;
};

}  // namespace sagalab::program
