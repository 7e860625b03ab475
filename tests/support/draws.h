// Random numbers for tests: a sequence that its seed reproduces.
#pragma once

#include <cstdint>

#include "base/random.h"

namespace sagalab::test {

class Source {
public:
    explicit Source(std::uint64_t seed) : seed_(seed) {}
    // 0 .. bound - 1
    std::uint64_t below(std::uint64_t bound) {
        return scale(draw(seed_, Purpose::choice, Hash128{}.with(count_++)), bound);
    }

private:
    std::uint64_t seed_;
    std::uint64_t count_ = 0;
};

}  // namespace sagalab::test
