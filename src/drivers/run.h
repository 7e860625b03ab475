// Runs a program to quiescence: every service on a strand of its own, under virtual time.
//
// The trace, the verdict and every store are the same for any number of threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"
#include "expect/verdict.h"
#include "program/coverage.h"
#include "program/eval.h"
#include "program/program.h"
#include "trace/record.h"

namespace sagalab::drivers {

struct RunOptions {
    unsigned threads = 1;
    // Virtual nanoseconds for each real second; 0: as fast as possible.
    Nanos pace = 0;
    trace::Sink* sink = nullptr;  // may be null: nothing is recorded
    bool points = false;          // the sink also takes every point that is passed
    const program::CoverageMap* coverage = nullptr;  // of `program`; null: nothing is noted
    const std::atomic<bool>* stop = nullptr;         // set from outside: the run ends early
    bool loose = false;  // pins of a schedule that never fit are skipped, and no error
};

enum class Ending : std::uint8_t { quiescent, limit, assertion, interrupted };

struct RunResult {
    Ending ending = Ending::quiescent;
    std::string message;  // which limit, and the cycle it is about
    std::vector<expect::Verdict> verdicts;
    // Every expectation holds, or exactly those that `breaks` names do not.
    bool passed = false;
    bool demonstration = false;  // the case expects nothing
    Nanos virtual_time = 0;
    std::uint64_t events = 0;    // items taken up
    std::uint64_t messages = 0;  // deliveries among them
    std::uint64_t dead_letters = 0;
    program::Rows replies;              // to the workload's items, by name
    std::vector<program::Rows> stores;  // by TableId, as they ended
    program::Coverage coverage;         // what was reached, if that was asked for
    std::vector<std::string> skipped;   // pins of the schedule, each in a sentence
};

RunResult run(const program::Program& program, const RunOptions& options);

}  // namespace sagalab::drivers
