// Footprints: what each handler may read and write, at once and in all that follows from it.
//
// The unit is the row: (table, key). Where the key comes from is followed through messages: a
// constant, a copy of a field of the handled message, or unknown, which is any key. Computed once,
// as a fixpoint over the graph of who sends what to whom; at a state the origins are filled in from
// the payloads there are. Every claim of `always`, and each key of one that is decided by key, is a
// resource that is written by whoever writes a row that it reads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/value.h"
#include "program/explore.h"
#include "program/program.h"

namespace sagalab::explore {

// What a key is made of, seen from the message that a handler handles.
struct Origin {
    enum class Kind : std::uint8_t { unknown, constant, message };
    Kind kind = Kind::unknown;
    Value constant;
    std::vector<Value> path;  // message: fields, outermost first; empty: all of it

    [[nodiscard]] Value of(const Value& message) const;  // null where it is unknown or missing
    [[nodiscard]] Origin field(const Value& name) const;
    // Seen from the message of the one who sends: this is of what it sends, `sent`.
    [[nodiscard]] Origin through(const std::vector<std::pair<Value, Origin>>& sent,
                                 const Origin& whole) const;
    friend bool operator==(const Origin&, const Origin&) = default;
};

// Of what the expression comes to; unknown where it is computed.
Origin origin_of(const program::Program& program, ExpressionId expression);
// Of the value that stands right before the step that uses it.
Origin origin_before(const program::Program& program,
                     const std::vector<program::ExpressionStep>& code, std::size_t at);

// Classes of resources; the rest of the number says which one.
enum class ResourceKind : std::uint8_t {
    table,
    link,  // the tail of an ordered link
    busy,  // workers, queues, replicas in turn
    breaker,
    limiter,
    awaiting,  // who awaits an event in a service
    loss,      // what a crash of the service would lose
    up,        // whether it is up
    still,     // whether it, or one of its replicas, stands still
    way,       // whether two services reach each other
    waiting,   // messages that wait while the service is down: conflicts with nothing
    claim,     // of `always`
    sequence,  // deliveries that `sequence` names
    faults,    // counters of scripted faults
    inbox,
    outbox,   // what was committed and is not marked as sent
    time,     // the due time of the last timer
    running,  // a handler that waits
    everything,
};

struct Resource {
    std::uint64_t kind = 0;  // ResourceKind in the upper byte
    std::uint64_t key = 0;   // 0: any

    friend auto operator<=>(const Resource&, const Resource&) = default;
};

constexpr std::uint64_t resource(ResourceKind kind, std::uint64_t number = 0) {
    return std::uint64_t(kind) << 56U | number;
}
constexpr ResourceKind kind_of(std::uint64_t resource) {
    return static_cast<ResourceKind>(resource >> 56U);
}
constexpr std::uint64_t number_of(std::uint64_t resource) {
    return resource & ((std::uint64_t{1} << 56U) - 1);
}

struct Access {
    std::uint64_t kind = 0;
    bool write = false;
    SagaId saga;  // the key is that of an instance of this saga, by name
    Origin key;   // `unknown` also where there is but one

    friend bool operator==(const Access&, const Access&) = default;
};

class Footprints {
public:
    Footprints(const program::Program& program, const program::Exploration& bounds);

    // What handling the message may touch by itself, whenever it goes on.
    [[nodiscard]] const std::vector<Access>& own(HandlerId handler) const {
        return own_[handler.value];
    }
    // And all that may come of it.
    [[nodiscard]] const std::vector<Access>& future(HandlerId handler) const {
        return future_[handler.value];
    }
    // The budget lets the service go down.
    [[nodiscard]] bool crashable(ServiceId service) const { return crashable_[service.value]; }
    // The budget lets the service stand still.
    [[nodiscard]] bool pausable(ServiceId service) const { return pausable_[service.value]; }
    [[nodiscard]] bool cuts() const { return cuts_; }  // the budget lets ways be cut
    // The way between two services.
    [[nodiscard]] std::uint64_t way(ServiceId a, ServiceId b) const {
        const auto [first, second] = std::minmax(a, b);
        return resource(ResourceKind::way,
                        std::uint64_t{first.value} * crashable_.size() + second.value);
    }
    [[nodiscard]] std::uint64_t link(ServiceId from, ServiceId to) const {
        return resource(ResourceKind::link,
                        std::uint64_t{from.value} * crashable_.size() + to.value);
    }
    // The hash of a key; 0 (any) where there is none.
    static std::uint64_t key_of(const Value& value);
    static std::uint64_t key_of(const Hash128& id) { return id.low | 1U; }

private:
    struct Edge {
        HandlerId to;
        std::vector<std::pair<Value, Origin>> fields;
        Origin whole;  // where the payload is no record of known fields
    };
    friend class FootprintBuilder;

    std::vector<std::vector<Access>> own_;     // by HandlerId
    std::vector<std::vector<Access>> future_;  // by HandlerId
    std::vector<bool> crashable_;              // by ServiceId
    std::vector<bool> pausable_;               // by ServiceId
    bool cuts_ = false;
};

}  // namespace sagalab::explore
