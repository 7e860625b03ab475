#include "cli/preset_runs.h"

#include <algorithm>

#include "cli/case_choice.h"
#include "cli/case_report.h"
#include "cli/interrupt.h"
#include "program/presets.h"
#include "views/comparison.h"
#include "views/layout.h"

namespace sagalab::cli {
namespace {

using drivers::RunResult;
using program::Program;

class Comparison {
public:
    Comparison(const RunSettings& settings, Console& console, views::Output& results)
        : settings_(settings),
          console_(console),
          results_(results),
          by_preset_(settings.presets.size()),
          bad_(settings.presets.size(), false) {}

    // One case under each preset.
    void compare(const Program& program, const std::string& path) {
        std::vector<views::PresetRun> runs;
        for (const std::string& preset : settings_.presets) {
            if (stop_asked()) return;
            runs.push_back(run(program, preset));
        }
        bool table = settings_.format == Format::text && (!console_.quiet() || settings_.output);
        if (table) {
            results_.write((told_ ? "\n" : "") + title_of(program, path) + "\n" +
                           views::comparison(program, runs, style()));
        }
        told_ = told_ || table;
        for (std::size_t i = 0; i < runs.size(); ++i) conclude(program, path, i, runs[i].result);
    }

    void end_file(const ScenarioFile& file) {
        for (std::size_t i = 0; i < by_preset_.size(); ++i) {
            bool met =
                check_whole_file(file, by_preset_[i], settings_, settings_.presets[i], console_);
            if (!met) {
                tally_.broken = true;
                bad_[i] = true;
            }
            by_preset_[i].clear();
        }
    }

    Tally end() {
        if (console_.quiet() || stop_asked()) return tally_;
        std::string text = told_ && !settings_.output ? "\n" : "";
        text +=
            std::to_string(tally_.holds) + " of " + views::counted(tally_.total, "run") + " hold";
        std::string names;
        for (std::size_t i = 0; i < bad_.size(); ++i) {
            if (bad_[i]) names += (names.empty() ? "" : ", ") + settings_.presets[i];
        }
        console_.out().write(text + (names.empty() ? "" : "; not under " + names) + "\n");
        return tally_;
    }

private:
    views::PresetRun run(const Program& program, const std::string& preset) {
        views::UndoCounter undos;
        drivers::RunOptions options;
        options.threads = settings_.threads;
        options.sink = &undos;
        options.stop = &stop_asked();
        RunResult result = drivers::run(*under_preset(program, preset), options);
        return {preset, std::move(result), undos.undone(), undos.tries()};
    }

    // Says more of a run that does not hold.
    void conclude(const Program& program, const std::string& path, std::size_t preset,
                  const RunResult& result) {
        views::Reproduction from{path, settings_.load.set, settings_.presets[preset]};
        bool holds = views::status_of(result) == views::Status::holds;
        bool brief = settings_.format == Format::none && !console_.quiet();
        if (!holds || brief) {
            // What is shown in the table is not said again, but for what does not hold.
            if (told_ && !settings_.output) results_.write("\n");
            (settings_.format == Format::none ? results_ : console_.out())
                .write(brief_report(program, from, result, style()));
        }
        bool good = check_vacuous(program, result, settings_, from, console_);
        tally_.add(result, good);
        bad_[preset] = bad_[preset] || !holds || !good;
        by_preset_[preset].push_back(result);
    }

    [[nodiscard]] views::TextOptions style() const {
        return settings_.output ? console_.file_style() : console_.out_style();
    }

    const RunSettings& settings_;
    Console& console_;
    views::Output& results_;
    std::vector<std::vector<RunResult>> by_preset_;  // of the file that is under way
    std::vector<bool> bad_;                          // by preset
    Tally tally_;
    bool told_ = false;  // a table stands in the results already
};

}  // namespace

std::shared_ptr<const Program> under_preset(const Program& program, const std::string& preset) {
    auto changed = std::make_shared<Program>(program);
    for (program::Saga& saga : changed->sagas) {
        program::use_preset(*changed, saga, *program::find_preset(preset));
    }
    return changed;
}

void check_sagas(const std::vector<ScenarioFile>& files, const RunSettings& settings) {
    if (settings.presets.empty()) return;
    for (const ScenarioFile& file : files) {
        bool chosen = false;
        bool has_saga = false;
        for (const auto& program : file.loaded.cases) {
            if (!is_wanted(*program, settings.cases)) continue;
            chosen = true;
            has_saga = has_saga || !program->sagas.empty();
        }
        if (!chosen || has_saga) continue;
        throw Failure("--preset is for sagas that are directed, and \"" + shown_path(file.path) +
                      "\" has none");
    }
}

Tally compare_presets(const std::vector<ScenarioFile>& files, const RunSettings& settings,
                      Console& console, views::Output& results) {
    Comparison comparison(settings, console, results);
    for (const ScenarioFile& file : files) {
        for (const auto& program : file.loaded.cases) {
            if (!is_wanted(*program, settings.cases) || stop_asked()) continue;
            comparison.compare(*program, file.path);
        }
        comparison.end_file(file);
    }
    return comparison.end();
}

}  // namespace sagalab::cli
