// The bus and the network after loading: latencies, orders, deliveries.
#pragma once

#include <cstdint>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace sagalab::program {

// How long a message is on its way.
struct Latency {
    enum class Kind : std::uint8_t { constant, uniform, exponential, lognormal };
    Kind kind = Kind::constant;
    Nanos low = millisecond;   // constant; uniform's lower bound; mean; median
    Nanos high = millisecond;  // uniform's upper bound; lognormal's 99th percentile

    // What every draw is at least: the lookahead it allows.
    [[nodiscard]] Nanos least() const {
        return kind == Kind::constant || kind == Kind::uniform ? low : 0;
    }
};

struct LinkLatency {
    ServiceId from;
    ServiceId to;
    Latency latency;
};

struct Network {
    Latency latency;
    std::vector<LinkLatency> links;  // exceptions
};

enum class Order : std::uint8_t { fifo, per_key, none };
enum class DeadLetterMode : std::uint8_t { message, sequence };

// How events of one type travel; Program::bus.topics holds one for each operation.
struct Topic {
    bool at_least_once = true;
    Order order = Order::fifo;
    ExpressionId key;  // of `per-key`, over `msg`
    Latency latency;
    std::uint32_t max_deliveries = 5;
    Nanos redeliver_after = 10 * millisecond;
    DeadLetterMode dead_letter = DeadLetterMode::message;
};

struct Bus {
    Topic defaults;
    std::vector<Topic> topics;  // by OperationId
};

}  // namespace sagalab::program
