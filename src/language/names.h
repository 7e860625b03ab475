// Who is called what in one case: services with their tables and operations, and events.
//
// Resolving a name reports an unknown one with the nearest that exists. Lookups are by map: a
// scenario may hold tens of thousands of names.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "language/diagnostics.h"
#include "language/json.h"
#include "program/program.h"

namespace sagalab::language {

template <class T>
using NameMap = std::map<std::string, T, std::less<>>;

struct ServiceNames {
    ServiceId id;
    const Node* node = nullptr;
    NameMap<TableId> tables;          // of the store, aggregates, projections, sagas
    NameMap<OperationId> operations;  // api and sagas
    NameMap<OperationId> handled;     // events it subscribes to
    NameMap<std::string_view> held;   // every name it holds, and what that is: "table", ...
};

// The handler of an operation, before its steps are compiled.
struct PendingHandler {
    HandlerId handler;
    const Node* steps = nullptr;  // an array; null: what was wrong with it has been reported
    const Node* saga = nullptr;   // of a saga: its object
};

// A part of "Service.Operation", and where it begins in the decoded text.
struct NamePart {
    std::string_view text;
    std::size_t begin = 0;
};

class Names {
public:
    NameMap<ServiceNames> services;  // without clients
    NameMap<OperationId> events;
    NameMap<NameMap<OperationId>> commands;  // of operators: service, "redrive all"
    std::vector<PendingHandler> handlers;
    std::vector<std::string> items;  // of the workload, in its order
    std::vector<ServiceId> clients;  // the same
};

struct LoadContext;

// The service and the command of an operator's item: "OrderQueries", "rebuild orderSummaries".
// Empty where the item is none, or names nothing.
std::pair<std::string, std::string> command_name(const Node& item);

// Each of these returns nothing (null, an absent id) once it has reported what is wrong.
const ServiceNames* find_service(LoadContext& context, const Node& string, NamePart part);
const ServiceNames* find_service(LoadContext& context, const Node& string);
OperationId find_event(LoadContext& context, const Node& string);
// An event that the aggregate applies.
OperationId applied_event(LoadContext& context, const program::Aggregate& aggregate,
                          const Node& string);
// "Service.Operation" -> an api operation or a saga.
OperationId find_operation(LoadContext& context, const Node& string);
// "Service.table"
TableId find_table(LoadContext& context, const Node& string);
// An event, or an operation where there is a dot.
OperationId find_message(LoadContext& context, const Node& string);
// A service, or one of its replicas: "OrderService/2".
const ServiceNames* find_party(LoadContext& context, const Node& string);

template <class T>
std::vector<std::string> keys_of(const NameMap<T>& map) {
    std::vector<std::string> keys;
    for (const auto& entry : map) keys.push_back(entry.first);
    return keys;
}

}  // namespace sagalab::language
