#include "language/latencies.h"

#include "language/load_context.h"
#include "language/load_values.h"
#include "language/shape_values.h"

namespace sagalab::language {

namespace {

using program::Latency;

// The 99th percentile lies at or above the median, and a median of nothing has no spread.
void check_lognormal(LoadContext& context, const Node& node, const Latency& latency) {
    const Member* p99 = node.member("p99");
    if (!p99 || latency.high >= latency.low) {
        if (latency.low != 0 || latency.high == 0) return;
        context.error(node.place, "a lognormal distribution needs a \"median\" above 0");
        return;
    }
    context.error(p99->value.place, "\"p99\" must not be shorter than \"median\"");
}

Latency distribution(LoadContext& context, const Node& node, Latency latency) {
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
            check_lognormal(context, value, latency);
        }
    }
    return latency;
}

}  // namespace

Latency latency_at(LoadContext& context, const Node& object, std::string_view key,
                   const Latency& fallback) {
    const Node* node = object.find(key);
    if (!node) return fallback;
    if (node->is(Node::Kind::object)) return distribution(context, *node, fallback);
    const auto length = duration_of(*node);
    return length ? Latency{Latency::Kind::constant, *length, *length} : fallback;
}

}  // namespace sagalab::language
