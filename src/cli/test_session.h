// Takes the outcomes of all runs in their order: lines while they come, explanations at the end,
// golden traces, the JUnit report and the exit code.
//
// Nothing here depends on how many threads ran the cases, but for the times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console.h"
#include "cli/test_case.h"
#include "cli/test_golden.h"
#include "cli/test_plan.h"
#include "cli/test_progress.h"
#include "cli/test_settings.h"
#include "cli/test_tally.h"
#include "program/coverage.h"
#include "views/coverage.h"
#include "views/junit.h"
#include "views/style.h"

namespace sagalab::cli {

// A case while the runs under its seeds are taken.
struct OpenCase {
    std::size_t index = 0;   // in Plan::cases
    std::uint64_t runs = 0;  // taken
    std::uint64_t bad = 0;   // of them did not pass
    CaseStatus status = CaseStatus::passed;
    std::string report;
    drivers::RunResult claims;  // those of a whole file, under all seeds together
    program::Coverage coverage;
};

// What the cases of a file have left so far.
struct FileOutcome {
    std::size_t closed = 0;                  // cases
    std::vector<drivers::RunResult> claims;  // of the cases that came to rest
    std::string trace;                       // of all cases, where it is to be written
    std::vector<views::JunitCase> junit;
    std::size_t covered = 0;  // cases that stand in `coverage`
    views::CoverageReport coverage;
};

class TestSession {
public:
    TestSession(const TestSettings& settings, const Plan& plan, Console& console);

    // Runs everything and tells what became of it. The exit code.
    int run();
    // When it has run.
    [[nodiscard]] views::JunitReport junit() const;

private:
    [[nodiscard]] TraceUse trace_use(std::size_t file) const;
    [[nodiscard]] CaseRun wanted(std::size_t unit) const;
    bool take(std::size_t unit, const CaseOutcome& outcome);
    void add_run(const CaseRun& run, const CaseOutcome& outcome);
    void explain(const CaseOutcome& outcome);
    void close_case();
    void tell_case(const OpenCase& open);
    void update_golden(std::size_t file);
    void check_files();
    void check_sometimes(std::size_t file);
    void check_premises(std::size_t file);
    void add_claim_failure(std::size_t file, const std::string& name, std::string_view type,
                           const std::string& line, const std::string& command);
    void tell_coverage();
    void finish(std::uint64_t milliseconds);
    void write(const std::string& text);
    void write_line(std::string_view word, views::Tone tone, const std::string& rest);
    void add_junit(const CaseRun& run, const CaseOutcome& outcome);

    const TestSettings& settings_;
    const Plan& plan_;
    Console& console_;
    DescriptorOutput& out_;
    views::TextOptions style_;
    TestCase runner_;
    Progress progress_;
    TestTally tally_;
    std::vector<bool> taken_;                         // by number in Plan::cases
    std::vector<std::optional<GoldenTrace>> golden_;  // by file
    std::vector<FileOutcome> of_file_;                // by file
    std::vector<program::CoverageMap> maps_;  // by number in Plan::cases, if they are asked for
    std::optional<OpenCase> open_;
    std::vector<std::string> explanations_;
};

}  // namespace sagalab::cli
