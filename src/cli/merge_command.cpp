#include "cli/merge_command.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/case_report.h"
#include "cli/console.h"
#include "cli/errors.h"
#include "cli/scenario_files.h"
#include "language/source.h"
#include "views/layout.h"
#include "views/reports.h"

namespace sagalab::cli {
namespace {

using views::Report;

constexpr std::array<Option, 1> options{{
    {"format", 'f', "NAME", "text or json", "text json", false},
}};

std::string read_input(const std::string& path) {
    if (path == "-") return read_standard_input();
    std::string why;
    std::optional<std::string> text = language::read_text_file(path, why);
    if (!text) throw std::runtime_error("cannot be read: " + why);
    return std::move(*text);
}

std::vector<Report> read_all(const std::vector<std::string>& paths) {
    if (paths.empty()) throw UsageError("no report is named");
    std::vector<Report> reports;
    for (const std::string& path : paths) {
        try {
            for (Report& report : views::read_reports(path, read_input(path))) {
                reports.push_back(std::move(report));
            }
        } catch (const std::runtime_error& error) {
            throw Failure("\"" + shown_path(path) + "\": " + error.what());
        }
    }
    return reports;
}

// The shards of one case, joined.
struct Whole {
    const Report* first = nullptr;
    std::set<std::uint64_t> shards;
    std::vector<std::string> gaps;  // why it is not the whole
    std::vector<views::ReportedViolation> violations;
    std::uint64_t states = 0;
    std::uint64_t transitions = 0;
    std::uint64_t placements = 0;
    std::uint64_t depth = 0;

    void add(const Report& report) {
        if (!first) first = &report;
        bool own = report.version == first->version && report.bounds == first->bounds &&
                   report.shards == first->shards;
        if (!own) {
            gaps.push_back(report.source + " is of another exploration than " + first->source);
            return;
        }
        if (!shards.insert(report.shard).second) {
            gaps.push_back(report.source + " is shard " + std::to_string(report.shard) + " again");
            return;
        }
        if (report.verdict == "stopped early" || !report.why.empty()) {
            gaps.push_back(report.source + " stopped early: " + report.why);
        }
        states += report.states;
        transitions += report.transitions;
        placements += report.placements;
        depth = std::max(depth, report.depth);
        violations.insert(violations.end(), report.violations.begin(), report.violations.end());
    }

    void finish() {
        std::string missing;
        for (std::uint64_t shard = 1; shard <= first->shards; ++shard) {
            if (shards.count(shard) != 0) continue;
            missing += (missing.empty() ? "" : ", ") + std::to_string(shard);
        }
        if (!missing.empty()) {
            gaps.push_back("missing of " + std::to_string(first->shards) + " shards: " + missing);
        }
        auto rank = [](const views::ReportedViolation& violation) {
            return std::tuple(violation.faults, violation.kind, violation.expectation,
                              violation.fault_steps);
        };
        std::sort(violations.begin(), violations.end(),
                  [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
        auto same = [&](const auto& a, const auto& b) { return rank(a) == rank(b); };
        violations.erase(std::unique(violations.begin(), violations.end(), same), violations.end());
    }

    [[nodiscard]] std::string verdict() const {
        if (!violations.empty()) return "counterexample";
        return gaps.empty() ? "exhausted" : "stopped early";
    }
};

std::string text_of(const Whole& whole) {
    std::string text = printable(whole.first->file) + ": " + printable(whole.first->case_name) +
                       ": " + whole.verdict();
    text += whole.verdict() == "exhausted" ? ": no violation\n" : "\n";
    for (const std::string& gap : whole.gaps) text += "  " + printable(gap) + "\n";
    for (const views::ReportedViolation& violation : whole.violations) {
        text += "  " + printable(violation.kind) + " \"" + printable(violation.expectation) +
                "\" breaks with " + views::counted(violation.faults, "fault") + "\n";
        for (const std::string& step : violation.fault_steps) {
            text += "    " + printable(step) + "\n";
        }
        if (!violation.file.empty()) {
            text += "    replay: sagalab run " + views::shell_quote(violation.file) + "\n";
        }
    }
    return text + std::to_string(whole.states) + " states, " + std::to_string(whole.transitions) +
           " transitions, depth " + std::to_string(whole.depth) + ", " +
           std::to_string(whole.placements) + " fault placements in " +
           views::counted(whole.shards.size(), "shard") + "\n";
}

std::string json_of(const Whole& whole) {
    auto list = [](const std::vector<std::string>& texts) {
        std::string all = "[";
        for (const std::string& text : texts) {
            all += (all.size() > 1 ? ", " : "") + Value(text).json();
        }
        return all + "]";
    };
    std::string text = "{\"file\": " + Value(whole.first->file).json();
    text += ", \"case\": " + Value(whole.first->case_name).json();
    text += ", \"version\": " + Value(whole.first->version).json();
    text += ", \"verdict\": " + Value(whole.verdict()).json();
    text += ", \"gaps\": " + list(whole.gaps);
    text += ", \"bounds\": " + whole.first->bounds;
    text += ", \"states\": " + std::to_string(whole.states);
    text += ", \"transitions\": " + std::to_string(whole.transitions);
    text += ", \"placements\": " + std::to_string(whole.placements);
    text += ", \"depth\": " + std::to_string(whole.depth) + ", \"counterexamples\": [";
    for (std::size_t i = 0; i < whole.violations.size(); ++i) {
        const views::ReportedViolation& violation = whole.violations[i];
        text +=
            (i == 0 ? "" : ", ") + std::string("{\"expectation\": ") +
            Value(violation.expectation).json() + ", \"kind\": " + Value(violation.kind).json() +
            ", \"faultCount\": " + std::to_string(violation.faults) +
            ", \"faults\": " + list(violation.fault_steps) +
            ", \"file\": " + (violation.file.empty() ? "null" : Value(violation.file).json()) + "}";
    }
    return text + "]}";
}

int run(const Arguments& arguments, Console& console) {
    const std::vector<Report> reports = read_all(arguments.words());
    std::map<std::pair<std::string, std::string>, Whole> wholes;  // by file and case
    for (const Report& report : reports) {
        wholes[{report.file, report.case_name}].add(report);
    }
    bool json = arguments.value("format").value_or("text") == "json";
    bool violated = false;
    bool early = false;
    std::string text;
    for (auto& [name, whole] : wholes) {
        whole.finish();
        violated = violated || !whole.violations.empty();
        early = early || !whole.gaps.empty();
        if (json) text += (text.empty() ? "" : ",\n") + json_of(whole);
        if (!json) text += (text.empty() ? "" : "\n") + text_of(whole);
    }
    if (json && wholes.size() > 1) text = "[" + text + "]";
    console.out().write(json ? text + "\n" : text);
    if (violated) return exit_code::failed;
    return early ? exit_code::limit : exit_code::ok;
}

}  // namespace

const Command merge_command{
    "merge",
    "[OPTION]... REPORT...",
    "Joins the reports of all shards of an exploration.",
    options,
    "REPORT is what `sagalab explore --shard K/N --format json` has printed. All N\n"
    "shards of one exploration, under the same version and bounds, are the whole; a\n"
    "shard that is missing or foreign, or that stopped early, makes the whole\n"
    "\"stopped early\", which is no pass.\n",
    "  0 exhausted: no violation; 1 a counterexample; 2 bad input; 3 stopped early\n",
    "  sagalab explore order.json --shard 1/2 --format json > 1.json\n"
    "  sagalab explore order.json --shard 2/2 --format json > 2.json\n"
    "  sagalab merge 1.json 2.json\n",
    Words::files,
    run,
};

}  // namespace sagalab::cli
