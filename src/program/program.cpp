#include "program/program.h"

#include <algorithm>

#include "base/hash.h"

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

// Each handler's code, what it undoes included, stands before that of the next.
void Program::identify() {
    std::vector<Handler*> by_entry;
    for (Handler& handler : handlers) {
        if (handler.entry) by_entry.push_back(&handler);
    }
    std::sort(by_entry.begin(), by_entry.end(),
              [](const Handler* a, const Handler* b) { return a->entry < b->entry; });
    for (std::size_t i = 0; i < by_entry.size(); ++i) {
        Handler& handler = *by_entry[i];
        handler.end = i + 1 < by_entry.size() ? by_entry[i + 1]->entry : InstructionId(code.size());
        std::uint64_t name = hash_text((*this)[handler.service].name + "." + handler.name);
        for (std::size_t at = handler.entry.value; at < handler.end.value; ++at) {
            code[at].identity = mix64(name + (at - handler.entry.value));
        }
    }
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
