// What expressions can tell apart of things that grow for as long as something is tried: the log of
// a saga in the row of an instance, and how often something was delivered.
//
// Two worlds that differ only in what nobody can tell apart are one (world/canonical.h).
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "program/program.h"

namespace sagalab::program {

// What of a log is looked at.
enum class LogUse : std::uint8_t {
    nothing,
    records,     // step and record of its entries, and how many there are
    everything,  // also which attempt an entry is of
};

// By one expression, of the rows of this saga's table.
LogUse log_use(const Program& program, const Expression& expression, TableId table);
// By all of the program.
LogUse log_use(const Program& program, const Saga& saga);

// From here on, one more delivery makes no difference to anybody: by position in
// Program::deliveries. `no_bound` where a count is not only compared with constants.
inline constexpr std::uint64_t no_bound = std::numeric_limits<std::uint64_t>::max();
std::vector<std::uint64_t> counts_told_apart(const Program& program);
// Does this expression compare it with anything but a constant?
bool counts_without_bound(const Program& program, const Expression& expression,
                          std::uint32_t delivery);

}  // namespace sagalab::program
