// The plainest exploration there is: every order of what is pending, path by path.
//
// It keeps no states, so nothing can be taken for something else on the way; for systems without
// faults and open choices.
#pragma once

#include <cstdint>
#include <set>

#include "base/hash.h"
#include "program/program.h"

namespace sagalab::test {

struct Tried {
    std::set<Hash128> ends;  // worlds in which nothing can happen any more, as a search hashes them
    std::set<Hash128> stores;  // nothing but their rows
    std::uint64_t paths = 0;
    bool given_up = false;  // after so many paths, or at an open choice

    [[nodiscard]] Hash128 sum() const;
};

Tried try_every_order(const program::Program& program, bool reorder, std::uint64_t most_paths);

}  // namespace sagalab::test
