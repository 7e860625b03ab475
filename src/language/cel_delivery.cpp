#include "language/cel_delivery.h"

#include <algorithm>

namespace sagalab::language {
namespace {

using program::Operation;
using program::OperationKind;
using program::Program;

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

std::optional<ServiceId> find_service(const Program& program, std::string_view name,
                                      const Place& place, Diagnostics& diagnostics) {
    auto found = std::lower_bound(program.services.begin(), program.services.end(), name,
                                  [](const program::Service& service, std::string_view wanted) {
                                      return service.name < wanted;
                                  });
    if (found != program.services.end() && found->name == name &&
        found->kind != program::ServiceKind::client) {
        return ServiceId(static_cast<std::size_t>(found - program.services.begin()));
    }
    std::vector<std::string> names;
    for (const program::Service& service : program.services) {
        if (service.kind != program::ServiceKind::client) names.push_back(service.name);
    }
    diagnostics.unknown_name(place, "service", name, names);
    return std::nullopt;
}

// The order of Program::operations: events, which are of no service, come first.
auto order_of(ServiceId service, std::string_view name) {
    return std::pair(service.valid() ? service.value + 1 : 0, name);
}

// An operation of the service, or an event where that is absent.
std::optional<OperationId> find_operation(const Program& program, ServiceId service,
                                          std::string_view name) {
    auto found = std::partition_point(
        program.operations.begin(), program.operations.end(), [&](const Operation& operation) {
            return order_of(operation.service, operation.name) < order_of(service, name);
        });
    if (found == program.operations.end() || found->name != name || found->service != service) {
        return std::nullopt;
    }
    return OperationId(static_cast<std::size_t>(found - program.operations.begin()));
}

// Does an operation of this name reach the service? An event whose subscribers are not known yet
// may.
bool reaches(const Program& program, const Operation& operation, ServiceId service) {
    if (operation.kind != OperationKind::event) return operation.service == service;
    return operation.handlers.empty() ||
           std::any_of(operation.handlers.begin(), operation.handlers.end(),
                       [&](HandlerId handler) { return program[handler].service == service; });
}

std::uint32_t intern(Program& program, const program::Delivery& delivery) {
    auto found = std::find(program.deliveries.begin(), program.deliveries.end(), delivery);
    auto position = static_cast<std::uint32_t>(found - program.deliveries.begin());
    if (found == program.deliveries.end()) program.deliveries.push_back(delivery);
    return position;
}

void report_unreached(const Program& program, std::string_view name, ServiceId service,
                      const Place& place, Diagnostics& diagnostics) {
    std::vector<std::string> names;
    bool exists = false;
    for (const Operation& operation : program.operations) {
        exists = exists || operation.name == name;
        if (reaches(program, operation, service)) names.push_back(operation.name);
    }
    if (exists) {
        diagnostics.error(place, "\"" + program[service].name + "\" does not handle \"" +
                                     std::string(name) + "\"");
    } else {
        diagnostics.unknown_name(place, "operation", name, names);
    }
}

}  // namespace

std::optional<std::uint32_t> resolve_delivery(Program& program, std::string_view text,
                                              const Place& place, Diagnostics& diagnostics) {
    std::size_t arrow = text.find("->");
    if (arrow == std::string_view::npos) {
        diagnostics.error(place,
                          "a delivery is written \"Operation -> Service\", as in "
                          "\"PayOrder -> PaymentService\"");
        return std::nullopt;
    }
    std::string_view name = trimmed(text.substr(0, arrow));
    std::string_view receiver = trimmed(text.substr(arrow + 2));
    std::optional<ServiceId> service = find_service(program, receiver, place, diagnostics);
    if (!service) return std::nullopt;
    for (ServiceId owner : {ServiceId(), *service}) {
        std::optional<OperationId> operation = find_operation(program, owner, name);
        if (operation && reaches(program, program[*operation], *service)) {
            return intern(program, {*operation, *service});
        }
    }
    report_unreached(program, name, *service, place, diagnostics);
    return std::nullopt;
}

}  // namespace sagalab::language
