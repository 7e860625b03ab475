// Variants: how an adversary has one item taken up, and where others of them branch off.
//
// A run has none of it: scripted faults strike by what the scenario says. An exploration takes the
// item up once as it comes, sees what was passed on the way, and then once more for each variant:
// the siblings of a step are found by running it again.
#pragma once

#include <cstdint>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "base/value.h"

namespace sagalab::world {

struct Variant {
    enum class Kind : std::uint8_t {
        plain,
        drop,        // the message does not arrive
        reject,      // the callee rejects it with `code`, before it begins
        fail,        // it is refused with `code`
        crash,       // the replica stops at a point
        stall,       // the handler is held at a point, as long as the adversary wants
        fail_store,  // a write fails with `code`
    };
    Kind kind = Kind::plain;
    bool duplicate = false;  // and a copy of the message stays behind
    std::uint32_t at = 0;    // which of the points, or of the writes, that are passed; from 0
    Value code;
    Nanos restart_after = at_will;      // of a crash; `never` is for good
    std::vector<std::uint8_t> options;  // of the open choices that are passed; then the first
};

// What was passed while an item was handled.
struct Passed {
    std::vector<std::uint32_t> points;  // in Program::points
    std::vector<std::uint8_t> options;  // how many each open choice had
    std::vector<TableId> writes;        // to each of these

    void clear() {
        points.clear();
        options.clear();
        writes.clear();
    }
};

}  // namespace sagalab::world
