#include "world/message.h"

#include <string>

namespace sagalab::world {

Value correlation_name(const Program& program, const Correlation& correlation) {
    const program::WorkItem& item = program.workload[correlation.item];
    if (item.counter_slot == Index<void>::absent) return Value(item.name);
    std::string name = item.name;
    std::string number = std::to_string(correlation.firing);
    static constexpr std::string_view counter = "${i}";
    if (std::size_t at = name.find(counter); at != std::string::npos) {
        return Value(name.replace(at, counter.size(), number));
    }
    return Value(name + "#" + std::to_string(correlation.firing + 1));
}

Hash128 Message::hash128(Hash128 start) const {
    Hash128 hash = start.with(id).with(answers).with(std::uint64_t(arrival));
    hash = hash.with(std::uint64_t{operation.value} << 32U | from.value);
    hash = hash.with(std::uint64_t{attempt} << 32U | std::uint64_t{copy} << 16U |
                     std::uint64_t(outcome) << 8U | (durable ? 4U : 0U) | (by_bus ? 2U : 0U) |
                     (held ? 1U : 0U));
    hash = hash.with(saga).with(std::uint64_t{epoch});
    return note.hash128(payload.hash128(hash.with(std::uint64_t{round})));
}

}  // namespace sagalab::world
