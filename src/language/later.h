// Parts of the language that the engine does not run yet. To make one available, delete its row.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace sagalab::language {

inline constexpr std::array later_features = std::to_array<std::string_view>({
    // of a service
    "outbox",
    "inbox",
    "takes",
    "workers",
    "queueLimit",
    "replicas",
    "aggregates",
    "projections",
    "jobs",
    "routes",
    "tokens",
    // steps and what they may say
    "append",
    "parallel",
    "await",
    "choose",
    "after",
    "breaker",
    "via",
    // messaging
    "uniform",
    "exponential",
    "lognormal",
    "per-key",
    "sequence",
    // workload
    "request",
    "client",
    "poisson",
    "resume",
    "compensate",
    "rebuild",
    "redrive",
    // what narrows a fault
    "point",
});

constexpr bool is_later(std::string_view feature) {
    return std::find(later_features.begin(), later_features.end(), feature) != later_features.end();
}

}  // namespace sagalab::language
