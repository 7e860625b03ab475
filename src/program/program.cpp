#include "program/program.h"

#include <algorithm>

namespace sagalab::program {

const char* outcome_name(Outcome outcome) {
    switch (outcome) {
        case Outcome::succeeded: return "succeeded";
        case Outcome::rejected: return "rejected";
        case Outcome::failed: return "failed";
        case Outcome::unknown: break;
    }
    return "unknown";
}

Nanos Program::lookahead() const {
    Nanos least = std::min(network.latency.least(), bus.defaults.latency.least());
    for (const LinkLatency& link : network.links) least = std::min(least, link.latency.least());
    for (const Topic& topic : bus.topics) least = std::min(least, topic.latency.least());
    return least;
}

std::string Program::place(SourceId source) const {
    if (!source) return files.empty() ? std::string() : files[0];
    const Source& where = (*this)[source];
    return files[where.file] + ":" + std::to_string(where.line) + ":" +
           std::to_string(where.column);
}

std::string Program::label(const Delivery& delivery) const {
    return (*this)[delivery.operation].name + " -> " + (*this)[delivery.service].name;
}

}  // namespace sagalab::program
