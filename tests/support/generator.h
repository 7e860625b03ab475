// Random scenarios that are valid by construction and come to rest: the loader must accept each.
//
// Operations are numbered, and a handler only sends, publishes and calls what has a higher number,
// so nothing goes round. The same settings give the same text on every machine.
#pragma once

#include <cstdint>
#include <string>

namespace sagalab::test {

struct GeneratorSettings {
    std::uint64_t seed = 0;
    bool latency_zero = false;  // every message arrives in the instant in which it is sent
    bool faults = true;
    bool sagas = true;
    std::uint64_t load = 1;  // the workload is so many times as large
};

std::string generate(const GeneratorSettings& settings);

}  // namespace sagalab::test
