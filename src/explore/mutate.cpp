#include "explore/mutate.h"

#include <algorithm>
#include <utility>

#include "explore/mutants.h"

namespace sagalab::explore {

using program::Program;

namespace {

std::string named(const expect::Verdict& verdict) {
    return std::string(expect::kind_name(verdict.kind)) + " \"" + verdict.name + "\"";
}

class Biting {
public:
    Biting(const std::vector<MutatedCase>& cases, const SearchOptions& options)
        : cases_(cases), options_(options) {
        options_.keep_going = false;
    }

    Teeth go() {
        std::vector<std::vector<Mutant>> made;
        for (const MutatedCase& each : cases_) {
            made.push_back(mutants(*each.program));
            if (!made.back().empty() && !holds(each)) return std::move(teeth_);
        }
        for (std::size_t i = 0; i < cases_.size(); ++i) {
            for (const Mutant& mutant : made[i]) bite(cases_[i], mutant);
        }
        return std::move(teeth_);
    }

private:
    SearchResult search_of(const Program& program, const MutatedCase& from) {
        SearchResult result = search(program, from.bounds, options_);
        teeth_.states += result.states;
        return result;
    }

    bool holds(const MutatedCase& each) {
        SearchResult result = search_of(*each.program, each);
        if (result.ending == Ending::exhausted) return true;
        teeth_.case_name = each.program->case_name;
        if (result.ending == Ending::stopped) {
            teeth_.ending = TeethEnding::stopped;
            teeth_.why = result.why;
        } else {
            teeth_.ending = TeethEnding::broken;
            teeth_.why = named(result.violations.front().verdict);
        }
        return false;
    }

    // The same safeguard in another case is the same mutant.
    MutantReport& report_of(const Mutant& mutant) {
        auto same = [&](const MutantReport& report) {
            return report.name == mutant.name && report.place == mutant.place;
        };
        auto found = std::ranges::find_if(teeth_.mutants, same);
        if (found != teeth_.mutants.end()) return *found;
        MutantReport& made = teeth_.mutants.emplace_back();
        made.name = mutant.name;
        made.place = mutant.place;
        return made;
    }

    void bite(const MutatedCase& each, const Mutant& mutant) {
        MutantReport& report = report_of(mutant);
        if (report.fate == Fate::killed) return;
        Program weaker = *each.program;
        mutant.change(weaker);
        SearchResult result = search_of(weaker, each);
        if (result.ending == Ending::stopped) {
            report.fate = Fate::undecided;
            report.why = result.why;
        }
        if (result.ending != Ending::violated) return;
        const Violation& violation = result.violations.front();
        report.fate = Fate::killed;
        report.why.clear();
        report.by = named(violation.verdict);
        report.case_name = each.program->case_name;
        report.faults = violation.faults;
        report.sites = names_of(weaker, each.bounds, violation.sites);
    }

    const std::vector<MutatedCase>& cases_;
    SearchOptions options_;
    Teeth teeth_;
};

}  // namespace

std::string_view fate_name(Fate fate) {
    switch (fate) {
        case Fate::killed: return "killed";
        case Fate::survived: return "survived";
        case Fate::undecided: break;
    }
    return "undecided";
}

std::size_t Teeth::count(Fate fate) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        mutants, [fate](const MutantReport& report) { return report.fate == fate; }));
}

Teeth bite(const std::vector<MutatedCase>& cases, const SearchOptions& options) {
    return Biting(cases, options).go();
}

}  // namespace sagalab::explore
