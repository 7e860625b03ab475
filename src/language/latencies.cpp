#include "language/latencies.h"

#include "language/load_values.h"
#include "language/shape_values.h"

namespace sagalab::language {

namespace {

using program::Latency;

Latency distribution(const Node& node, Latency latency) {
    for (const Member& member : node.members) {
        const Node& value = member.value;
        if (member.key == "uniform" && value.items.size() == 2) {
            latency.kind = Latency::Kind::uniform;
            latency.low = duration_of(value.items[0]).value_or(latency.low);
            latency.high = duration_of(value.items[1]).value_or(latency.high);
        } else if (member.key == "exponential") {
            latency.kind = Latency::Kind::exponential;
            latency.low = latency.high = time_at(node, "exponential", latency.low);
        } else if (member.key == "lognormal") {
            latency.kind = Latency::Kind::lognormal;
            latency.low = time_at(value, "median", latency.low);
            latency.high = time_at(value, "p99", latency.high);
        }
    }
    return latency;
}

}  // namespace

Latency latency_at(const Node& object, std::string_view key, const Latency& fallback) {
    const Node* node = object.find(key);
    if (!node) return fallback;
    if (node->is(Node::Kind::object)) return distribution(*node, fallback);
    const auto length = duration_of(*node);
    return length ? Latency{Latency::Kind::constant, *length, *length} : fallback;
}

}  // namespace sagalab::language
