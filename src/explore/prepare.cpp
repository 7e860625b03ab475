#include "explore/prepare.h"

#include "world/latency.h"

namespace sagalab::explore {
namespace {

void settle_at_median(program::Latency& latency) {
    latency = {program::Latency::Kind::constant, world::median_of(latency),
               world::median_of(latency)};
}

}  // namespace

program::Program prepared(const program::Program& program) {
    program::Program still = program;
    still.random = false;
    settle_at_median(still.network.latency);
    for (program::LinkLatency& link : still.network.links) settle_at_median(link.latency);
    settle_at_median(still.bus.defaults.latency);
    for (program::Topic& topic : still.bus.topics) settle_at_median(topic.latency);
    for (program::Handler& handler : still.handlers) settle_at_median(handler.takes);
    for (program::Retry& retry : still.retries) retry.jitter = false;
    return still;
}

program::Exploration bounds_of(const program::Program& program) {
    program::Exploration bounds = program.explore;
    if (bounds.written) return bounds;
    using program::Adversity;
    for (Adversity kind :
         {Adversity::crash, Adversity::drop, Adversity::duplicate, Adversity::delay}) {
        bounds.budget(kind).max = 1;
    }
    bounds.faults = 1;
    return bounds;
}

}  // namespace sagalab::explore
