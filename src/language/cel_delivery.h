// "PayOrder -> PaymentService": the deliveries that delivered(), `sequence` and `counts` name.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "language/diagnostics.h"
#include "program/program.h"

namespace sagalab::language {

// The position in Program::deliveries, which is added if it is new. Names are compared with those
// of operations and services; what does not fit is reported.
std::optional<std::uint32_t> resolve_delivery(program::Program& program, std::string_view text,
                                              const Place& place, Diagnostics& diagnostics);

}  // namespace sagalab::language
