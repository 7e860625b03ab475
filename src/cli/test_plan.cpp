#include "cli/test_plan.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "base/text.h"
#include "cli/case_choice.h"
#include "cli/case_report.h"
#include "cli/test_files.h"

namespace sagalab::cli {
namespace {

bool misspells_scenario(const language::Diagnostics& diagnostics) {
    auto all = diagnostics.sorted();
    return std::any_of(all.begin(), all.end(), [](const language::Diagnostic& one) {
        return one.message.find("did you mean \"scenario\"?") != std::string::npos;
    });
}

bool holds_array(const language::Sources& sources) {
    if (sources.size() == 0) return false;
    std::string_view text = sources.text(0);
    std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '[';
}

bool is_test(const ScenarioFile& file, const std::set<std::string>& named) {
    const language::Loaded& loaded = file.loaded;
    bool other = loaded.is_part || holds_array(loaded.sources);
    if (!other) return true;
    return loaded.diagnostics.has_errors() &&
           (named.count(file.path) > 0 || misspells_scenario(loaded.diagnostics));
}

std::vector<ScenarioFile> load_tests(const TestSettings& settings) {
    std::vector<std::string> paths;
    std::set<std::string> named;
    for (FoundFile& found : find_scenarios(settings.paths)) {
        if (found.named) named.insert(found.path);
        paths.push_back(std::move(found.path));
    }
    std::vector<ScenarioFile> tests;
    if (paths.empty()) return tests;
    for (ScenarioFile& file : load_files(paths, settings.load)) {
        if (is_test(file, named)) tests.push_back(std::move(file));
    }
    return tests;
}

// Edits that turn `text` into some part of `name`: how far a filter is from finding it (Sellers,
// 1980), ignoring the case of ASCII letters.
std::size_t distance_within(std::string_view text, std::string_view name) {
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    std::vector<std::size_t> row(name.size() + 1, 0);
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < name.size(); ++j) {
            std::size_t replaced = diagonal + (lower(text[i]) == lower(name[j]) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return *std::min_element(row.begin(), row.end());
}

// The case that a filter nearly finds.
std::string nearest_case(const std::string& text, const std::vector<std::string>& names) {
    std::size_t best = std::numeric_limits<std::size_t>::max();
    const std::string* nearest = nullptr;
    for (const std::string& name : names) {
        std::size_t distance = distance_within(text, name);
        if (distance >= best) continue;
        best = distance;
        nearest = &name;
    }
    return nearest ? "; the nearest is \"" + printable(*nearest) + "\"" : "";
}

// A case must pass both --case and --filter, if they are given.
void choose(const TestSettings& settings, Plan& plan) {
    if (!settings.cases.empty()) check_names(plan.files, settings.cases);
    std::vector<std::string> names;
    std::vector<bool> used(settings.filters.size(), false);
    for (std::size_t f = 0; f < plan.files.size(); ++f) {
        const auto& cases = plan.files[f].loaded.cases;
        if (std::find(plan.unread.begin(), plan.unread.end(), f) != plan.unread.end()) continue;
        for (std::size_t number = 0; number < cases.size(); ++number) {
            PlannedCase one{f, number, cases[number].get()};
            if (!is_wanted(*one.program, settings.cases)) continue;
            names.push_back(plan.name(one));
            bool chosen = settings.filters.empty();
            for (std::size_t i = 0; i < settings.filters.size(); ++i) {
                if (!fits(names.back(), settings.filters[i])) continue;
                chosen = used[i] = true;
            }
            if (chosen) plan.cases.push_back(one);
        }
    }
    auto missed = std::find(used.begin(), used.end(), false);
    if (missed != used.end() && (plan.unread.empty() || !names.empty())) {
        const std::string& text = settings.filters[static_cast<std::size_t>(missed - used.begin())];
        throw Failure("no case matches \"" + printable(text) + "\"" + nearest_case(text, names));
    }
    if (plan.cases.empty() && plan.unread.empty()) throw Failure("there is no case to test");
}

// Past the code point that begins there.
std::size_t next_character(std::string_view text, std::size_t at) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
    return at;
}

bool has_warnings(const language::Diagnostics& diagnostics) {
    return !diagnostics.sorted().empty();
}

}  // namespace

std::string Plan::name(const PlannedCase& one) const {
    return (path(one) == "-" ? "<stdin>" : path(one)) + " / " + one.program->case_name;
}

bool Plan::is_whole(std::size_t file) const {
    auto chosen = std::count_if(cases.begin(), cases.end(),
                                [&](const PlannedCase& one) { return one.file == file; });
    return static_cast<std::size_t>(chosen) == files[file].loaded.cases.size();
}

Plan make_plan(const TestSettings& settings, Console& console) {
    Plan plan;
    plan.files = load_tests(settings);
    report_diagnostics(plan.files, settings.strict, console);
    for (std::size_t f = 0; f < plan.files.size(); ++f) {
        const language::Diagnostics& found = plan.files[f].loaded.diagnostics;
        bool refused = found.has_errors() || (settings.strict && has_warnings(found));
        if (refused) plan.unread.push_back(f);
    }
    choose(settings, plan);
    return plan;
}

bool fits(const std::string& name, const std::string& text) {
    if (name.find(text) != std::string::npos) return true;
    constexpr std::size_t none = std::string::npos;
    if (text.find_first_of("*?") == none) return false;
    std::size_t n = 0;
    std::size_t t = 0;
    std::size_t star = none;  // the last one, and where its text ends for now
    std::size_t end = 0;
    while (n < name.size()) {
        if (t < text.size() && text[t] == '*') {
            star = t++;
            end = n;
        } else if (t < text.size() && (text[t] == '?' || text[t] == name[n])) {
            n = text[t++] == '?' ? next_character(name, n) : n + 1;
        } else if (star != none) {
            t = star + 1;
            n = ++end;
        } else {
            return false;
        }
    }
    return text.find_first_not_of('*', t) == none;
}

}  // namespace sagalab::cli
