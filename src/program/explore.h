// The bounds of an exploration after loading: how many faults of each kind, and where they strike.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "base/value.h"

namespace sagalab::program {

// In the order of their severity.
enum class Adversity : std::uint8_t {
    delay,
    duplicate,
    drop,
    drop_reply,
    reject,
    fail,
    fail_store,
    stall,
    pause,
    crash,
    partition,
    count
};

inline constexpr std::size_t adversities = static_cast<std::size_t>(Adversity::count);

struct AdversityRow {
    Adversity kind;
    std::string_view name;   // the key in `explore`, and the option
    std::uint32_t severity;  // of two counterexamples with as many faults, the milder one is told
};

inline constexpr std::array<AdversityRow, adversities> adversity_rows{{
    {Adversity::delay, "delay", 1},
    {Adversity::duplicate, "duplicate", 2},
    {Adversity::drop, "drop", 3},
    {Adversity::drop_reply, "dropReply", 3},
    {Adversity::reject, "reject", 3},
    {Adversity::fail, "fail", 3},
    {Adversity::fail_store, "failStore", 3},
    {Adversity::stall, "stall", 3},
    {Adversity::pause, "pause", 3},
    {Adversity::crash, "crash", 4},
    {Adversity::partition, "partition", 4},
}};

// Where faults of a kind may strike; what is absent does not narrow.
struct Site {
    enum class Part : std::uint8_t { both, request, reply };

    ServiceId service;
    ServiceId peer;  // partition: between the two
    OperationId operation;
    TableId table;
    std::string point;       // "after insert payments"; empty: any
    Part part = Part::both;  // of an operation
};

struct Budget {
    std::uint32_t max = 0;    // at most `budget_max`
    std::vector<Site> only;   // empty: anywhere
    std::vector<Value> with;  // reject, fail, failStore: the codes that are tried
    Nanos restart = at_will;  // crash: when it is up again
};

inline constexpr std::uint32_t budget_max = 31;

struct Exploration {
    bool written = false;  // the file says `explore`
    std::array<Budget, adversities> budgets;
    std::uint32_t faults = budget_max;  // of all kinds together
    bool reorder = true;
    std::vector<Site> only;
    std::vector<std::string> breaks;  // expectations that exploration is meant to break

    [[nodiscard]] const Budget& budget(Adversity kind) const {
        return budgets[static_cast<std::size_t>(kind)];
    }
    [[nodiscard]] Budget& budget(Adversity kind) { return budgets[static_cast<std::size_t>(kind)]; }
};

}  // namespace sagalab::program
