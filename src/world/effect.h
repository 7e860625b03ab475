// What a reaction asks of the rest of the world: messages to send and records to keep, in order.
#pragma once

#include <cstdint>
#include <vector>

#include "program/coverage.h"
#include "program/program.h"
#include "trace/record.h"
#include "world/handler.h"
#include "world/variant.h"

namespace sagalab::world {

// What somebody listens to. Records that nobody listens to are not made.
struct Interest {
    bool everything = false;
    bool points = false;                             // every point that is passed
    std::vector<bool> tables;                        // by TableId: rows that expectations look at
    const program::CoverageMap* coverage = nullptr;  // of what to note in Effects::reached

    [[nodiscard]] bool in_table(TableId table) const {
        return everything || (table.value < tables.size() && tables[table.value]);
    }
};

// The effects of one reaction or several, one after the other.
struct Effects {
    std::vector<Send> sends;
    std::vector<trace::Record> records;
    std::uint64_t work = 0;            // instructions carried out, ever
    program::Coverage reached;         // ever, where somebody listens
    const Variant* variant = nullptr;  // an adversary's; null: nobody asks what was passed
    Passed passed;
    Running scratch;  // the handler that begins: most end at once, and the next one uses its memory

    void clear() {
        sends.clear();
        records.clear();
    }
};

// One item taken up: its place in the canonical order, and which effects are its own.
struct Reaction {
    Nanos time = 0;
    bool timer = false;
    std::uint32_t round = 0;
    ServiceId service;
    ServiceId from;  // absent for timers
    bool ordered = false;
    OperationId operation;  // of a handled event, send or call; absent for all else
    bool handled = false;   // counts as a delivery
    Hash128 id;             // of the item
    Hash128 cause;
    std::uint32_t sends_end = 0;
    std::uint32_t records_end = 0;
    std::int64_t cost = 0;  // by how much the service's estimate of bytes changed

    // The canonical order of items: time, message before timer, round, receiver, sender.
    [[nodiscard]] bool before(const Reaction& other) const;
};

}  // namespace sagalab::world
