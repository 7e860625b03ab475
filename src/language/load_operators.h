// Operators' commands of the workload.
#pragma once

#include <cstdint>
#include <optional>

#include "language/json.h"

namespace sagalab::language {

struct LoadContext;

// The item's command, as a position in Program::operators; nothing if it is no operator's.
std::optional<std::uint32_t> load_operator(LoadContext& context, const Node& item);

}  // namespace sagalab::language
