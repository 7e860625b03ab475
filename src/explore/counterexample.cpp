#include "explore/counterexample.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "expect/always.h"
#include "explore/adversary.h"
#include "explore/judge.h"
#include "explore/names.h"
#include "explore/replay.h"
#include "program/eval.h"

namespace sagalab::explore {
namespace {

using expect::Kind;
using expect::Verdict;
using program::Program;
using trace::Record;
using trace::RecordKind;
using world::Item;

class Collect : public trace::Sink {
public:
    explicit Collect(std::vector<Record>& records) : records_(records) {}
    void take(const Record& record) override { records_.push_back(record); }

private:
    std::vector<Record>& records_;
};

bool is_fault(const Step& step) {
    return step.deed != Deed::take || step.duplicate || step.variant != 0;
}

// A path as it was walked.
struct Walk {
    std::vector<Step> path;
    std::vector<std::string> names;
    std::vector<bool> faults;
    std::vector<std::string> sentences;  // of the faults
    std::vector<Record> records;
    std::map<Hash128, Hash128> causes;  // of each handling
    std::set<Hash128> struck;           // handlings in which a fault struck
    std::uint32_t departures = 0;
    Node end;
    bool broken = false;
    Verdict verdict;  // where it is broken
};

class Teller {
public:
    Teller(const Program& program, const program::Exploration& bounds, const Verdict& verdict)
        : adversary_(program, bounds), judge_(program), verdict_(verdict) {}

    Walk walk(const std::vector<Step>& path) {
        Walk walk;
        walk.end = adversary_.start();
        if (verdict_.kind == Kind::always) judge(walk, judge_.at_start());
        for (const Step& step : path) {
            if (!go(walk, step)) return walk;
        }
        judge_end(walk);
        return walk;
    }

    // Takes departures from the canonical order back, one by one, as long as it breaks all the
    // same with as few steps.
    Walk with_fewest_departures(Walk best) {
        for (std::size_t at = 0; at < best.path.size(); ++at) {
            if (best.departures == 0) break;
            Walk other = without_departure(best, at);
            bool better = other.broken && other.departures < best.departures &&
                          other.path.size() <= best.path.size();
            if (better) best = std::move(other);
        }
        return best;
    }

    // The round is walked once more and leads to the same state.
    bool repeats(Walk& walk, const std::vector<Step>& round, std::vector<std::string>& names) {
        const Hash128 before = adversary_.hash(walk.end);
        const std::size_t first_name = walk.names.size();
        for (const Step& step : round) {
            if (!go(walk, step)) return false;
        }
        names.assign(walk.names.begin() + static_cast<std::ptrdiff_t>(first_name),
                     walk.names.end());
        return adversary_.hash(walk.end) == before;
    }

    // The same names without the last fault, and on to the end.
    Walk without_last_fault(const Walk& walk) {
        Walk other;
        other.end = adversary_.start();
        std::size_t last = walk.names.size();
        for (std::size_t i = 0; i < walk.names.size(); ++i) {
            if (walk.faults[i]) last = i;
        }
        for (std::size_t i = 0; i < last; ++i) {
            if (!go(other, walk.path[i])) return other;
        }
        go_on(other);
        judge_end(other);
        return other;
    }

    // The same without the fault of this step, and without others that do not fit any more: what it
    // struck is taken up as it comes, or not yet; the rest follows by name as far as it fits.
    Walk without_fault(const Walk& walk, std::size_t at, bool not_yet) {
        Walk other;
        other.end = adversary_.start();
        for (std::size_t i = 0; i < at; ++i) {
            if (!go(other, walk.path[i])) return other;
        }
        Step plain = walk.path[at];
        plain.variant = 0;
        plain.at = 0;
        plain.duplicate = false;
        if (!not_yet && (plain.deed != Deed::take || !go(other, plain))) return other;
        for (std::size_t i = at + 1; i < walk.names.size() && !other.broken; ++i) {
            std::optional<Step> step = step_named(adversary_, other.end, walk.names[i]);
            if (step && !go(other, *step)) return other;
        }
        go_on(other);
        judge_end(other);
        return other;
    }

    Violation violation_of(const Walk& walk) {
        Violation violation;
        violation.verdict = walk.verdict;
        violation.path = walk.path;
        Node node = adversary_.start();
        const Left start = node.left;
        for (const Step& step : walk.path) {
            const std::vector<Item> items = adversary_.items(node);
            adversary_.go(node, items, step, [&](Successor&& next) {
                for (SiteWord site : sites_of(items, step, next.passed)) {
                    violation.sites.push_back(site);
                }
                node = std::move(next.node);
            });
        }
        std::ranges::sort(violation.sites);
        violation.faults = start.faults() - node.left.faults();
        violation.severity = Left::severity(start, node.left);
        return violation;
    }

private:
    bool go(Walk& walk, const Step& step) {
        const std::vector<Item> items = adversary_.items(walk.end);
        if (is_about_an_item(step.deed) && step.item >= items.size()) return false;
        const bool canonical =
            step.deed == Deed::take && !is_fault(step) && step.item == first(items);
        walk.departures += canonical || is_fault(step) ? 0 : 1;
        walk.names.push_back(step_name(adversary_, walk.end, items, step));
        walk.faults.push_back(is_fault(step));
        if (is_fault(step)) {
            walk.sentences.push_back(fault_sentence(adversary_, walk.end, items, step));
        }
        walk.path.push_back(step);
        world::Reaction reaction;
        std::size_t before = walk.records.size();
        Collect collect(walk.records);
        const world::World world = walk.end.world;
        if (!adversary_.replay(walk.end, step, &collect, &reaction)) return false;
        if (!reaction.id.zero()) walk.causes[reaction.id] = reaction.cause;
        if (is_fault(step) && !reaction.id.zero()) walk.struck.insert(reaction.id);
        std::vector<Record> rows(walk.records.begin() + static_cast<std::ptrdiff_t>(before),
                                 walk.records.end());
        if (verdict_.kind == Kind::always) {
            judge(walk, judge_.look(world, rows));
        } else if (verdict_.kind == Kind::assertion && !walk.broken) {
            walk.broken = std::ranges::any_of(
                rows, [](const Record& record) { return record.kind == RecordKind::assertion; });
            if (walk.broken) walk.verdict = Judge::asserted(rows);
        }
        return true;
    }

    static std::uint32_t first(const std::vector<Item>& items) {
        for (std::uint32_t at = 0; at < items.size(); ++at) {
            if (items[at].enabled) return at;
        }
        return Index<void>::absent;
    }

    void go_on(Walk& walk) {
        constexpr std::size_t most = 100'000;
        while (!walk.broken && walk.path.size() < most) {
            Step step;
            step.item = first(adversary_.items(walk.end));
            if (step.item == Index<void>::absent || !go(walk, step)) return;
        }
    }

    void judge_end(Walk& walk) {
        if (verdict_.kind == Kind::always || verdict_.kind == Kind::assertion) return;
        if (first(adversary_.items(walk.end)) != Index<void>::absent) return;
        judge(walk, judge_.settled(walk.end));
    }

    // Is it among what broke just now?
    void judge(Walk& walk, const std::vector<Verdict>& broken) const {
        if (walk.broken) return;
        for (const Verdict& each : broken) {
            if (each.kind != verdict_.kind || each.name != verdict_.name) continue;
            walk.broken = true;
            walk.verdict = each;
            return;
        }
    }

    // At this step the canonical one instead; then the steps of the path by their names wherever
    // they fit, else the canonical order.
    Walk without_departure(const Walk& walk, std::size_t at) {
        Walk other;
        other.end = adversary_.start();
        for (std::size_t i = 0; i < at; ++i) {
            if (!go(other, walk.path[i])) return other;
        }
        Step step;
        step.item = first(adversary_.items(other.end));
        if (walk.faults[at] || step.item == walk.path[at].item) return other;
        std::vector<std::string> rest(walk.names.begin() + static_cast<std::ptrdiff_t>(at),
                                      walk.names.end());
        while (!other.broken && other.path.size() <= walk.path.size()) {
            const std::vector<Item> items = adversary_.items(other.end);
            step = Step();
            step.item = first(items);
            if (step.item == Index<void>::absent) break;
            const std::string name = step_name(adversary_, other.end, items, step);
            auto planned = std::find_if(rest.begin(), rest.end(),
                                        [&](const std::string& each) { return each == name; });
            if (planned != rest.end()) {
                rest.erase(planned);
            } else if (!rest.empty()) {
                std::optional<Step> next = step_named(adversary_, other.end, rest.front());
                if (next) {
                    step = *next;
                    rest.erase(rest.begin());
                }
            }
            if (!go(other, step)) return other;
        }
        judge_end(other);
        return other;
    }

    Adversary adversary_;
    Judge judge_;
    const Verdict& verdict_;
};

// The rows that a broken claim is about: (table, key), or none where it cannot be told.
std::set<std::pair<std::uint32_t, Value>,
         bool (*)(const std::pair<std::uint32_t, Value>&, const std::pair<std::uint32_t, Value>&)>
rows_of(const Program& program, const Verdict& verdict, const world::World& world) {
    using Row = std::pair<std::uint32_t, Value>;
    std::set<Row, bool (*)(const Row&, const Row&)> rows([](const Row& a, const Row& b) {
        return a.first != b.first ? a.first < b.first : key_less(a.second, b.second);
    });
    for (const program::Claim& claim : program.expect.finally) {
        if (verdict.kind != Kind::finally || claim.title != verdict.name) continue;
        TableId range = expect::range_by_key(program[claim.expression]);
        std::vector<program::Rows> tables;
        for (const program::Table& table : program.tables) {
            tables.push_back(world.services[table.service.value]->tables[table.local]);
        }
        if (!range) {
            for (TableId table : claim.tables) {
                tables[table.value].for_each([&](const Value& key, const Value&) {
                    rows.insert({table.value, key});
                });
            }
            continue;
        }
        const program::Rows all = tables[range.value];
        all.for_each([&](const Value& key, const Value& row) {
            program::Rows only;
            only.put(key, row);
            tables[range.value] = std::move(only);
            program::Environment environment;
            environment.tables = tables.data();
            Value holds = program::evaluate(program, claim.expression, environment);
            if (holds.is(Value::Kind::boolean) && holds.truth()) return;
            for (TableId table : claim.tables) rows.insert({table.value, key});
        });
    }
    return rows;
}

// What nothing else is caused by.
bool is_told_always(RecordKind kind) {
    switch (kind) {
        case RecordKind::crashed:
        case RecordKind::restarted:
        case RecordKind::paused:
        case RecordKind::moves_again:
        case RecordKind::cut:
        case RecordKind::healed:
        case RecordKind::lost: return true;
        default: return false;
    }
}

// What happened because of which the expectation broke, in order.
std::vector<Record> causal_past(const Program& program, const Verdict& verdict, const Walk& walk) {
    std::set<Hash128> wanted = walk.struck;
    if (verdict.kind == Kind::always || verdict.kind == Kind::assertion) {
        wanted.insert(verdict.cause);
    } else {
        auto rows = rows_of(program, verdict, walk.end.world);
        if (rows.empty()) return walk.records;
        for (const Record& record : walk.records) {
            bool changed = record.kind == RecordKind::row_changed;
            if (changed && rows.count({record.table.value, record.key}) != 0) {
                wanted.insert(record.cause);
            }
        }
    }
    std::vector<Hash128> todo(wanted.begin(), wanted.end());
    while (!todo.empty()) {
        auto cause = walk.causes.find(todo.back());
        todo.pop_back();
        if (cause == walk.causes.end() || cause->second.zero()) continue;
        if (wanted.insert(cause->second).second) todo.push_back(cause->second);
    }
    std::vector<Record> past;
    for (const Record& record : walk.records) {
        if (is_told_always(record.kind) || wanted.count(record.cause) != 0) past.push_back(record);
    }
    return past;
}

// Of another run, what belongs to the workload items of the story.
std::vector<Record> of_the_same_clients(const std::vector<Record>& records,
                                        const std::vector<Record>& story) {
    std::vector<Record> same;
    for (const Record& record : records) {
        bool told = std::ranges::any_of(
            story, [&](const Record& each) { return each.correlation == record.correlation; });
        if (told) same.push_back(record);
    }
    return same;
}

bool breaks_again(const Program& program, const Counterexample& found) {
    Program pinned = program;
    pinned.schedule = found.schedule;
    if (pinned.schedule.empty()) return true;  // of what is there from the start
    drivers::RunOptions options;
    drivers::RunResult result = explore::run(pinned, options);
    return std::ranges::any_of(result.verdicts, [&](const Verdict& verdict) {
        return !verdict.holds && verdict.kind == found.verdict.kind &&
               verdict.name == found.verdict.name;
    });
}

}  // namespace

Violation shrunk(const Program& program, const program::Exploration& bounds,
                 const Violation& violation) {
    if (violation.verdict.kind == Kind::settles) return violation;
    Teller teller(program, bounds, violation.verdict);
    Walk best = teller.walk(violation.path);
    if (!best.broken) return violation;
    bool less = false;
    for (bool again = true; again;) {
        again = false;
        for (std::size_t at = best.path.size(); at-- > 0;) {
            if (at >= best.path.size() || !best.faults[at]) continue;
            Walk other = teller.without_fault(best, at, true);
            if (!other.broken) other = teller.without_fault(best, at, false);
            if (!other.broken) continue;
            best = std::move(other);
            again = true;
        }
        less = less || again;
    }
    return less ? teller.violation_of(best) : violation;
}

Counterexample tell(const Program& program, const program::Exploration& bounds,
                    const Violation& violation) {
    Teller teller(program, bounds, violation.verdict);
    const bool endless = violation.verdict.kind == Kind::settles;
    Walk walk = teller.walk(violation.path);
    if (!endless) walk = teller.with_fewest_departures(std::move(walk));
    Counterexample found;
    found.verdict = violation.verdict;
    found.faults = violation.faults;
    found.sites = violation.sites;
    found.departures = walk.departures;
    if (endless) found.confirmed = teller.repeats(walk, violation.round, found.round);
    found.schedule = walk.names;
    found.sentences = walk.sentences;
    for (std::size_t i = 0; i < walk.names.size(); ++i) {
        if (walk.faults[i]) found.fault_steps.push_back(walk.names[i]);
    }
    if (endless) {
        found.story = walk.records;
        return found;
    }
    found.confirmed = walk.broken && breaks_again(program, found);
    found.story = causal_past(program, violation.verdict, walk);
    if (!found.fault_steps.empty()) {
        Walk passing = teller.without_last_fault(walk);
        found.passes_without = !passing.broken;
        found.passing = of_the_same_clients(passing.records, found.story);
    }
    return found;
}

}  // namespace sagalab::explore
