// What all cases came to, in numbers: the summary and the exit code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "cli/test_case.h"

namespace sagalab::cli {

struct TestTally {
    std::size_t cases = 0;    // that were chosen
    std::size_t files = 0;    // that they stand in
    std::uint64_t seeds = 0;  // of each case; 0: its own
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t limits = 0;
    std::size_t demonstrations = 0;
    std::size_t interrupted = 0;
    std::size_t unmet = 0;     // `sometimes` of a file that held nowhere
    std::size_t untested = 0;  // claims whose premise was never true, where that is a failure
    std::size_t unread = 0;    // files with errors

    void add(CaseStatus status);
    [[nodiscard]] std::size_t done() const;
    // "12 cases in 4 files: 10 passed, 1 failed, 1 demonstration"
    [[nodiscard]] std::string summary() const;
    // Of several failures the gravest decides.
    [[nodiscard]] int code() const;
};

}  // namespace sagalab::cli
