#include "cli/explore_causes.h"

#include <algorithm>

#include "base/text.h"
#include "views/layout.h"

namespace sagalab::cli {
namespace {

using explore::Cause;
using explore::Counterexample;
using explore::SiteSet;

bool same_expectation(const Counterexample& a, const Counterexample& b) {
    return a.verdict.kind == b.verdict.kind && a.verdict.name == b.verdict.name;
}

std::string names(const Explored& explored, const SiteSet& sites) {
    return explore::names_of(*explored.program, explored.bounds, sites);
}

// Where it was written; empty where it was not.
std::string file_of(const Explored& explored, const Counterexample& like, const SiteSet& sites) {
    for (std::size_t i = 0; i < explored.files.size(); ++i) {
        const Counterexample& each = explored.counterexamples[i];
        if (same_expectation(each, like) && each.sites == sites) return explored.files[i];
    }
    return "";
}

// Told neither whole nor as a set: there is a smaller one within.
std::size_t count_larger(const Explored& explored, const Counterexample& like,
                         const std::vector<SiteSet>& sets) {
    return static_cast<std::size_t>(
        std::ranges::count_if(explored.counterexamples, [&](const Counterexample& each) {
            return same_expectation(each, like) &&
                   std::ranges::find(sets, each.sites) == sets.end();
        }));
}

// Its position in SearchResult::causes.
std::size_t cause_of(const Explored& explored, const Counterexample& found) {
    auto at = std::ranges::find_if(explored.result.causes, [&](const Cause& cause) {
        return cause.kind == found.verdict.kind && cause.name == found.verdict.name;
    });
    return static_cast<std::size_t>(at - explored.result.causes.begin());
}

// "an outbox in OrderService, or an inbox in PaymentService"; empty where none fits.
std::string remedies_of(const Explored& explored, std::size_t cause, std::size_t set) {
    std::string text;
    if (cause >= explored.remedies.size() || set >= explored.remedies[cause].size()) return text;
    for (const std::string& name : explored.remedies[cause][set]) {
        text += (text.empty() ? "" : ", or ") + printable(name);
    }
    return text;
}

}  // namespace

bool is_grouped(const Explored& explored, std::size_t number) {
    const auto begin = explored.counterexamples.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(number);
    return std::any_of(begin, end, [&](const Counterexample& before) {
        return same_expectation(before, explored.counterexamples[number]);
    });
}

std::string causes_text(const Explored& explored, std::size_t number, bool verbose) {
    const Counterexample& found = explored.counterexamples[number];
    const std::size_t at = cause_of(explored, found);
    if (at >= explored.result.causes.size()) return "";
    const std::vector<SiteSet>& sets = explored.result.causes[at].sets;
    std::string own;
    std::string text;
    std::size_t left = 0;
    for (std::size_t i = 0; i < sets.size(); ++i) {
        const std::string prevented = remedies_of(explored, at, i);
        if (sets[i] == found.sites) {
            if (!prevented.empty()) own = "\nprevented by " + prevented + "\n";
        } else if (i < told_sets || verbose) {
            const std::string file = file_of(explored, found, sets[i]);
            text += "  " + printable(names(explored, sets[i])) +
                    (file.empty() ? "" : "  (" + printable(file) + ")") + "\n";
            if (!prevented.empty()) text += "    prevented by " + prevented + "\n";
        } else {
            ++left;
        }
    }
    if (left > 0) text += "  and " + std::to_string(left) + " more (-v)\n";
    const std::size_t larger = verbose ? 0 : count_larger(explored, found, sets);
    if (larger > 0) {
        text += "  and " + views::counted(larger, "counterexample") +
                " with more faults, one of these among them (-v)\n";
    }
    return own + (text.empty() ? "" : "\nalso fails with:\n" + text);
}

std::string causes_json(const Explored& explored) {
    std::vector<std::string> rows;
    for (std::size_t i = 0; i < explored.result.causes.size(); ++i) {
        const Cause& cause = explored.result.causes[i];
        std::vector<Value> sets;
        for (std::size_t set = 0; set < cause.sets.size(); ++set) {
            std::vector<Value> sites;
            for (explore::SiteWord site : cause.sets[set]) {
                sites.emplace_back(explore::site_name(*explored.program, explored.bounds, site));
            }
            std::vector<Value> remedies;
            if (i < explored.remedies.size() && set < explored.remedies[i].size()) {
                for (const std::string& name : explored.remedies[i][set]) {
                    remedies.emplace_back(name);
                }
            }
            sets.push_back(Value::map(
                {{"faults", Value::list(sites)}, {"preventedBy", Value::list(remedies)}}));
        }
        rows.push_back("{\"expectation\": " + Value(cause.name).json() +
                       ", \"kind\": " + Value(expect::kind_name(cause.kind)).json() +
                       ", \"faultSets\": " + Value::list(sets).json() + "}");
    }
    return json_rows(rows);
}

}  // namespace sagalab::cli
