#include "sagalab/sagalab.h"

#include <algorithm>

#include "drivers/run.h"
#include "explore/replay.h"
#include "language/load.h"
#include "views/jsonl.h"
#include "views/summary.h"

namespace sagalab {

struct Scenario::State {
    std::string name;
    language::Loaded loaded;
};

namespace {

language::LoadOptions load_options(const LoadSettings& settings) {
    language::LoadOptions options;
    options.set = settings.set;
    options.seed = settings.seed;
    options.random = settings.random;
    return options;
}

End end_of(drivers::Ending ending) {
    switch (ending) {
        case drivers::Ending::quiescent: return End::quiescent;
        case drivers::Ending::assertion: return End::assertion;
        default: return End::limit;
    }
}

Result result_of(const program::Program& program, const drivers::RunResult& run) {
    Result result;
    result.passed = run.passed;
    result.end = end_of(run.ending);
    result.message = run.message;
    result.virtual_time_ns = run.virtual_time;
    result.events = run.events;
    result.demonstration = run.demonstration;
    result.dead_letters = run.dead_letters;
    result.report = views::verdict_line(run, {}, run.dead_letters) + "\n" +
                    views::trouble_lines(program, run, {});
    for (const expect::Verdict& verdict : run.verdicts) {
        result.judgements.push_back({expect::kind_name(verdict.kind), verdict.name, verdict.holds,
                                     verdict.meant_to_break, verdict.reasons});
    }
    for (std::size_t i = 0; i < run.stores.size(); ++i) {
        const program::Table& table = program.tables[i];
        auto& rows = result.stores[program[table.service].name + "." + table.name];
        run.stores[i].for_each([&](const Value& key, const Value& row) {
            rows.emplace(std::string(key.text()), row.json());
        });
    }
    run.replies.for_each([&](const Value& name, const Value& reply) {
        result.replies.emplace(std::string(name.text()), reply.json());
    });
    return result;
}

}  // namespace

std::optional<std::string> Result::row(const std::string& table, const std::string& key) const {
    auto rows = stores.find(table);
    if (rows == stores.end()) return std::nullopt;
    auto found = rows->second.find(key);
    if (found == rows->second.end()) return std::nullopt;
    return found->second;
}

std::optional<std::string> Result::reply(const std::string& name) const {
    auto found = replies.find(name);
    return found == replies.end() ? std::nullopt : std::optional(found->second);
}

Scenario Scenario::load(const std::string& path, const LoadSettings& settings) {
    return Scenario(
        std::make_shared<State>(State{path, language::load_file(path, load_options(settings))}));
}

Scenario Scenario::parse(const std::string& name, std::string text, const LoadSettings& settings) {
    return Scenario(std::make_shared<State>(
        State{name, language::load_text(name, std::move(text), load_options(settings))}));
}

bool Scenario::ok() const {
    return !state_->loaded.diagnostics.has_errors() && !state_->loaded.is_part;
}

std::string Scenario::errors() const {
    if (state_->loaded.is_part) {
        return state_->name + ": error: a part of a system has nothing to run\n";
    }
    return language::render(state_->loaded.diagnostics, state_->loaded.sources);
}

std::vector<std::string> Scenario::cases() const {
    std::vector<std::string> names;
    for (const auto& program : state_->loaded.cases) names.push_back(program->case_name);
    return names;
}

Result Scenario::run(std::string_view case_name, const RunSettings& settings) const {
    const auto& cases = state_->loaded.cases;
    auto found = std::find_if(cases.begin(), cases.end(),
                              [&](const auto& program) { return program->case_name == case_name; });
    if (!ok() || found == cases.end()) {
        Result result;
        result.end = End::unknown_case;
        return result;
    }
    const program::Program& program = **found;
    drivers::RunOptions options;
    options.threads = std::max(1U, settings.threads);
    views::StringOutput trace;
    std::optional<views::JsonLines> lines;
    if (settings.trace) options.sink = &lines.emplace(program, trace, state_->name);
    drivers::RunResult run = explore::run(program, options);
    if (lines) lines->finish(run);
    Result result = result_of(program, run);
    result.trace = trace.text();
    return result;
}

}  // namespace sagalab
