// A small program and records made by hand, for tests of views.
#pragma once

#include <string>
#include <vector>

#include "program/program.h"
#include "trace/record.h"

namespace sagalab::views::sample {

inline const ServiceId order_service{0U};
inline const ServiceId payment_gateway{1U};
inline const ServiceId payment_service{2U};
inline const ServiceId client{3U};
inline const OperationId create_order{0U};
inline const OperationId pay_order{1U};
inline const OperationId charge{2U};
inline const Hash128 firing{9, 9};
inline const Hash128 create_id{1, 1};
inline const Hash128 pay_id{2, 2};
inline const Hash128 charge_id{3, 3};

inline program::Service service(const std::string& name, const std::string& display,
                                program::ServiceKind kind) {
    program::Service made;
    made.name = name;
    made.display = display;
    made.kind = kind;
    return made;
}

inline program::Operation event(const std::string& name, HandlerId handler) {
    program::Operation made;
    made.name = name;
    made.label = name;
    made.handlers = {handler};
    return made;
}

inline program::Handler handler(const std::string& name, ServiceId owner, OperationId operation) {
    program::Handler made;
    made.name = name;
    made.service = owner;
    made.operation = operation;
    return made;
}

inline program::Program program() {
    using program::ServiceKind;
    program::Program made;
    made.title = "Order saga";
    made.case_name = "Order saga";
    made.about = {"A declined charge undoes the order."};
    made.files = {"order.json"};
    made.services = {service("OrderService", "OrderService", ServiceKind::service),
                     service("PaymentGateway", "PaymentGateway", ServiceKind::external),
                     service("PaymentService", "PaymentService", ServiceKind::service),
                     service("client CreateOrder", "client", ServiceKind::client)};
    program::Operation api = event("Charge", HandlerId(2U));
    api.label = "PaymentGateway.Charge";
    api.kind = program::OperationKind::api;
    api.service = payment_gateway;
    made.operations = {event("CreateOrder", HandlerId(0U)), event("PayOrder", HandlerId(1U)), api};
    made.handlers = {handler("CreateOrder", order_service, create_order),
                     handler("PayOrder", payment_service, pay_order),
                     handler("Charge", payment_gateway, charge)};
    program::Table orders;
    orders.name = "orders";
    orders.service = order_service;
    made.tables = {orders};
    made.services[0].tables = {TableId(0U)};
    made.workload.resize(1);
    program::Fault decline;
    decline.text = "reject PaymentGateway.Charge with CardDeclined";
    made.faults = {decline};
    return made;
}

inline trace::Record record(trace::RecordKind kind, Nanos at, ServiceId service, Hash128 cause) {
    trace::Record made;
    made.kind = kind;
    made.at = at;
    made.service = service;
    made.cause = cause;
    made.correlation = Value("CreateOrder");
    return made;
}

inline trace::Record message(trace::RecordKind kind, Nanos at, ServiceId service, ServiceId peer,
                             OperationId operation, Hash128 id, Hash128 cause) {
    trace::Record made = record(kind, at, service, cause);
    made.peer = peer;
    made.operation = operation;
    made.message = id;
    return made;
}

inline trace::Record row_change(Nanos at, Hash128 cause, Value before, Value after) {
    trace::Record made = record(trace::RecordKind::row_changed, at, order_service, cause);
    made.table = TableId(0U);
    made.key = Value("o-1");
    made.before = std::move(before);
    made.value = std::move(after);
    return made;
}

}  // namespace sagalab::views::sample
