#include "cli/case_runner.h"

#include "cli/case_report.h"
#include "cli/determinism.h"
#include "cli/interrupt.h"
#include "explore/replay.h"
#include "views/jsonl.h"
#include "views/layout.h"
#include "views/text.h"

namespace sagalab::cli {
namespace {

using drivers::RunResult;
using program::Program;
using views::Status;

// Hands every record to two sinks.
class Tee : public trace::Sink {
public:
    Tee(trace::Sink* first, trace::Sink* second) : first_(first), second_(second) {}
    void take(const trace::Record& record) override {
        if (first_) first_->take(record);
        if (second_) second_->take(record);
    }

private:
    trace::Sink* first_;
    trace::Sink* second_;
};

bool needs_attention(const RunResult& result) { return views::status_of(result) != Status::holds; }

}  // namespace

RunResult CaseRunner::run(const Program& program, const std::string& path) {
    RunResult result =
        settings_.check_determinism ? run_twice(program, path) : run_format(program, path, nullptr);
    return result;
}

RunResult CaseRunner::run_once(const Program& program, trace::Sink* sink) {
    drivers::RunOptions options;
    options.threads = settings_.threads;
    options.pace = settings_.pace;
    options.sink = sink;
    options.stop = &stop_asked();
    options.loose = settings_.loose;
    return explore::run(program, options);
}

views::TextOptions CaseRunner::style() const {
    views::TextOptions style = settings_.output ? console_.file_style() : console_.out_style();
    style.live = settings_.pace != 0;
    return style;
}

views::Reproduction CaseRunner::reproduction(const std::string& path) const {
    return reproduction_of(settings_, path);
}

RunResult CaseRunner::run_text(const Program& program, trace::Sink* also) {
    if (told_) results_.write("\n");
    told_ = true;
    views::TextStory story(program, results_, style());
    story.begin();
    Tee sink(&story, also);
    RunResult result = run_once(program, &sink);
    story.finish(result);
    return result;
}

RunResult CaseRunner::run_jsonl(const Program& program, const std::string& path,
                                trace::Sink* also) {
    views::JsonLines lines(program, results_, path);
    lines.set_live(settings_.pace != 0);
    Tee sink(&lines, also);
    RunResult result = run_once(program, &sink);
    lines.finish(result);
    return result;
}

RunResult CaseRunner::run_format(const Program& program, const std::string& path,
                                 trace::Sink* also) {
    RunResult result;
    bool silent = console_.quiet() && !settings_.output;
    if (settings_.format == Format::jsonl) {
        result = run_jsonl(program, path, also);
    } else if (settings_.format == Format::text && !silent) {
        result = run_text(program, also);
    } else {
        result = run_once(program, also);
    }
    conclude(program, path, result);
    return result;
}

void CaseRunner::say(std::string_view text) {
    bool trace_on_out = settings_.format == Format::jsonl && !settings_.output;
    (trace_on_out ? console_.err() : console_.out()).write(text);
}

void CaseRunner::conclude(const Program& program, const std::string& path,
                          const RunResult& result) {
    if (stop_asked() && !was_interrupted()) return;  // a write failed: there is nobody to tell
    bool attention = needs_attention(result);
    bool told = settings_.format == Format::text && (!console_.quiet() || settings_.output);
    if (told) {
        std::string text = views::expectation_lines(program, result, style());
        text += "\n" + views::verdict_line(result, style(), result.dead_letters) + "\n";
        text += views::warning_lines(program, result, style());
        if (attention) text += views::reproduce_command(program, reproduction(path)) + "\n";
        results_.write(text);
        if (!settings_.output) return;
    }
    bool trace_on_out = settings_.format == Format::jsonl && !settings_.output;
    views::TextOptions brief = trace_on_out ? console_.err_style() : console_.out_style();
    std::string warning = views::warning_lines(program, result, brief);
    if (!attention && (console_.quiet() || (trace_on_out && warning.empty()))) return;
    std::string text = brief_report(program, reproduction(path), result, brief);
    if (settings_.format == Format::none) {
        results_.write(text);
    } else {
        say(text);
    }
}

RunResult CaseRunner::run_twice(const Program& program, const std::string& path) {
    TraceRecorder recorder;
    views::JsonLines recorded(program, recorder, path);
    RunResult result = run_format(program, path, &recorded);
    recorded.finish(result);
    if (stop_asked()) return result;
    TraceComparer comparer(recorder.rewind());
    views::JsonLines compared(program, comparer, path);
    drivers::RunOptions options;
    options.threads = settings_.compared_threads;
    options.sink = &compared;
    options.stop = &stop_asked();
    options.loose = settings_.loose;
    compared.finish(explore::run(program, options));
    if (stop_asked()) return result;
    std::string threads = std::to_string(settings_.threads) + " and " +
                          std::to_string(settings_.compared_threads) + " threads";
    if (comparer.finish()) {
        if (!console_.quiet()) {
            say(title_of(program, path) + ": deterministic, " + threads + " left the same " +
                views::counted(comparer.lines(), "line") + " of trace\n");
        }
        return result;
    }
    deterministic_ = false;
    const TraceComparer::Difference& difference = comparer.difference();
    say(title_of(program, path) + ": NOT deterministic, " + threads + " differ at line " +
        std::to_string(difference.line) + " of the trace\n  " + difference.first + "\n  " +
        difference.second + "\n" + views::reproduce_command(program, reproduction(path)) +
        " --check-determinism\n");
    return result;
}

}  // namespace sagalab::cli
