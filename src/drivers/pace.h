// Pace: ties virtual time to real time, for live demonstrations.
//
// Only waits; it never decides what happens or when in virtual time.
#pragma once

#include <atomic>
#include <memory>

#include "base/time.h"

namespace sagalab::drivers {

class Pace {
public:
    // Virtual nanoseconds for each real second; 0: no pace, `until` returns at once.
    explicit Pace(Nanos per_second);
    ~Pace();
    Pace(const Pace&) = delete;
    Pace& operator=(const Pace&) = delete;

    // Waits until `time` is due in real time, or `stop` is set.
    void until(Nanos time, const std::atomic<bool>* stop);

private:
    struct Clock;
    std::unique_ptr<Clock> clock_;  // null without a pace
};

}  // namespace sagalab::drivers
