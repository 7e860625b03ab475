// One service as a value: its store, what waits in it, and what is on its way to it.
//
// Durable (kept over a crash): tables, saga instances, ends of sagas. Volatile: other waiting
// handlers. Everything that handling a message may read or change is in here, so deliveries to
// different services commute and strands need no locks.
#pragma once

#include <cstdint>
#include <vector>

#include "base/keyed_map.h"
#include "base/shared.h"
#include "program/eval.h"
#include "world/handler.h"
#include "world/mailbox.h"
#include "world/timer.h"

namespace sagalab::world {

using program::Rows;

// Estimates of bytes, alike on every machine.
inline constexpr std::uint64_t message_cost = 256;
inline constexpr std::uint64_t row_cost = 256;
inline constexpr std::uint64_t handler_cost = 1024;

// Counters of a scripted fault where it strikes: matches so far on each link, and strikes.
struct FaultCount {
    struct OfSender {
        ServiceId from;
        std::uint32_t matches = 0;
        friend bool operator==(const OfSender&, const OfSender&) = default;
    };
    std::vector<OfSender> links;  // by sender
    std::uint32_t strikes = 0;

    friend bool operator==(const FaultCount&, const FaultCount&) = default;
    // Counts one more from this sender, and says which it is.
    std::uint32_t match(ServiceId from);
    [[nodiscard]] std::uint32_t matches() const;
};

struct Service {
    ServiceId id;
    std::vector<Rows> tables;                  // by local number
    KeyedMap<Cow<Running>, Hash128> handlers;  // those that wait
    KeyedMap<Wait, Hash128> waits;             // what they wait for
    KeyedMap<Hash128, Value> sagas;            // running instances: "Saga/key" -> handler
    KeyedMap<SagaEnd, Value> ended_sagas;
    Mailbox mailbox;
    Timers timers;
    std::uint64_t timers_set = 0;
    std::vector<FaultCount> faults;            // by FaultId
    std::uint32_t item = Index<void>::absent;  // a client's: its place in Program::workload
    std::uint64_t firings = 0;
    std::uint64_t cost = 0;  // bytes, estimated alike on every machine

    // When and in which canonical order it can do something next.
    struct Next {
        Nanos time = never;
        bool timer = false;
        std::uint32_t round = 0;
        std::uint32_t link = Index<void>::absent;
    };
    [[nodiscard]] Next next() const;
    // The timer that is due first, or null.
    [[nodiscard]] const Timer* first_timer() const {
        return timers.empty() ? nullptr : &timers.first();
    }
    // After waits have ended: the first timer is always one whose wait has not.
    void drop_dead_timers();
    [[nodiscard]] bool live(const Timer& timer) const;
    void set_timer(Nanos due, std::uint32_t round, const Hash128& wait);
    // Equal for services with the same future, whatever order led to them.
    [[nodiscard]] Hash128 fingerprint() const;
};

// A service as it stands before anything happened.
Service initial_service(const Program& program, ServiceId id);

}  // namespace sagalab::world
