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
    std::vector<std::string> names;
    for (std::size_t i = 0; i < program.services.size(); ++i) {
        if (program.services[i].kind == program::ServiceKind::client) continue;
        if (program.services[i].name == name) return ServiceId(i);
        names.push_back(program.services[i].name);
    }
    diagnostics.unknown_name(place, "service", name, names);
    return std::nullopt;
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
    std::vector<std::string> names;
    bool exists = false;
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        const Operation& operation = program.operations[i];
        bool reached = reaches(program, operation, *service);
        if (operation.name == name && reached) {
            return intern(program, {OperationId(i), *service});
        }
        exists = exists || operation.name == name;
        if (reached) names.push_back(operation.name);
    }
    if (exists) {
        diagnostics.error(place, "\"" + std::string(receiver) + "\" does not handle \"" +
                                     std::string(name) + "\"");
    } else {
        diagnostics.unknown_name(place, "operation", name, names);
    }
    return std::nullopt;
}

}  // namespace sagalab::language
