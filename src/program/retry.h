// The arithmetic of retries: how long to wait between two tries, and when the last one was made.
//
// Try n+1 comes delay * backoff^(n-1) after the end of try n, at most max_delay; with jitter, after
// a time between zero and that. It is made unless all tries were, or it would begin later than
// max_elapsed after the first one began. Integers only; what would overflow is held at the bound.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "program/code.h"

namespace sagalab::program {

// The wait after `tries` tries, before jitter.
Nanos full_delay(const Retry& retry, std::uint32_t tries);

// May there be another try, after `tries` tries the first of which began at `begun`?
bool may_retry(const Retry& retry, std::uint32_t tries, Nanos begun, Nanos again);

// A try that may be made. Times count from the begin of the first try; each is between its value if
// every try before it failed at once, and if every try lasted as long as it may.
struct Try {
    std::uint64_t number = 1;
    Nanos least_wait = 0;  // since the end of the try before it
    Nanos most_wait = 0;
    Nanos least_begin = 0;
    Nanos most_begin = 0;  // never later than max_elapsed
    Nanos most_end = 0;
    bool certain = true;  // made even if every try before it lasted as long as it may
};

// All tries of a policy, if none succeeds.
struct Schedule {
    std::vector<Try> tries;   // the first ones
    std::optional<Try> last;  // where `tries` do not hold it
    std::uint64_t count = 0;  // of all that may be made; 0: there is no bound
    Nanos most_end = 0;       // `never` where there is no bound
};

// `timeout`: how long one try may last; `never` where nothing bounds it. At most `shown` tries.
Schedule schedule_of(const Retry& retry, Nanos timeout, std::size_t shown = 12);

}  // namespace sagalab::program
