#include "support/compare.h"

#include <algorithm>
#include <map>
#include <utility>

#include "explore/counterexample.h"
#include "explore/prepare.h"
#include "language/load.h"

namespace sagalab::test {
namespace {

using explore::SearchOptions;
using explore::SearchResult;
using explore::Violation;

std::map<std::string, std::uint32_t> fewest_faults(const SearchResult& result) {
    std::map<std::string, std::uint32_t> fewest;
    for (const Violation& violation : result.violations) {
        std::string name =
            std::string(expect::kind_name(violation.verdict.kind)) + " " + violation.verdict.name;
        auto [at, added] = fewest.emplace(std::move(name), violation.faults);
        if (!added) at->second = std::min(at->second, violation.faults);
    }
    return fewest;
}

std::string shown(const std::map<std::string, std::uint32_t>& fewest) {
    std::string text;
    for (const auto& [name, faults] : fewest) text += name + ": " + std::to_string(faults) + "; ";
    return text;
}

std::string path_of(const Violation& violation) {
    std::string text = violation.verdict.name + ":";
    for (explore::SiteWord site : violation.sites) text += " " + std::to_string(site);
    text += " by";
    for (const explore::Step& step : violation.path) text += " " + std::to_string(pack(step));
    return text;
}

// How often a fault strikes is another matter: there are fewer orders. Whether one that has nothing
// to do with it stands before what breaks is one as well, unless that is known at the end only.
std::string outcomes_of(const SearchResult& result, bool at_end) {
    std::string text;
    for (const explore::SiteOutcome& site : result.sites) {
        if (site.fired == 0) continue;
        text += site.name + (at_end && site.violates ? " breaks; " : "; ");
    }
    return text;
}

std::string sites_of(const SearchResult& result) {
    std::string text;
    for (const explore::SiteOutcome& site : result.sites) {
        text +=
            site.name + " " + std::to_string(site.fired) + (site.violates ? " breaks" : "") + "; ";
    }
    return text;
}

std::string difference(const SearchResult& full, const SearchResult& reduced) {
    std::string text;
    if (full.quiescent != reduced.quiescent || full.quiescent_worlds != reduced.quiescent_worlds) {
        text += "quiescent worlds: " + std::to_string(full.quiescent) + " in full, " +
                std::to_string(reduced.quiescent) + " reduced\n";
    }
    auto expected = fewest_faults(full);
    auto found = fewest_faults(reduced);
    if (expected != found) text += "broken in full " + shown(expected) + "reduced " + shown(found);
    const bool at_end = std::ranges::all_of(full.causes, [](const explore::Cause& cause) {
        return cause.kind != expect::Kind::always && cause.kind != expect::Kind::assertion;
    });
    if (outcomes_of(full, at_end) != outcomes_of(reduced, at_end)) {
        text += "sites in full " + outcomes_of(full, at_end) + "\nreduced " +
                outcomes_of(reduced, at_end) + "\n";
    }
    if (full.sometimes != reduced.sometimes) text += "another `sometimes`\n";
    return text;
}

}  // namespace

Comparison compare(const program::Program& program, std::uint64_t states, explore::Rule broken) {
    const program::Exploration bounds = explore::bounds_of(program);
    Comparison comparison;
    SearchOptions options;
    options.keep_going = true;
    options.states = states;
    options.reduce = false;
    comparison.full = explore::search(program, bounds, options);
    options.reduce = true;
    options.broken = broken;
    if (comparison.full.why.empty()) comparison.reduced = explore::search(program, bounds, options);
    comparison.too_big = !comparison.full.why.empty() || !comparison.reduced.why.empty();
    if (!comparison.too_big) {
        comparison.difference = difference(comparison.full, comparison.reduced);
    }
    return comparison;
}

std::string differs_on_threads(const program::Program& program, const SearchResult& one,
                               unsigned threads) {
    SearchOptions options;
    options.keep_going = true;
    options.threads = threads;
    const SearchResult other = explore::search(program, explore::bounds_of(program), options);
    bool same = other.states == one.states && other.transitions == one.transitions &&
                other.worlds == one.worlds && other.quiescent == one.quiescent &&
                other.quiescent_worlds == one.quiescent_worlds && other.depth == one.depth &&
                other.placements == one.placements && other.widest == one.widest &&
                other.violations.size() == one.violations.size() &&
                sites_of(other) == sites_of(one);
    for (std::size_t i = 0; same && i < one.violations.size(); ++i) {
        same = path_of(one.violations[i]) == path_of(other.violations[i]);
    }
    return same ? "" : "another result on " + std::to_string(threads) + " threads";
}

std::string unconfirmed(const program::Program& program, const SearchResult& result) {
    const program::Exploration bounds = explore::bounds_of(program);
    for (const Violation& violation : result.violations) {
        const explore::Counterexample found = explore::tell(program, bounds, violation);
        if (found.confirmed) continue;
        std::string text = "not confirmed: " + path_of(violation) + "\n";
        for (const std::string& step : found.schedule) text += "  " + step + "\n";
        return text;
    }
    return {};
}

std::shared_ptr<const program::Program> explorable(const std::string& text) {
    language::Loaded loaded = language::load_text("system.json", text);
    if (loaded.diagnostics.has_errors() || loaded.cases.size() != 1) return nullptr;
    return std::make_shared<const program::Program>(explore::prepared(*loaded.cases[0]));
}

}  // namespace sagalab::test
