// Virtual time as a date: nanoseconds since 2000-01-01T00:00:00Z, the fixed epoch of every export.
//
// RFC 3339 with nine decimals, so that texts sort as times do. Proleptic Gregorian, no leap
// seconds.
#pragma once

#include <string>

#include "base/time.h"

namespace sagalab::views {

// Appends moments; the date of the last one is kept, since neighbours mostly share it.
class MomentWriter {
public:
    void append(std::string& out, Nanos at);

private:
    Nanos second_ = -1;
    std::string prefix_;  // "2000-01-01T00:00:00."
};

}  // namespace sagalab::views
