#include "cli/test_session.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/text.h"
#include "cli/case_report.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "cli/test_pool.h"
#include "language/diagnostics.h"
#include "views/layout.h"
#include "views/summary.h"
#include "views/version.h"

namespace sagalab::cli {
namespace {

using drivers::RunResult;
using views::JunitStatus;
using views::Tone;

constexpr std::uint64_t failing_seeds_shown = 10;

// The gravest of a case's runs: an interrupted one says nothing, a limit more than a failure.
CaseStatus graver(CaseStatus one, CaseStatus other) {
    auto rank = [](CaseStatus status) {
        switch (status) {
            case CaseStatus::passed:
            case CaseStatus::demonstration: return 0;
            case CaseStatus::interrupted: return 1;
            case CaseStatus::failed: return 2;
            case CaseStatus::limit: break;
        }
        return 3;
    };
    return rank(other) > rank(one) ? other : one;
}

// Keeps only what is judged over all cases, and of each whether it held, or was tested, under any
// seed.
void merge_claims(RunResult& claims, const RunResult& run) {
    for (const expect::Verdict& verdict : run.verdicts) {
        if (verdict.kind != expect::Kind::sometimes && verdict.premise.empty()) continue;
        auto known = std::ranges::find_if(claims.verdicts, [&](const expect::Verdict& one) {
            return one.kind == verdict.kind && one.name == verdict.name;
        });
        if (known == claims.verdicts.end()) {
            claims.verdicts.push_back(verdict);
        } else {
            known->holds = known->holds || verdict.holds;
            known->vacuous = known->vacuous && verdict.vacuous;
            known->premise_met = known->premise_met || verdict.premise_met;
        }
    }
    if (run.ending != drivers::Ending::quiescent) claims.ending = run.ending;
}

views::JunitCase not_run(const std::string& name) {
    views::JunitCase made;
    made.name = name;
    made.status = JunitStatus::skipped;
    made.message = "not run";
    return made;
}

}  // namespace

TestSession::TestSession(const TestSettings& settings, const Plan& plan, Console& console)
    : settings_(settings),
      plan_(plan),
      console_(console),
      out_(settings.junit == "-" ? console.err() : console.out()),
      style_(settings.junit == "-" ? console.err_style() : console.out_style()),
      runner_(settings, style_),
      progress_(console),
      taken_(plan.cases.size(), false),
      golden_(plan.files.size()),
      of_file_(plan.files.size()) {
    tally_.cases = plan.cases.size();
    tally_.seeds = settings.repeat;
    tally_.unread = plan.unread.size();
    if (settings.coverage) {
        for (const PlannedCase& planned : plan.cases) maps_.emplace_back(*planned.program);
    }
    std::vector<bool> used(plan.files.size(), false);
    for (const PlannedCase& one : plan.cases) {
        if (used[one.file]) continue;
        used[one.file] = true;
        ++tally_.files;
        if (settings.as_written()) golden_[one.file] = GoldenTrace::of(plan.path(one));
    }
}

int TestSession::run() {
    auto begin = std::chrono::steady_clock::now();
    for (std::size_t file : plan_.unread) {
        write_line("ERROR", Tone::bad, shown_path(plan_.files[file].path));
    }
    OrderedPool<CaseOutcome> pool(plan_.cases.size() * settings_.runs(),
                                  [this](std::size_t unit) { return runner_.run(wanted(unit)); });
    pool.run(settings_.jobs,
             [this](std::size_t unit, const CaseOutcome& outcome) { return take(unit, outcome); });
    if (open_) close_case();
    check_files();
    auto spent = std::chrono::steady_clock::now() - begin;
    finish(static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(spent).count()));
    tell_coverage();
    return tally_.code();
}

// ---- Before a run -------------------------------------------------------------------------------

TraceUse TestSession::trace_use(std::size_t file) const {
    bool is_file = plan_.files[file].path != "-";
    bool updates = settings_.update == Update::all ||
                   (settings_.update == Update::present && golden_[file].has_value());
    if (updates && is_file) return TraceUse::keep;
    return golden_[file] ? TraceUse::compare : TraceUse::none;
}

CaseRun TestSession::wanted(std::size_t unit) const {
    const PlannedCase& one = plan_.cases[unit / settings_.runs()];
    CaseRun run;
    run.program = one.program;
    run.seed = settings_.seed_from.value_or(one.program->seed) + unit % settings_.runs();
    run.path = plan_.path(one);
    run.trace = trace_use(one.file);
    if (settings_.coverage) run.coverage = &maps_[unit / settings_.runs()];
    if (run.trace == TraceUse::compare) {
        run.approved =
            golden_[one.file]->part(one.number, plan_.files[one.file].loaded.cases.size());
    }
    return run;
}

// ---- After a run --------------------------------------------------------------------------------

bool TestSession::take(std::size_t unit, const CaseOutcome& outcome) {
    std::size_t index = unit / settings_.runs();
    if (open_ && open_->index != index) close_case();  // its other runs were not made
    if (!open_) {
        open_.emplace();
        open_->index = index;
        open_->status = outcome.status;
    }
    add_run(wanted(unit), outcome);
    of_file_[plan_.cases[index].file].trace += outcome.trace;
    if (open_->runs < settings_.runs()) return true;
    bool go_on =
        !settings_.fail_fast || passed(open_->status) || open_->status == CaseStatus::interrupted;
    close_case();
    if (go_on) return true;
    ask_to_stop();  // what other threads run now is of no use
    return false;
}

void TestSession::add_run(const CaseRun& run, const CaseOutcome& outcome) {
    ++open_->runs;
    open_->status = graver(open_->status, outcome.status);
    merge_claims(open_->claims, outcome.result);
    if (settings_.coverage) open_->coverage.unite(outcome.result.coverage);
    explain(outcome);
    if (settings_.junit) add_junit(run, outcome);
}

// The first failing seed is explained, of others there is the command.
void TestSession::explain(const CaseOutcome& outcome) {
    if (outcome.status == CaseStatus::interrupted) return;
    if (passed(outcome.status)) {
        if (open_->report.empty() && !console_.quiet()) open_->report = outcome.report;
        return;
    }
    ++open_->bad;
    if (open_->bad == 1) {
        open_->report = outcome.report;
    } else if (open_->bad <= failing_seeds_shown || console_.verbose()) {
        std::string_view lines = outcome.report;
        lines.remove_suffix(1);
        open_->report += lines.substr(lines.rfind('\n') + 1);
        open_->report += '\n';
    }
}

void TestSession::close_case() {
    OpenCase open = std::move(*open_);
    open_.reset();
    const PlannedCase& one = plan_.cases[open.index];
    FileOutcome& file = of_file_[one.file];
    bool complete = open.runs == settings_.runs() && open.status != CaseStatus::interrupted;
    if (!complete && passed(open.status)) open.status = CaseStatus::interrupted;
    taken_[open.index] = true;
    tally_.add(open.status);
    tell_case(open);
    if (settings_.coverage) {
        ++file.covered;
        file.coverage.add(*one.program, maps_[open.index], open.coverage);
    }
    if (complete) {
        ++file.closed;
        if (open.claims.ending == drivers::Ending::quiescent) file.claims.push_back(open.claims);
        update_golden(one.file);
    }
    std::size_t bad = tally_.failed + tally_.limits;
    progress_.show(tally_.done(), tally_.cases, bad);
}

void TestSession::tell_case(const OpenCase& open) {
    std::string name = printable(plan_.name(plan_.cases[open.index]));
    if (settings_.repeat > 0) {
        std::string seeds = views::counted(open.runs, "seed");
        name += open.bad == 0 ? " (" + seeds + ")"
                              : " (" + std::to_string(open.bad) + " of " + seeds + ")";
    }
    switch (open.status) {
        case CaseStatus::passed: write_line("ok", Tone::good, name); break;
        case CaseStatus::demonstration: write_line("demo", Tone::plain, name); break;
        case CaseStatus::failed: write_line("FAILED", Tone::bad, name); break;
        case CaseStatus::limit: write_line("LIMIT", Tone::warning, name); break;
        case CaseStatus::interrupted: write_line("stopped", Tone::warning, name); break;
    }
    if (open.report.empty()) return;
    std::string report = open.report;
    if (open.bad > failing_seeds_shown && !console_.verbose()) {
        report += "... and " + std::to_string(open.bad - failing_seeds_shown) +
                  " more failing seeds (all with --verbose)\n";
    }
    explanations_.push_back(std::move(report));
}

void TestSession::update_golden(std::size_t number) {
    FileOutcome& file = of_file_[number];
    const ScenarioFile& scenario = plan_.files[number];
    bool all = file.closed == scenario.loaded.cases.size();
    if (trace_use(number) != TraceUse::keep || !all) return;
    std::string trace = std::exchange(file.trace, "");
    if (golden_[number] && golden_[number]->text() == trace) return;
    std::string path = golden_path(scenario.path);
    FileOutput output(path, {scenario.path});
    output.write(trace);
    output.commit();
    write_line("wrote", Tone::plain, printable(path));
}

// ---- At the end ---------------------------------------------------------------------------------

// Claims of a whole file, where all of it ran and came to rest.
void TestSession::check_files() {
    if (stop_asked()) return;
    for (std::size_t f = 0; f < plan_.files.size(); ++f) {
        const std::size_t ran = of_file_[f].claims.size();
        if (ran == 0 || ran != plan_.files[f].loaded.cases.size()) continue;
        check_sometimes(f);
        check_premises(f);
    }
}

void TestSession::check_sometimes(std::size_t f) {
    const std::vector<RunResult>& claims = of_file_[f].claims;
    const std::string& path = plan_.files[f].path;
    for (const std::string& name : views::unmet_sometimes(claims)) {
        ++tally_.unmet;
        add_claim_failure(f, "sometimes " + name, "sometimes",
                          unmet_line(path, name, claims.size()),
                          "sagalab run " + views::shell_quote(path) + "\n");
    }
}

void TestSession::check_premises(std::size_t f) {
    const std::string& path = plan_.files[f].path;
    for (const expect::Verdict& claim : views::untested_claims(of_file_[f].claims)) {
        const std::string line = untested_line(path, claim);
        if (settings_.strict) {
            ++tally_.untested;
            add_claim_failure(f, std::string(expect::kind_name(claim.kind)) + " " + claim.name,
                              "warning", line,
                              "sagalab test --strict " + views::shell_quote(path) + "\n");
        } else if (!console_.quiet()) {
            explanations_.push_back(line);
        }
    }
}

void TestSession::add_claim_failure(std::size_t file, const std::string& name,
                                    std::string_view type, const std::string& line,
                                    const std::string& command) {
    explanations_.push_back(line + command);
    views::JunitCase made;
    made.name = name;
    made.status = JunitStatus::failure;
    made.type = type;
    made.message = line.substr(0, line.size() - 1);
    made.text = line + command;
    of_file_[file].junit.push_back(std::move(made));
}

// What a reader asked for, so it is told even where nothing else is.
void TestSession::tell_coverage() {
    for (std::size_t f = 0; f < of_file_.size(); ++f) {
        const FileOutcome& file = of_file_[f];
        if (file.covered == 0) continue;
        const std::size_t cases = plan_.files[f].loaded.cases.size();
        std::string title = "Coverage of " + shown_path(plan_.files[f].path);
        if (file.covered < cases) {
            title += ", " + std::to_string(file.covered) + " of " + views::counted(cases, "case");
        }
        write("\n" + views::Paint(style_.color)(Tone::title, title) + ": " +
              file.coverage.totals() + "\n" + file.coverage.lines(style_));
    }
}

void TestSession::finish(std::uint64_t milliseconds) {
    progress_.clear();
    bool first = console_.quiet();
    for (const std::string& text : explanations_) {
        write((first ? "" : "\n") + text);
        first = false;
    }
    if (console_.quiet()) return;
    std::string summary = tally_.summary();
    int descriptor = settings_.junit == "-" ? STDERR_FILENO : STDOUT_FILENO;
    if (is_terminal(descriptor)) summary += ", in " + views::seconds(milliseconds) + " s";
    Tone tone = tally_.code() == exit_code::ok ? Tone::good : Tone::bad;
    write("\n" + views::Paint(style_.color)(tone, summary) + "\n");
}

void TestSession::write(const std::string& text) {
    progress_.clear();
    out_.write(text);
}

void TestSession::write_line(std::string_view word, Tone tone, const std::string& rest) {
    if (console_.quiet()) return;
    constexpr std::size_t width = 9;
    write(views::Paint(style_.color)(tone, views::pad_right(word, width)) + rest + "\n");
}

// ---- JUnit --------------------------------------------------------------------------------------

void TestSession::add_junit(const CaseRun& run, const CaseOutcome& outcome) {
    views::JunitCase made;
    made.name = run.program->case_name;
    if (settings_.repeat > 0) made.name += " [seed " + std::to_string(run.seed) + "]";
    made.milliseconds = outcome.milliseconds;
    made.message = outcome.message;
    made.type = outcome.type;
    made.output = outcome.story;
    if (!outcome.place.empty()) made.text = outcome.place + ":\n";
    made.text += outcome.plain_report;
    switch (outcome.status) {
        case CaseStatus::passed: break;
        case CaseStatus::failed: made.status = JunitStatus::failure; break;
        case CaseStatus::limit: made.status = JunitStatus::error; break;
        case CaseStatus::demonstration:
            made.status = JunitStatus::skipped;
            made.message = "a demonstration: nothing is expected";
            break;
        case CaseStatus::interrupted:
            made.status = JunitStatus::skipped;
            made.message = "interrupted";
            break;
    }
    of_file_[plan_.cases[open_->index].file].junit.push_back(std::move(made));
}

views::JunitReport TestSession::junit() const {
    views::JunitReport report;
    report.times = settings_.times;
    report.properties.emplace_back("version", version);
    for (const auto& [name, value] : settings_.load.set) {
        report.properties.emplace_back("param " + name, value);
    }
    std::vector<views::JunitSuite> suites(plan_.files.size());
    for (std::size_t f = 0; f < suites.size(); ++f) {
        suites[f] = {shown_path(plan_.files[f].path), of_file_[f].junit};
    }
    for (std::size_t f : plan_.unread) {
        const language::Loaded& loaded = plan_.files[f].loaded;
        views::JunitCase made;
        made.name = "load";
        made.status = JunitStatus::error;
        made.type = "load";
        made.message = "the file has errors";
        made.text = language::render(loaded.diagnostics, loaded.sources);
        suites[f].cases.push_back(std::move(made));
    }
    for (std::size_t i = 0; i < plan_.cases.size(); ++i) {
        const PlannedCase& one = plan_.cases[i];
        if (!taken_[i]) suites[one.file].cases.push_back(not_run(one.program->case_name));
    }
    for (views::JunitSuite& suite : suites) {
        if (!suite.cases.empty()) report.suites.push_back(std::move(suite));
    }
    return report;
}

}  // namespace sagalab::cli
