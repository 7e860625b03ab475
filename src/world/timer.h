// What a service does by itself when time has passed.
//
// A timer names the wait that it ends; a wait that has ended otherwise leaves its timer behind, and
// the service passes over it. Other timers say by kind and number what they begin; those are never
// called off.
#pragma once

#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "base/time.h"

namespace sagalab::world {

enum class TimerKind : std::uint8_t {
    wait,       // of a handler: `wait` names it
    firing,     // the next one of the workload item or job `number` of the service's own list
    scheduled,  // `wait` is the id of the message that leaves now
    worker,     // one is free: the queue of replica `of` goes on
    fault,      // the scripted fault `of` begins
    restart,    // the replica `of` comes up again
    lease,      // what the replica `of` was running, others take over
    rebuild,    // the projection `of` reads on
};

struct Timer {
    Nanos due = 0;
    std::uint32_t round = 0;
    TimerKind kind = TimerKind::wait;
    std::uint32_t of = 0;
    std::uint64_t number = 0;  // in the order they were set
    Hash128 wait;

    friend bool operator==(const Timer&, const Timer&) = default;
    [[nodiscard]] bool before(const Timer& other) const {
        if (due != other.due) return due < other.due;
        if (round != other.round) return round < other.round;
        return number < other.number;
    }
};

// A heap, the earliest on top.
class Timers {
public:
    void push(const Timer& timer);
    [[nodiscard]] bool empty() const { return heap_.empty(); }
    [[nodiscard]] std::size_t size() const { return heap_.size(); }
    [[nodiscard]] const Timer& first() const { return heap_.front(); }
    Timer pop();
    Timer take(std::size_t position);  // in the order of for_each
    template <class Visit>
    void for_each(Visit&& visit) const {
        for (const Timer& timer : heap_) visit(timer);
    }
    // Keeps those for which `live` holds.
    template <class Live>
    void purge(Live&& live) {
        std::vector<Timer> kept;
        for (const Timer& timer : heap_) {
            if (live(timer)) kept.push_back(timer);
        }
        heap_ = std::move(kept);
        rebuild();
    }

private:
    void rebuild();
    std::vector<Timer> heap_;
};

}  // namespace sagalab::world
