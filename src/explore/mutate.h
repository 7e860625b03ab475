// Teeth: does a file notice when one of its safeguards is taken away?
//
// Every mutant of a file's cases is searched within the bounds of the file. It is killed by the
// first expectation that breaks, in whichever case; what survives is a safeguard that no
// expectation asks for. The cases themselves must hold, as far as there is anything to take away in
// them: a broken one would kill every mutant.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "explore/search.h"

namespace sagalab::explore {

// A case as it is searched: `program` is prepared, and stays where it is.
struct MutatedCase {
    const program::Program* program = nullptr;
    program::Exploration bounds;
};

enum class Fate : std::uint8_t { killed, survived, undecided };
std::string_view fate_name(Fate fate);

struct MutantReport {
    std::string name;   // a clause: "OrderService has no outbox"
    std::string place;  // "order.json:12"
    Fate fate = Fate::survived;
    std::string by;         // killed: `finally "every order ends"`
    std::string case_name;  // killed: in which case
    std::uint32_t faults = 0;
    std::string sites;  // killed: where the faults strike, empty without any
    std::string why;    // undecided: of the search that was cut
};

enum class TeethEnding : std::uint8_t {
    done,
    broken,   // a case is broken as it is
    stopped,  // a case could not be searched to its end
};

struct Teeth {
    TeethEnding ending = TeethEnding::done;
    std::string case_name;  // of the case that is broken or was not searched to its end
    std::string why;
    std::vector<MutantReport> mutants;  // in the order of explore/mutants.h
    std::uint64_t states = 0;           // of all searches

    [[nodiscard]] std::size_t count(Fate fate) const;
};

// One after the other; the search of each has the threads and limits of `options`.
Teeth bite(const std::vector<MutatedCase>& cases, const SearchOptions& options);

}  // namespace sagalab::explore
