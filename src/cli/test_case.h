// One run of one case, on any thread: what became of it, and nothing that is large.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/test_settings.h"
#include "drivers/run.h"
#include "program/program.h"
#include "views/text.h"

namespace sagalab::cli {

enum class CaseStatus : std::uint8_t { passed, demonstration, failed, limit, interrupted };

// It passed, or has nothing to pass.
bool passed(CaseStatus status);

// Where the trace goes, beside being looked at by expectations.
enum class TraceUse : std::uint8_t { none, compare, keep };

struct CaseRun {
    const program::Program* program = nullptr;
    std::uint64_t seed = 1;
    std::string path;  // of its file, as given
    TraceUse trace = TraceUse::none;
    std::string_view approved;                       // to compare the trace with
    const program::CoverageMap* coverage = nullptr;  // of the program, if that is asked for
};

struct CaseOutcome {
    CaseStatus status = CaseStatus::passed;
    drivers::RunResult result;  // without stores and replies
    std::string report;         // of what did not pass, or has warnings: lines, the last one the
                                // command that repeats it if it did not pass
    std::string plain_report;   // the same without colours, if there is a JUnit report
    std::string type;           // of what did not pass: the kind of its first broken expectation
    std::string message;        // of what did not pass: one line
    std::string place;          // "order.json:12:3", where that expectation stands; may be empty
    std::string story;          // of what did not pass, if it was asked for: its beginning
    std::string trace;          // if it was to be kept
    std::uint64_t milliseconds = 0;  // by the clock
};

class TestCase {
public:
    TestCase(const TestSettings& settings, views::TextOptions style)
        : settings_(settings), style_(style) {}

    [[nodiscard]] CaseOutcome run(const CaseRun& wanted) const;

private:
    void judge(const CaseRun& wanted, const program::Program& program, const std::string& differs,
               CaseOutcome& outcome) const;
    [[nodiscard]] std::string explain(const CaseRun& wanted, const program::Program& program,
                                      const std::string& differs, const CaseOutcome& outcome,
                                      const views::TextOptions& style) const;
    [[nodiscard]] std::string command(const CaseRun& wanted, const program::Program& program,
                                      bool as_written) const;
    [[nodiscard]] std::string story_of(const program::Program& program) const;

    const TestSettings& settings_;
    views::TextOptions style_;
};

}  // namespace sagalab::cli
