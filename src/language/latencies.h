// Durations that may be distributions: latencies, and how long a handler takes.
#pragma once

#include <string_view>

#include "language/json.h"
#include "program/messaging.h"

namespace sagalab::language {

struct LoadContext;

// What `key` of the object says; `fallback` where it is missing or wrong. Reports percentiles that
// no distribution has.
program::Latency latency_at(LoadContext& context, const Node& object, std::string_view key,
                            const program::Latency& fallback);

}  // namespace sagalab::language
