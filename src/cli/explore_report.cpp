#include "cli/explore_report.h"

#include <algorithm>
#include <bit>

#include "base/text.h"
#include "cli/case_report.h"
#include "cli/explore_causes.h"
#include "cli/explore_reduction.h"
#include "cli/explore_sites.h"
#include "explore/adversary.h"
#include "program/points.h"
#include "views/coverage.h"
#include "views/layout.h"
#include "views/summary.h"
#include "views/text.h"
#include "views/version.h"

namespace sagalab::cli {
namespace {

using explore::Counterexample;
using explore::SearchResult;
using program::Program;

std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
    return text;
}

std::string bounds_text(const program::Exploration& bounds) {
    std::string text;
    std::uint32_t sum = 0;
    for (const program::AdversityRow& row : program::adversity_rows) {
        const std::uint32_t most = bounds.budget(row.kind).max;
        if (most == 0) continue;
        sum += most;
        if (!text.empty()) text += ", ";
        text += std::to_string(most) + " " + std::string(row.name);
    }
    if (text.empty()) return bounds.reorder ? "no faults, every order" : "no faults, one order";
    text = "at most " + text;
    if (bounds.faults < sum) text += ", " + std::to_string(bounds.faults) + " in all";
    return text + (bounds.reorder ? "; every order" : "; in canonical order");
}

// n states: the chance that two of them were taken for one is below n^2 / 2^129.
std::string odds(std::uint64_t states) {
    constexpr int bits = 129;
    const int log2_up = static_cast<int>(std::bit_width(std::max<std::uint64_t>(states, 2) - 1));
    return "1 in 2^" + std::to_string(bits - 2 * log2_up);
}

std::string story_text(const Explored& explored, const std::vector<trace::Record>& records,
                       const views::TextOptions& style) {
    views::StringOutput text;
    views::TextStory story(*explored.program, text, style);
    for (const trace::Record& record : records) story.take(record);
    story.flush();
    return text.text();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

// Where the run that passes goes another way.
std::string passing_text(const Explored& explored, const Counterexample& found,
                         const views::TextOptions& style) {
    if (!found.passes_without) return "";
    views::TextOptions plain = style;
    plain.color = false;
    const std::vector<std::string> broken = lines_of(story_text(explored, found.story, plain));
    const std::vector<std::string> passing = lines_of(story_text(explored, found.passing, plain));
    std::size_t same = 0;
    while (same < broken.size() && same < passing.size() && broken[same] == passing[same]) ++same;
    constexpr std::size_t shown = 4;
    std::string text = "\nWithout the last fault it passes; from there on:\n";
    if (same == passing.size()) return "";
    for (std::size_t at = same; at < passing.size() && at < same + shown; ++at) {
        text += passing[at] + "\n";
    }
    if (passing.size() > same + shown) text += "     ...\n";
    return text;
}

// What else breaks as soon, though it is not told whole.
std::string others_text(const Explored& explored) {
    std::string text;
    for (std::size_t i = explored.counterexamples.size(); i < explored.result.violations.size();
         ++i) {
        const explore::Violation& other = explored.result.violations[i];
        text += std::string(text.empty() ? "also breaks: " : "             ") +
                expect::kind_name(other.verdict.kind) + " \"" + printable(other.verdict.name) +
                "\", with " + views::counted(other.faults, "fault") + "\n";
    }
    return text.empty() ? text : text + "\n";
}

// What no path reached, zero first; proved where everything within the bounds was searched.
std::string coverage_text(const Explored& explored, bool proved, const views::TextOptions& style) {
    const program::CoverageMap map(*explored.program);
    views::CoverageReport report;
    report.add(*explored.program, map, explored.result.coverage);
    std::string text = "reached: " + report.totals() + "\n";
    const std::string lines = report.lines(style);
    const std::string sites = sites_text(explored, proved, style.verbose);
    if (lines.empty()) return text + sites;
    return text + sites +
           (proved ? "unreachable within these bounds:\n" : "not reached so far:\n") + lines;
}

// People believe what they see: paths that break nothing, as stories.
std::string samples_text(const Explored& explored, const views::TextOptions& style) {
    std::string text;
    for (const explore::Sample& sample : explored.result.samples) {
        const std::string faults =
            explore::names_of(*explored.program, explored.bounds, sample.sites);
        views::StringOutput out;
        views::TextStory story(*explored.program, out, style);
        explore::Adversary adversary(*explored.program, explored.bounds);
        explore::Node node = adversary.start();
        for (const explore::Step& step : sample.path) adversary.replay(node, step, &story);
        story.flush();
        text += "\nbreaks nothing: " + (faults.empty() ? "no fault" : printable(faults)) + "\n\n" +
                out.text();
    }
    return text.empty() ? text : text + "\n";
}

std::string search_line(const Explored& explored) {
    const SearchResult& result = explored.result;
    return grouped(result.states) + " states, " + grouped(result.transitions) + " transitions, " +
           "depth " + std::to_string(result.depth) + ", " + grouped(result.placements) +
           " fault placements, " + grouped(result.quiescent) + " ends; " +
           bounds_text(explored.bounds) + "\n";
}

std::string json_counterexample(const Explored& explored, std::size_t number) {
    const Counterexample& found = explored.counterexamples[number];
    std::string text = "{\"expectation\": " + Value(found.verdict.name).json();
    text += ", \"kind\": " + Value(expect::kind_name(found.verdict.kind)).json();
    text += ", \"faultCount\": " + std::to_string(found.faults);
    text += ", \"faults\": " + json_list(found.fault_steps);
    text += ", \"reasons\": " + json_list(found.verdict.reasons);
    text += ", \"steps\": " + json_list(found.schedule);
    text += std::string(", \"confirmed\": ") + (found.confirmed ? "true" : "false");
    text += ", \"file\": " +
            (number < explored.files.size() ? Value(explored.files[number]).json() : "null");
    return text + "}";
}

// "shard 2 of 8"; empty where there is one part only.
std::string shard_text(const ExploreSettings& settings) {
    if (settings.shards == 1) return "";
    return "shard " + std::to_string(settings.shard + 1) + " of " + std::to_string(settings.shards);
}

}  // namespace

std::string json_list(const std::vector<std::string>& texts) {
    std::string list = "[";
    for (const std::string& text : texts) {
        if (list.size() > 1) list += ", ";
        list += Value(text).json();
    }
    return list + "]";
}

std::string json_rows(const std::vector<std::string>& rows) {
    if (rows.empty()) return "[]";
    std::string list = "[";
    for (const std::string& row : rows) list += (list.size() > 1 ? ",\n    " : "\n    ") + row;
    return list + "\n  ]";
}

std::string verdict_word(const Explored& explored, const ExploreSettings& settings) {
    switch (explored.result.ending) {
        case explore::Ending::exhausted:
            return settings.shards > 1 ? "part exhausted" : "exhausted";
        case explore::Ending::violated: return "counterexample";
        case explore::Ending::stopped: break;
    }
    return "stopped early";
}

std::string counterexample_text(const Explored& explored, std::size_t number,
                                const views::TextOptions& style) {
    const Counterexample& found = explored.counterexamples[number];
    std::string text = "\n" + std::string(expect::kind_name(found.verdict.kind)) + " \"" +
                       printable(found.verdict.name) + "\" breaks with " +
                       views::counted(found.faults, "fault") + "\n";
    for (const std::string& reason : found.verdict.reasons)
        text += "    " + printable(reason) + "\n";
    for (const std::string& fault : found.sentences) text += "  fault: " + printable(fault) + "\n";
    text += "\n" + story_text(explored, found.story, style);
    text += passing_text(explored, found, style);
    if (!found.round.empty()) {
        text += "\nfrom here it repeats, for ever:\n";
        for (const std::string& step : found.round) text += "  " + printable(step) + "\n";
    }
    if (!found.confirmed) {
        text +=
            "\nNOT confirmed: a replay of these choices does not break it. Please report this.\n";
    }
    return text + replay_line(explored, number);
}

std::string replay_line(const Explored& explored, std::size_t number) {
    if (number >= explored.files.size()) return "";
    return "\nreplay: sagalab run " + views::shell_quote(explored.files[number]) + "\n";
}

std::string explored_text(const Explored& explored, const ExploreSettings& settings,
                          const views::TextOptions& style) {
    const SearchResult& result = explored.result;
    std::string text = title_of(*explored.program, explored.path) + ": ";
    const std::string shard = shard_text(settings);
    if (!shard.empty()) text += shard + ": ";
    if (result.ending == explore::Ending::exhausted) {
        text += shard.empty() ? "exhausted: no violation\n"
                              : "no violation in this part, which is exhausted\n";
    } else if (result.ending == explore::Ending::stopped) {
        text += "stopped early: " + result.why + "; what was searched breaks nothing\n";
    } else {
        text += views::counted(explored.counterexamples.size(), "counterexample");
        text += result.why.empty() ? "\n" : ", stopped early: " + result.why + "\n";
    }
    for (std::size_t i = 0; i < explored.counterexamples.size(); ++i) {
        if (is_grouped(explored, i) && !style.verbose) continue;
        text += counterexample_text(explored, i, style);
        if (is_grouped(explored, i)) continue;
        text += causes_text(explored, i, style.verbose);
    }
    if (!explored.counterexamples.empty()) text += "\n" + others_text(explored);
    text += samples_text(explored, style);
    text += search_line(explored);
    text += reduction_text(explored, settings);
    if (result.ending == explore::Ending::exhausted) {
        text += "odds that two worlds were taken for one: below " + odds(result.worlds) + "\n";
    }
    for (const std::string& name : result.vacuous) {
        if (result.ending != explore::Ending::exhausted) break;
        text += "warning: always \"" + printable(name) + "\" had nothing to look at on any path\n";
    }
    for (const std::string& name : explored.never) {
        text += "sometimes \"" + printable(name) + "\" holds at the end of no path\n";
    }
    // Where the search ended at the first thing that broke, the rest was not tried.
    bool all = result.violations.empty() || settings.keep_going || !explored.bounds.breaks.empty();
    if (all) text += coverage_text(explored, is_whole(explored, settings), style);
    for (const std::string& name : explored.unmet) {
        text += "\"" + printable(name) + "\" was meant to break, and nothing breaks it\n";
    }
    if (!shard.empty()) {
        text += shard + " only, no verdict of the whole: join the reports with `sagalab merge`\n";
    }
    return text;
}

std::string explored_json(const Explored& explored, const ExploreSettings& settings) {
    const SearchResult& result = explored.result;
    std::string text = "{\n  \"file\": " + Value(explored.path).json();
    text += ",\n  \"case\": " + Value(explored.program->case_name).json();
    text += ",\n  \"version\": " + Value(version).json();
    text += ",\n  \"verdict\": " + Value(verdict_word(explored, settings)).json();
    if (!result.why.empty()) text += ",\n  \"why\": " + Value(result.why).json();
    text += ",\n  \"bounds\": {";
    for (const program::AdversityRow& row : program::adversity_rows) {
        text += Value(row.name).json() + ": " +
                std::to_string(explored.bounds.budget(row.kind).max) + ", ";
    }
    text += "\"faults\": " + std::to_string(explored.bounds.faults) +
            ", \"reorder\": " + (explored.bounds.reorder ? "true" : "false") + "}";
    if (settings.shards > 1) {
        text += ",\n  \"shard\": {\"index\": " + std::to_string(settings.shard + 1) +
                ", \"of\": " + std::to_string(settings.shards) + "}";
    }
    text += ",\n  \"states\": " + std::to_string(result.states);
    text += ",\n  \"transitions\": " + std::to_string(result.transitions);
    text += ",\n  \"depth\": " + std::to_string(result.depth);
    text += ",\n  \"placements\": " + std::to_string(result.placements);
    text += ",\n  \"ends\": " + std::to_string(result.quiescent);
    text += ",\n  \"bytes\": " + std::to_string(result.bytes);
    text += ",\n  \"seconds\": " + views::seconds(explored.milliseconds);
    text += ",\n  \"reduction\": " + reduction_json(explored, settings);
    {
        const bool whole = is_whole(explored, settings);
        const program::CoverageMap map(*explored.program);
        views::CoverageReport report;
        report.add(*explored.program, map, result.coverage);
        text += ",\n  \"coverage\": {\"totals\": " + Value(report.totals()).json() +
                ", \"vacuous\": " + json_list(result.vacuous) +
                ", \"never\": " + json_list(explored.never) +
                ", \"proved\": " + (whole ? "true" : "false") +
                ", \"sites\": " + sites_json(explored, whole) + "}";
    }
    std::vector<std::string> counterexamples;
    for (std::size_t i = 0; i < explored.counterexamples.size(); ++i) {
        counterexamples.push_back(json_counterexample(explored, i));
    }
    text += ",\n  \"counterexamples\": " + json_rows(counterexamples);
    text += ",\n  \"causes\": " + causes_json(explored);
    return text + ",\n  \"unmet\": " + json_list(explored.unmet) + "\n}";
}

}  // namespace sagalab::cli
