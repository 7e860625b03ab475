// One service as a value: its store, what waits in it, and what is on its way to it.
//
// Durable (kept over a crash): tables, streams, saga instances, ends of sagas, scheduled messages.
// Volatile: other waiting handlers, rows of aggregates (folded again), queues, limiters. Everything
// that handling a message may read or change is in here, so deliveries to different services
// commute and strands need no locks.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/keyed_map.h"
#include "base/queue.h"
#include "base/shared.h"
#include "program/eval.h"
#include "world/handler.h"
#include "world/mailbox.h"
#include "world/projection.h"
#include "world/stream.h"
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

// A handler that waits for a worker.
struct Queued {
    HandlerId handler;
    Message message;
    std::uint32_t link = Index<void>::absent;
    Value forced;

    friend bool operator==(const Queued&, const Queued&) = default;
};

// A circuit breaker of a calling service: M. Nygard, "Release It!" (2007). Results of an earlier
// generation are ignored; each change of its state begins a new one.
struct BreakerState {
    enum class Mode : std::uint8_t { closed, open, half_open };
    Mode mode = Mode::closed;
    std::uint32_t generation = 1;
    std::uint32_t probes = 0;     // let through while half open
    std::uint32_t successes = 0;  // of them
    Nanos open_until = 0;
    std::vector<Nanos> failures;  // when, the latest last

    friend bool operator==(const BreakerState&, const BreakerState&) = default;
};

// What the inbox remembers of a message that was handled.
struct Remembered {
    Outcome outcome = Outcome::succeeded;
    Value code;
    Value body;
    Nanos time = 0;

    friend bool operator==(const Remembered&, const Remembered&) = default;
    [[nodiscard]] Hash128 hash128(Hash128 start = {}) const {
        return body.hash128(code.hash128(start.with(std::uint64_t(outcome))))
            .with(std::uint64_t(time));
    }
};

// Copies of a message that is being handled wait for its end.
struct InProgress {
    std::vector<Queued> copies;
    [[nodiscard]] Hash128 hash128(Hash128 start = {}) const {
        for (const Queued& copy : copies) start = copy.message.hash128(start);
        return start;
    }
};

// One instance of a service: what it loses when it crashes.
struct Replica {
    bool up = true;
    bool still = false;        // an adversary has stopped it, until the same one lets it go on
    Nanos restart_at = never;  // while it is down
    Nanos down_since = 0;
    std::uint32_t busy = 0;              // workers
    Queue<Queued> queue;                 // for a worker
    std::vector<BreakerState> breakers;  // by PolicyId, as far as they were used
    KeyedMap<Nanos, Value>
        limits;  // of a gateway: by route and user, when the bucket is full again
};

// A fiber that awaits an event of this type.
struct Awaiting {
    OperationId event;
    Hash128 wait;
    friend auto operator<=>(const Awaiting&, const Awaiting&) = default;
};

// A message that the bus has given up on, kept for a redrive.
struct DeadLetter {
    Message message;
    Value code;
};

// A workload item or a job of this service, and how often it has fired.
struct Firing {
    std::uint32_t item = 0;  // in Program::workload
    std::uint64_t count = 0;
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
    std::vector<FaultCount> faults;  // by FaultId
    std::vector<Firing> firings;     // workload items and jobs
    std::vector<Streams> streams;    // by an aggregate's local number
    std::vector<Projection> projections;
    std::vector<Replica> replicas;
    std::uint32_t next_replica = 0;        // takes the next message
    std::vector<Awaiting> awaiting;        // sorted
    KeyedMap<Message, Hash128> scheduled;  // `after`: durable
    Queue<Send> outbox;                    // committed, and not yet marked as sent: durable
    KeyedMap<Remembered, Hash128> inbox;   // durable
    KeyedMap<InProgress, Hash128> in_progress;
    KeyedMap<std::uint32_t, Hash128> epochs;  // of sagas that sent something: the highest, durable
    KeyedMap<Cow<Running>, Value> parked;     // sagas that an operator may move: durable
    std::vector<DeadLetter> dead_letters;
    std::vector<ServiceId> cut_from;  // by an adversary: nothing passes; sorted
    std::vector<Hash128> set_aside;   // sequences whose messages are dead letters, sorted
    std::uint64_t cost = 0;           // bytes, estimated alike on every machine

    // Its part of the canonical hash, as long as nothing changes: see world/canonical.h.
    struct Hashed {
        Hash128 hash;
        Nanos base = -1;  // what its times are relative to; -1: nothing is known
        Nanos origin = 0;
    };
    mutable Hashed hashed;

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
    void set_timer(Nanos due, std::uint32_t round, TimerKind kind, std::uint32_t of,
                   const Hash128& wait = {});
    [[nodiscard]] bool up() const {
        return std::ranges::any_of(replicas, [](const Replica& each) { return each.up; });
    }
    // All replicas that are up have been stopped by an adversary.
    [[nodiscard]] bool stands_still() const;
    // Because of that, or of one replica that has been stopped, it cannot be taken up now.
    [[nodiscard]] bool held(const Message& message) const;
    [[nodiscard]] bool held(const Timer& timer) const;
    [[nodiscard]] bool is_held(const Hash128& wait) const;  // by the replica that waits
    [[nodiscard]] bool is_cut_from(ServiceId other) const {
        return std::binary_search(cut_from.begin(), cut_from.end(), other);
    }
    // When the first of its replicas is up again; `never` if none will be.
    [[nodiscard]] Nanos up_at() const;
    [[nodiscard]] Hash128 timers_hash() const;
    // Equal for services with the same future, whatever order led to them.
    [[nodiscard]] Hash128 fingerprint() const;
};

// A service as it stands before anything happened.
Service initial_service(const Program& program, ServiceId id);

}  // namespace sagalab::world
