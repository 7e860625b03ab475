// Reports of explorations, read back: what `sagalab explore --format json` has written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sagalab::views {

struct ReportedViolation {
    std::string expectation;
    std::string kind;
    std::uint64_t faults = 0;
    std::vector<std::string> fault_steps;
    std::string file;  // empty: it was not written
};

struct Report {
    std::string source;  // the file that it was read from
    std::string file;    // the scenario
    std::string case_name;
    std::string version;
    std::string verdict;  // "part exhausted" of a shard, "counterexample", ...
    std::string why;      // of an early end
    std::string bounds;   // as JSON
    std::uint64_t shard = 1;
    std::uint64_t shards = 1;
    std::uint64_t states = 0;
    std::uint64_t transitions = 0;
    std::uint64_t placements = 0;
    std::uint64_t depth = 0;
    std::vector<ReportedViolation> violations;
};

// The reports in a text, one or a list of them. Throws std::runtime_error with what is wrong.
std::vector<Report> read_reports(const std::string& source, const std::string& text);

}  // namespace sagalab::views
