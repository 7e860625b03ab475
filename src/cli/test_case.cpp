#include "cli/test_case.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <utility>

#include "base/text.h"
#include "cli/case_report.h"
#include "cli/determinism.h"
#include "cli/errors.h"
#include "cli/interrupt.h"
#include "cli/test_golden.h"
#include "explore/replay.h"
#include "views/jsonl.h"
#include "views/layout.h"
#include "views/summary.h"

namespace sagalab::cli {
namespace {

using drivers::RunResult;
using program::Program;
using views::Status;

constexpr std::size_t story_max = 16'384;  // bytes of a story in a report

// Keeps the beginning of what is written, and says when there is more.
class Beginning : public views::Output {
public:
    void write(std::string_view text) override {
        std::size_t room = story_max - std::min(text_.size(), story_max);
        if (text.size() > room) full_.store(true);
        text_ += text.substr(0, room);
    }
    // Whole lines.
    std::string take() {
        if (!full_) return std::move(text_);
        return text_.substr(0, text_.rfind('\n') + 1) + "... and so on\n";
    }

    [[nodiscard]] const std::atomic<bool>& full() const { return full_; }

private:
    std::string text_;
    std::atomic<bool> full_{false};
};

RunResult run_once(const Program& program, trace::Sink* sink, const program::CoverageMap* coverage,
                   const std::atomic<bool>& stop = stop_asked()) {
    drivers::RunOptions options;
    options.sink = sink;
    options.coverage = coverage;
    options.stop = &stop;
    return explore::run(program, options);
}

// A text as a file to be read.
FilePointer as_file(std::string_view text) {
    // It is opened for reading only, so nothing is written through the pointer.
    FilePointer file(fmemopen(const_cast<char*>(text.data()), text.size(), "r"));
    if (!file) throw Failure("cannot read a golden trace: out of memory");
    return file;
}

std::string shown_line(const std::string& line, const views::TextOptions& style) {
    if (line.empty()) return "(nothing)";
    return style.verbose ? printable(line) : views::cut(printable(line), style.width - 11);
}

// Runs with the trace compared: where it differs, or nothing.
std::string run_compared(const CaseRun& wanted, const Program& program,
                         const views::TextOptions& style, RunResult& result) {
    std::string golden = printable(golden_path(wanted.path));
    if (wanted.approved.empty()) {
        result = run_once(program, nullptr, wanted.coverage);
        return golden + " has no trace of this case\n";
    }
    TraceComparer comparer(as_file(wanted.approved));
    views::JsonLines lines(program, comparer, traced_name(wanted.path));
    result = run_once(program, &lines, wanted.coverage);
    lines.finish(result);
    if (comparer.finish()) return "";
    const TraceComparer::Difference& found = comparer.difference();
    return "the trace differs from " + golden + " at its line " + std::to_string(found.line) +
           " of this case\n  approved " + shown_line(found.first, style) + "\n  received " +
           shown_line(found.second, style) + "\n";
}

RunResult run_kept(const CaseRun& wanted, const Program& program, std::string& trace) {
    views::StringOutput kept;
    views::JsonLines lines(program, kept, traced_name(wanted.path));
    RunResult result = run_once(program, &lines, wanted.coverage);
    lines.finish(result);
    trace = kept.text();
    return result;
}

bool broke(const expect::Verdict& verdict) {
    if (verdict.kind == expect::Kind::sometimes && !verdict.meant_to_break) return false;
    return verdict.holds == verdict.meant_to_break;
}

// What did not pass, for a report that has a place for each of these.
void name_trouble(const Program& program, const RunResult& result, CaseOutcome& outcome) {
    outcome.message = views::verdict_line(result, {}, result.dead_letters);
    auto found = std::find_if(result.verdicts.begin(), result.verdicts.end(), broke);
    if (result.ending == drivers::Ending::limit) {
        outcome.type = "limit";
    } else if (found == result.verdicts.end()) {
        outcome.type = "assert";
    } else {
        outcome.type = expect::kind_name(found->kind);
        if (found->source) outcome.place = program.place(found->source);
    }
}

bool has_warnings(const Program& program, const RunResult& result) {
    bool vacuous =
        std::any_of(result.verdicts.begin(), result.verdicts.end(),
                    [](const auto& verdict) { return verdict.vacuous && verdict.holds; });
    return vacuous || !views::warning_lines(program, result, {}).empty();
}

CaseStatus to_status(const RunResult& result) {
    switch (views::status_of(result)) {
        case Status::broken: return CaseStatus::failed;
        case Status::limit: return CaseStatus::limit;
        case Status::interrupted: return CaseStatus::interrupted;
        case Status::holds: break;
    }
    return result.demonstration ? CaseStatus::demonstration : CaseStatus::passed;
}

}  // namespace

bool passed(CaseStatus status) {
    return status == CaseStatus::passed || status == CaseStatus::demonstration;
}

CaseOutcome TestCase::run(const CaseRun& wanted) const {
    auto begin = std::chrono::steady_clock::now();
    const Program* program = wanted.program;
    std::optional<Program> seeded;
    if (program->seed != wanted.seed) {
        seeded = *program;
        seeded->seed = wanted.seed;
        program = &*seeded;
    }
    CaseOutcome outcome;
    std::string differs;
    switch (wanted.trace) {
        case TraceUse::none: outcome.result = run_once(*program, nullptr, wanted.coverage); break;
        case TraceUse::compare:
            differs = run_compared(wanted, *program, style_, outcome.result);
            break;
        case TraceUse::keep: outcome.result = run_kept(wanted, *program, outcome.trace); break;
    }
    outcome.result.stores = {};
    outcome.result.replies = {};
    judge(wanted, *program, differs, outcome);
    auto spent = std::chrono::steady_clock::now() - begin;
    outcome.milliseconds = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(spent).count());
    return outcome;
}

void TestCase::judge(const CaseRun& wanted, const Program& program, const std::string& differs,
                     CaseOutcome& outcome) const {
    const RunResult& result = outcome.result;
    outcome.status = to_status(result);
    if (outcome.status == CaseStatus::interrupted) return;
    if (!passed(outcome.status)) {
        name_trouble(program, result, outcome);
    } else if (!differs.empty()) {
        outcome.status = CaseStatus::failed;
        outcome.type = "trace";
        outcome.message = differs.substr(0, differs.find('\n'));
    } else if (settings_.strict && has_warnings(program, result)) {
        outcome.status = CaseStatus::failed;
        outcome.type = "warning";
        outcome.message = "a warning, which --strict makes a failure";
    }
    bool good = passed(outcome.status);
    if (good && !has_warnings(program, result)) return;
    outcome.report = explain(wanted, program, differs, outcome, style_);
    if (!settings_.junit) return;
    outcome.plain_report =
        style_.color ? explain(wanted, program, differs, outcome, {}) : outcome.report;
    if (!good) outcome.story = story_of(program);
}

std::string TestCase::explain(const CaseRun& wanted, const Program& program,
                              const std::string& differs, const CaseOutcome& outcome,
                              const views::TextOptions& style) const {
    std::string out =
        brief_report(program, {wanted.path, settings_.load.set}, outcome.result, style);
    if (outcome.type == "trace") out += differs + command(wanted, program, true);
    if (outcome.type == "warning") {
        out += "--strict: a warning is a failure\n" + command(wanted, program, false);
    }
    return out;
}

// What only `test` finds, only `test` repeats: `as_written` without a seed, as golden traces want.
std::string TestCase::command(const CaseRun& wanted, const Program& program,
                              bool as_written) const {
    std::string run = views::reproduce_command(program, {wanted.path, settings_.load.set});
    if (as_written) run.resize(run.rfind(" --seed "));
    constexpr std::string_view tool = "sagalab run";
    return "sagalab test" + std::string(settings_.strict ? " --strict" : "") +
           run.substr(tool.size()) + "\n";
}

std::string TestCase::story_of(const Program& program) const {
    Beginning told;
    views::TextStory story(program, told, {});
    story.begin();
    RunResult result = run_once(program, &story, nullptr, told.full());
    story.finish(result);
    return told.take();
}

}  // namespace sagalab::cli
