#include "world/retry.h"

#include <algorithm>
#include <string>

#include "base/random.h"

namespace sagalab::world {

Nanos retry_delay(const program::Retry& retry, std::uint32_t attempts, std::uint64_t seed,
                  const Hash128& name) {
    Nanos full = program::full_delay(retry, attempts);
    if (!retry.jitter) return full;
    std::uint64_t bits = draw(seed, Purpose::jitter, name);
    return static_cast<Nanos>(scale(bits, static_cast<std::uint64_t>(full) + 1));
}

bool names(const program::Retry& retry, program::Outcome outcome, const Value& code) {
    if (retry.on.empty()) return outcome != program::Outcome::rejected;
    return std::any_of(retry.on.begin(), retry.on.end(), [&](const program::Retry::On& on) {
        return on.outcome == outcome && (on.code.is_null() || on.code == code);
    });
}

Value saga_name(const program::Saga& saga, const Value& key) {
    return Value(saga.name + "/" + std::string(key.text()));
}

}  // namespace sagalab::world
