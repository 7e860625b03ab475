#include "language/names.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "language/load_context.h"

namespace sagalab::language {

namespace {

Place part_place(const LoadContext& context, const Node& string, NamePart part) {
    return place_in_string(context.sources, string, part.begin, part.begin + part.text.size());
}

NamePart whole(const Node& string) { return {string.text, 0}; }

// Both sides of the separator; nothing if it is missing.
std::optional<std::pair<NamePart, NamePart>> split(const Node& string, std::string_view separator) {
    const std::string_view text = string.text;
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos) return std::nullopt;
    const std::size_t rest = at + separator.size();
    return std::pair{NamePart{text.substr(0, at), 0}, NamePart{text.substr(rest), rest}};
}

// unknown operation "Chrge" of "Bank" (did you mean "Charge"?)
void report_unknown(LoadContext& context, const Node& string, NamePart part, std::string_view kind,
                    const ServiceNames& owner, const std::vector<std::string>& candidates) {
    std::string message = "unknown " + std::string(kind) + " \"" + printable(part.text) +
                          "\" of \"" + context.program[owner.id].name + "\"";
    if (const auto near = nearest(part.text, candidates)) {
        message += " (did you mean \"" + *near + "\"?)";
    } else if (candidates.empty()) {
        message += ", which has none";
    } else if (candidates.size() <= 4) {
        message += ", which has ";
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            if (i > 0) message += i + 1 == candidates.size() ? " and " : ", ";
            message += "\"" + candidates[i] + "\"";
        }
    }
    context.error(part_place(context, string, part), std::move(message));
}

OperationId operation_of(LoadContext& context, const Node& string, const ServiceNames& service,
                         NamePart part) {
    const auto found = service.operations.find(part.text);
    if (found != service.operations.end()) return found->second;
    if (service.handled.find(part.text) != service.handled.end()) {
        context.error(part_place(context, string, part),
                      "\"" + std::string(part.text) + "\" is no operation of \"" +
                          context.program[service.id].name +
                          "\" but an event: events are published, and named alone");
        return {};
    }
    report_unknown(context, string, part, "operation", service, keys_of(service.operations));
    return {};
}

}  // namespace

const ServiceNames* find_service(LoadContext& context, const Node& string, NamePart part) {
    const auto found = context.names.services.find(part.text);
    if (found != context.names.services.end()) return &found->second;
    context.diagnostics.unknown_name(part_place(context, string, part), "service", part.text,
                                     keys_of(context.names.services));
    return nullptr;
}

const ServiceNames* find_service(LoadContext& context, const Node& string) {
    return find_service(context, string, whole(string));
}

OperationId find_event(LoadContext& context, const Node& string) {
    const auto found = context.names.events.find(string.text);
    if (found != context.names.events.end()) return found->second;
    context.diagnostics.unknown_name(string.place, "event", string.text,
                                     keys_of(context.names.events));
    return {};
}

OperationId find_operation(LoadContext& context, const Node& string) {
    const auto parts = split(string, ".");
    if (!parts) {
        const bool event = context.names.events.count(string.text) != 0;
        context.error(string.place, "\"" + printable(string.text) + "\" is not of the form " +
                                        "Service.Operation" +
                                        (event ? ": it is an event, \"publish\" it" : ""));
        return {};
    }
    const ServiceNames* service = find_service(context, string, parts->first);
    return service ? operation_of(context, string, *service, parts->second) : OperationId{};
}

OperationId find_message(LoadContext& context, const Node& string) {
    const bool dotted = string.text.find('.') != std::string::npos;
    return dotted ? find_operation(context, string) : find_event(context, string);
}

TableId find_table(LoadContext& context, const Node& string) {
    const auto parts = split(string, ".");
    if (!parts) {
        context.error(string.place,
                      "\"" + printable(string.text) + "\" is not of the form Service.table");
        return {};
    }
    const ServiceNames* service = find_service(context, string, parts->first);
    if (!service) return {};
    const auto table = service->tables.find(parts->second.text);
    if (table != service->tables.end()) return table->second;
    report_unknown(context, string, parts->second, "table", *service, keys_of(service->tables));
    return {};
}

// A service, or one of its replicas: "OrderService/2".
const ServiceNames* find_party(LoadContext& context, const Node& string) {
    const std::size_t slash = string.text.find('/');
    if (slash == std::string::npos) return find_service(context, string);
    const ServiceNames* service =
        find_service(context, string, {std::string_view(string.text).substr(0, slash), 0});
    if (!service) return nullptr;
    const std::string number = string.text.substr(slash + 1);
    const std::uint32_t replicas = context.program[service->id].replicas;
    if (number.size() > 9 || std::stoul(number) < 1 || std::stoul(number) > replicas) {
        context.error(string.place, "\"" + context.program[service->id].name +
                                        "\" has no replica " + number + ": \"replicas\" is " +
                                        std::to_string(replicas));
        return nullptr;
    }
    return service;
}

}  // namespace sagalab::language
