// Runs one case and writes what was asked for: the story, the trace, or only the verdict.
//
// Where a trace takes standard output, what a person must know goes to standard error; where the
// format goes into a file, the verdict is still printed.
#pragma once

#include <string>

#include "cli/console.h"
#include "cli/run_settings.h"
#include "drivers/run.h"
#include "program/program.h"
#include "views/output.h"
#include "views/summary.h"

namespace sagalab::cli {

class CaseRunner {
public:
    // `results` is where the format goes: standard output, or the file of -o.
    CaseRunner(const RunSettings& settings, Console& console, views::Output& results)
        : settings_(settings), console_(console), results_(results) {}

    drivers::RunResult run(const program::Program& program, const std::string& path);
    // All runs that were compared left the same trace.
    [[nodiscard]] bool deterministic() const { return deterministic_; }

private:
    drivers::RunResult run_once(const program::Program& program, trace::Sink* sink);
    drivers::RunResult run_text(const program::Program& program, trace::Sink* also);
    drivers::RunResult run_jsonl(const program::Program& program, const std::string& path,
                                 trace::Sink* also);
    drivers::RunResult run_format(const program::Program& program, const std::string& path,
                                  trace::Sink* also);
    drivers::RunResult run_twice(const program::Program& program, const std::string& path);
    void conclude(const program::Program& program, const std::string& path,
                  const drivers::RunResult& result);
    void say(std::string_view text);
    [[nodiscard]] views::TextOptions style() const;
    [[nodiscard]] views::Reproduction reproduction(const std::string& path) const;

    const RunSettings& settings_;
    Console& console_;
    views::Output& results_;
    bool deterministic_ = true;
    bool told_ = false;  // a story stands in the results already
};

}  // namespace sagalab::cli
