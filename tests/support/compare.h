// Compares the reduced search of a program with the full one, and with itself on more threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "explore/reduction.h"
#include "explore/search.h"
#include "program/program.h"

namespace sagalab::test {

struct Comparison {
    bool too_big = false;
    explore::SearchResult full;
    explore::SearchResult reduced;
    std::string difference;  // empty: none
};

// Same quiescent worlds, same violations with as many faults at least. Both searches go on after a
// violation; what has more than `states` is too big.
Comparison compare(const program::Program& program, std::uint64_t states,
                   explore::Rule broken = explore::Rule::none);

// The reduced search on this many threads finds, and counts, the very same; empty, or how not.
std::string differs_on_threads(const program::Program& program, const explore::SearchResult& one,
                               unsigned threads);

// Every counterexample breaks again where its schedule is run; empty, or the first that does not.
std::string unconfirmed(const program::Program& program, const explore::SearchResult& result);

// Null where it does not load.
std::shared_ptr<const program::Program> explorable(const std::string& text);

}  // namespace sagalab::test
