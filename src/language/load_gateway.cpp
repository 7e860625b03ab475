// API gateways: tokens, routes, and the requests that go to them.
#include "language/load_gateway.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "language/load_steps.h"
#include "language/load_values.h"
#include "language/shape_values.h"
#include "program/request.h"

namespace sagalab::language {

namespace {

using program::Gateway;
using program::Route;
using program::Segment;

const Gateway* gateway_of(const LoadContext& context, ServiceId service) {
    const std::uint32_t position = context.program[service].gateway;
    return position == Index<void>::absent ? nullptr : &context.program.gateways[position];
}

void load_tokens(const Node& tokens, Gateway& gateway) {
    gateway.open = false;
    for (const Member& member : tokens.members) {
        const Node* name = string_at(member.value, "name");
        if (!name) continue;
        std::vector<Value> roles;
        if (const Node* list = array_at(member.value, "roles")) {
            for (const Node& role : list->items) roles.emplace_back(role.text);
        }
        Value user = Value::map({{"name", name->text}, {"roles", Value::list(std::span(roles))}});
        gateway.tokens.push_back({Value(member.key), std::move(user)});
    }
    std::sort(gateway.tokens.begin(), gateway.tokens.end(),
              [](const program::Token& a, const program::Token& b) {
                  return key_less(a.token, b.token);
              });
}

// "{orderId}", or text. Nothing for what is neither.
std::optional<Segment> segment_of(const std::string& text) {
    const bool begins = text.starts_with('{');
    const bool ends = text.ends_with('}');
    const bool inside = text.find_first_of("{}", begins ? 1 : 0) != std::string::npos;
    if (!begins && !inside) return Segment{false, text};
    if (!begins || !ends || text.find_first_of("{}", 1) != text.size() - 1) return std::nullopt;
    const std::string name = text.substr(1, text.size() - 2);
    return is_identifier(name) ? std::optional(Segment{true, name}) : std::nullopt;
}

// "GET /orders/{orderId}": that there are a method and a path has been checked.
void load_pattern(LoadContext& context, const Member& member, Route& route) {
    const std::size_t blank = member.key.find(' ');
    const std::string_view path = std::string_view(member.key).substr(blank + 1);
    route.method = member.key.substr(0, blank);
    const std::string quoted = "\"" + printable(member.key) + "\"";
    if (path.find('?') != std::string_view::npos) {
        context.error(member.key_place, quoted +
                                            " has a query: routes match paths, what is asked "
                                            "beside them is in \"query\"");
    }
    std::set<std::string, std::less<>> names;
    for (const std::string& text : program::path_segments(path)) {
        const std::optional<Segment> segment = segment_of(text);
        route.segments.push_back(segment.value_or(Segment{false, text}));
        if (!segment) {
            context.error(member.key_place, quoted + ": \"" + printable(text) +
                                                "\" is neither text nor a parameter such as {id}");
        } else if (segment->parameter && !names.insert(segment->text).second) {
            context.error(member.key_place,
                          quoted + " has two parameters called \"" + segment->text + "\"");
        }
    }
}

const Member* member_of(const LoadContext& context, const Node& routes, const Route& route) {
    return routes.member(context.program[route.operation].name);
}

// Routes stand in the order in which they are tried, so those that match the same stand together.
void refuse_same(LoadContext& context, const Node& routes, const Gateway& gateway) {
    for (std::size_t i = 1; i < gateway.routes.size(); ++i) {
        if (!program::same_requests(gateway.routes[i - 1], gateway.routes[i])) continue;
        const Member* first = member_of(context, routes, gateway.routes[i - 1]);
        const Member* second = member_of(context, routes, gateway.routes[i]);
        if (second->key_place.begin < first->key_place.begin) std::swap(first, second);
        context.error(second->key_place, "\"" + printable(second->key) +
                                             "\" matches the same requests as \"" +
                                             printable(first->key) + "\"");
    }
}

// What `require` may read.
Scope require_scope(const LoadContext& context, OperationId operation) {
    Scope scope = handler_scope(context, context.program[operation].service);
    Binding meta;
    meta.kind = Binding::Kind::unusable;
    meta.why = "it is known only in the handlers of services";
    scope.bind("meta", meta);
    bind_route(context, operation, scope);
    return scope;
}

void load_options(LoadContext& context, const Node& node, Route& route) {
    route.timeout = time_at(node, "timeout", never);
    if (const Node* limit = string_at(node, "rateLimit")) {
        route.per_second_millionths =
            static_cast<std::uint64_t>(rate_millionths_per_second(*limit).value_or(0));
    }
    if (const Node* require = string_at(node, "require")) {
        const Scope scope = require_scope(context, route.operation);
        route.require = context.compiler.expression(*require, scope, Type::boolean);
    }
}

void load_routes(LoadContext& context, const Node& routes, Gateway& gateway) {
    for (Route& route : gateway.routes) {
        if (const Member* member = member_of(context, routes, route)) {
            load_pattern(context, *member, route);
        }
    }
    std::stable_sort(gateway.routes.begin(), gateway.routes.end(), program::more_specific);
    refuse_same(context, routes, gateway);
    for (Route& route : gateway.routes) {
        const Member* member = member_of(context, routes, route);
        if (member) load_options(context, member->value, route);
    }
}

// A text that is known before the run must be a request.
void check_text(LoadContext& context, const Node& text, ExpressionId expression) {
    const auto known = expression ? context.compiler.known(expression) : std::nullopt;
    if (!known || !known->is(Value::Kind::string)) return;
    if (program::parse_request(known->text())) return;
    context.error(text.place, "\"" + printable(known->text()) +
                                  "\" is no request: a method and a path, as in \"GET "
                                  "/orders/o-1\"");
}

std::uint32_t find_gateway(LoadContext& context, const Node& request) {
    const Node* to = string_at(request, "to");
    const ServiceNames* service = to ? find_service(context, *to) : nullptr;
    if (!service) return Index<void>::absent;
    const std::uint32_t gateway = context.program[service->id].gateway;
    if (gateway == Index<void>::absent) {
        context.error(to->place, "\"" + printable(to->text) +
                                     "\" has no routes: requests go to a gateway, other services "
                                     "are called");
    }
    return gateway;
}

Binding slot_binding(std::uint32_t slot, Type type) {
    Binding binding;
    binding.slot = slot;
    binding.type = type;
    return binding;
}

}  // namespace

void bind_route(const LoadContext& context, OperationId operation, Scope& scope) {
    const Gateway* gateway = gateway_of(context, context.program[operation].service);
    Binding path = slot_binding(1, Type::map);
    path.what = "path parameter";
    path.fields.emplace();
    for (const Route& route : gateway->routes) {
        if (route.operation != operation) continue;
        for (const Segment& segment : route.segments) {
            if (segment.parameter) path.fields->push_back(segment.text);
        }
    }
    scope.bind("path", path);
    scope.bind("query", slot_binding(2, Type::map));
    Binding user = slot_binding(3, Type::map);
    user.what = "field of \"user\"";
    user.fields = {"name", "roles"};
    if (gateway->open) {
        user.kind = Binding::Kind::unusable;
        user.why = "a gateway without \"tokens\" does not know who asks";
    }
    scope.bind("user", user);
}

std::uint32_t add_request(LoadContext& context, const Node& request, const Scope& scope) {
    program::Call call;
    call.settled = true;
    call.timeout = time_at(request, "timeout", second);
    call.gateway = find_gateway(context, request);
    if (const Node* text = string_at(request, "request")) {
        call.request = context.compiler.data(*text, scope);
        check_text(context, *text, call.request);
    }
    if (const Node* token = request.find("token")) {
        call.token = context.compiler.data(*token, scope);
    }
    context.program.calls.push_back(call);
    return static_cast<std::uint32_t>(context.program.calls.size() - 1);
}

ExpressionId request_body(LoadContext& context, const Node& request, const Scope& scope) {
    const Node* body = request.find("body");
    return body ? context.compiler.data(*body, scope) : context.compiler.constant(Value::map({}));
}

void load_gateways(LoadContext& context) {
    for (const auto& entry : context.names.services) {
        const Node& node = *entry.second.node;
        if (!node.is(Node::Kind::object)) continue;
        const Node* tokens = object_at(node, "tokens");
        const Node* routes = object_at(node, "routes");
        if (!routes) {
            if (tokens) {
                context.error(
                    node.member("tokens")->key_place,
                    "\"tokens\" stand on a gateway, and \"" + entry.first + "\" has no routes");
            }
            continue;
        }
        Gateway& gateway = context.program.gateways[context.program[entry.second.id].gateway];
        if (tokens) load_tokens(*tokens, gateway);
        load_routes(context, *routes, gateway);
    }
}

}  // namespace sagalab::language
