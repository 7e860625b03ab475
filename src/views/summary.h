// What a run came to: its expectations, one line each, and a verdict.
//
// A `sometimes` is a claim about all cases of a file together, so a single run is never broken by
// one; `unmet_sometimes` judges them once all cases have run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "drivers/run.h"
#include "program/program.h"
#include "views/text.h"

namespace sagalab::views {

enum class Status : std::uint8_t { holds, broken, limit, interrupted };
std::string_view status_name(Status status);

Status status_of(const drivers::RunResult& result);

// What belongs to a run beside its program, for people who want to run it again.
struct Reproduction {
    std::string file;  // as given
    std::vector<std::pair<std::string, std::string>> set;
    std::string preset = {};  // of --preset; empty: none
    bool loose = false;       // --loose
};

// sagalab run FILE --case '...' --seed N, quoted for a shell.
std::string reproduce_command(const program::Program& program, const Reproduction& from);

// "Expectations" and one line for each, with the reasons of those that do not hold.
std::string expectation_lines(const program::Program& program, const drivers::RunResult& result,
                              const TextOptions& options);

// Only what a person must look at: broken expectations and vacuous ones.
std::string trouble_lines(const program::Program& program, const drivers::RunResult& result,
                          const TextOptions& options);

// "holds: 3 of 3 expectations, 8 events, 6ms of virtual time, 1 dead letter"
std::string verdict_line(const drivers::RunResult& result, const TextOptions& options,
                         std::size_t dead_letters = 0);

// Warning lines: that there are dead letters and no expectation asks for them, and which pins of a
// schedule were skipped.
std::string warning_lines(const program::Program& program, const drivers::RunResult& result,
                          const TextOptions& options);

// Titles of `sometimes` expectations that held at the end of none of these runs.
std::vector<std::string> unmet_sometimes(const std::vector<drivers::RunResult>& results);

// `always` and `finally` of the form "if this then that" whose premise was true in none of these
// runs, though there was something to look at: they were never tested. One verdict for each.
std::vector<expect::Verdict> untested_claims(const std::vector<drivers::RunResult>& results);

}  // namespace sagalab::views
