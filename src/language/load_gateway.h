// What handlers of routes see, and the requests that clients make.
#pragma once

#include <cstdint>

#include "language/load_context.h"

namespace sagalab::language {

// The first slots of a route's handler: `msg`, `path`, `query`, `user`.
inline constexpr std::uint32_t route_slots = 4;

// Binds them for the handler of this operation. A gateway without tokens knows no `user`.
void bind_route(const LoadContext& context, OperationId operation, Scope& scope);

// Of a `request`, an item of the workload or a step of a client: its place in Program::calls.
std::uint32_t add_request(LoadContext& context, const Node& request, const Scope& scope);
// Its body; {} where it has none.
ExpressionId request_body(LoadContext& context, const Node& request, const Scope& scope);

}  // namespace sagalab::language
