#include "explore/random.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "explore/adversary.h"
#include "explore/judge.h"
#include "explore/scheduler.h"
#include "explore/sites.h"
#include "explore/visited.h"
#include "explore/workers.h"

namespace sagalab::explore {
namespace {

using expect::Verdict;
using world::Item;

// Runs between two looks at the clock, whatever the number of threads. They begin small: where the
// first runs fail already, few are made for nothing.
constexpr std::uint64_t first_batch = 8;
constexpr std::uint64_t largest_batch = 512;
// Runs with faults are longer than the canonical one.
constexpr std::uint64_t horizon_factor = 4;
constexpr std::uint64_t rates = 8;  // 1 in 2, 4, 8 ... 256 steps
constexpr std::uint64_t steps_between_looks = 1024;

// Names of draws that belong to the whole run.
constexpr std::uint64_t of_the_run = ~std::uint64_t{0};

struct Hand {
    Hand(const program::Program& program, const program::Exploration& bounds)
        : adversary(program, bounds), judge(program) {}
    Adversary adversary;
    Judge judge;
};

// What came of one run.
struct Outcome {
    std::vector<Verdict> broken;
    std::vector<std::uint64_t> path;  // packed; kept where something broke
    std::uint64_t steps = 0;
    std::uint32_t faults = 0;
    std::uint32_t severity = 0;
    SiteSet sites;
    Hash128 end;
    bool settled = false;
    bool cut = false;
};

// One run, step by step.
class Walk {
public:
    Walk(Hand& hand, const RandomOptions& options, std::uint64_t seed, Scheduler scheduler)
        : hand_(hand),
          options_(options),
          draws_(seed),
          scheduler_(std::move(scheduler)),
          node_(hand.adversary.start()) {
        swarm();
        start_ = node_.left;
        rate_ = std::uint64_t{2} << draws_.below(rates, Purpose::fault, of_the_run);
    }

    Outcome go() {
        outcome_.broken = hand_.judge.at_start();
        while (outcome_.broken.empty() && step()) {
        }
        outcome_.faults = start_.faults() - node_.left.faults();
        std::ranges::sort(outcome_.sites);
        outcome_.severity = Left::severity(start_, node_.left);
        return std::move(outcome_);
    }

private:
    // Some of the kinds of fault only; where chance takes none, all of them.
    void swarm() {
        Left some = node_.left;
        bool any = false;
        for (const program::AdversityRow& row : program::adversity_rows) {
            auto kind = static_cast<std::uint64_t>(row.kind);
            if (draws_.below(2, Purpose::fault, of_the_run, kind + 1) != 0) {
                any = any || some.any(row.kind);
            } else {
                some = some.forbidding(row.kind);
            }
        }
        if (any) node_.left = some;
    }

    bool step() {
        items_ = hand_.adversary.items(node_);
        if (std::ranges::none_of(items_, [](const Item& item) { return item.enabled; })) {
            outcome_.settled = true;
            outcome_.end = hand_.adversary.hash(node_);
            outcome_.broken = hand_.judge.settled(node_);
            return false;
        }
        if (outcome_.steps >= options_.steps) {
            outcome_.cut = true;
            return false;
        }
        if (outcome_.steps % steps_between_looks == steps_between_looks - 1 && options_.stop &&
            options_.stop->load()) {
            return false;
        }
        Step plain;
        plain.item = static_cast<std::uint32_t>(scheduler_.choose(items_, outcome_.steps));
        if (node_.left.faults() != 0 && draw(rate_, Purpose::fault) == 0) {
            strike(plain);
        } else {
            Successor next = taken(plain);
            accept(plain, std::move(next));
        }
        ++outcome_.steps;
        return true;
    }

    [[nodiscard]] std::uint64_t draw(std::uint64_t bound, Purpose purpose,
                                     std::uint64_t which = 0) const {
        return draws_.below(bound, purpose, outcome_.steps, which);
    }

    // Open choices are drawn one after the other: what follows depends on where the first one went.
    Successor taken(Step& plain) {
        for (;;) {
            Successor next;
            world::Passed passed;
            hand_.adversary.go(node_, items_, plain, [&](Successor&& found) {
                passed = *found.passed;
                next = std::move(found);
            });
            passed_ = std::move(passed);
            const std::size_t known = plain.options.size();
            if (known >= std::min(passed_.options.size(), options_max)) return next;
            std::uint64_t many = std::min<std::uint64_t>(passed_.options[known], option_max + 1);
            plain.options.push_back(static_cast<std::uint8_t>(draw(many, Purpose::choice, known)));
        }
    }

    // Of the kinds of fault that could strike now each is as likely as any other.
    void strike(Step& plain) {
        Successor unharmed = taken(plain);
        std::map<std::uint32_t, std::vector<Step>> kinds;
        for (Step& step : hand_.adversary.strikes(node_, items_[plain.item], plain, passed_)) {
            kinds[kind_of(step)].push_back(std::move(step));
        }
        for (Step& step : hand_.adversary.at_rest(node_)) {
            kinds[kind_of(step)].push_back(std::move(step));
        }
        if (kinds.empty()) {
            accept(plain, std::move(unharmed));
            return;
        }
        auto chosen = kinds.begin();
        std::advance(chosen, draw(kinds.size(), Purpose::fault, 1));
        std::vector<Step>& steps = chosen->second;
        const Step& step = steps[draw(steps.size(), Purpose::fault, 2)];
        hand_.adversary.go(node_, items_, step, [&](Successor&& next) {
            for (SiteWord site : sites_of(items_, step, next.passed)) {
                outcome_.sites.push_back(site);
            }
            accept(step, std::move(next));
        });
    }

    // A crash is one kind, wherever it strikes.
    static std::uint32_t kind_of(const Step& step) {
        auto variant = step.deed == Deed::crash
                           ? static_cast<std::uint32_t>(world::Variant::Kind::crash)
                           : std::uint32_t{step.variant};
        const std::uint32_t deed =
            step.deed == Deed::crash ? 0 : static_cast<std::uint32_t>(step.deed);
        return variant << 4U | (step.duplicate ? 8U : 0U) | deed;
    }

    void accept(const Step& step, Successor&& next) {
        outcome_.path.push_back(pack(step));
        outcome_.broken = hand_.judge.look(node_.world, *next.records);
        if (next.asserted) outcome_.broken.push_back(Judge::asserted(*next.records));
        node_ = std::move(next.node);
    }

    Hand& hand_;
    const RandomOptions& options_;
    Draws draws_;
    Scheduler scheduler_;
    Node node_;
    Left start_;
    std::uint64_t rate_ = 2;
    std::vector<Item> items_;
    world::Passed passed_;
    Outcome outcome_;
};

class Runs {
public:
    Runs(const program::Program& program, const program::Exploration& bounds,
         const RandomOptions& options)
        : program_(program), options_(options), workers_(options.threads) {
        for (unsigned i = 0; i < std::max(1U, options.threads); ++i) {
            hands_.push_back(std::make_unique<Hand>(program, bounds));
        }
        result_.services = static_cast<std::uint32_t>(program.services.size());
        if (options.depth != 0) result_.horizon = horizon_factor * canonical_steps();
    }

    RandomResult go() {
        std::uint64_t batch = first_batch;
        for (std::uint64_t next = 0; next < options_.runs && !ended_;) {
            std::uint64_t count = std::min(batch, options_.runs - next);
            std::vector<Outcome> outcomes(count);
            workers_.each(count, [&](std::size_t at, unsigned worker) {
                outcomes[at] = run(*hands_[worker], options_.seed_from + next + at);
            });
            if (options_.stop && options_.stop->load()) stop("interrupted");
            for (std::uint64_t at = 0; at < count && !ended_; ++at) {
                take_in(outcomes[at], options_.seed_from + next + at);
            }
            next += count;
            if (next < options_.runs && options_.out_of_time && options_.out_of_time()) {
                stop("out of time");
            }
            batch = std::min(2 * batch, largest_batch);
        }
        return finish();
    }

private:
    struct Found {
        Violation violation;
        std::uint64_t seed = 0;
        [[nodiscard]] bool before(const Found& other) const {
            const Violation& a = violation;
            const Violation& b = other.violation;
            if (a.faults != b.faults) return a.faults < b.faults;
            if (a.severity != b.severity) return a.severity < b.severity;
            return a.path.size() < b.path.size();
        }
    };

    // Of the run in which nothing is left to chance.
    std::uint64_t canonical_steps() {
        Adversary& adversary = hands_[0]->adversary;
        Node node = adversary.start();
        std::uint64_t steps = 0;
        for (; steps < options_.steps; ++steps) {
            const std::vector<Item> items = adversary.items(node);
            auto first = std::ranges::find_if(items, [](const Item& item) { return item.enabled; });
            if (first == items.end()) break;
            Step step;
            step.item = static_cast<std::uint32_t>(first - items.begin());
            Node after;
            adversary.go(node, items, step,
                         [&](Successor&& next) { after = std::move(next.node); });
            node = std::move(after);
        }
        return std::max<std::uint64_t>(1, steps);
    }

    Outcome run(Hand& hand, std::uint64_t seed) const {
        const Draws draws(seed);
        Scheduler scheduler = options_.depth == 0 ? Scheduler(draws)
                                                  : Scheduler(draws, program_.services.size(),
                                                              options_.depth, result_.horizon);
        return Walk(hand, options_, seed, std::move(scheduler)).go();
    }

    void take_in(Outcome& outcome, std::uint64_t seed) {
        SearchResult& found = result_.found;
        ++result_.runs;
        if (outcome.cut) ++result_.cut;
        result_.longest = std::max(result_.longest, outcome.steps);
        found.transitions += outcome.steps;
        found.placements += outcome.faults;
        if (outcome.settled && ends_.add(outcome.end, Left(), Visited::none, 0) != Visited::none) {
            found.quiescent_worlds += outcome.end;
        }
        for (Verdict& verdict : outcome.broken) note(outcome, seed, std::move(verdict));
        if (!outcome.broken.empty() && !options_.keep_going) ended_ = true;
    }

    void note(const Outcome& outcome, std::uint64_t seed, Verdict&& verdict) {
        std::string claim = std::string(expect::kind_name(verdict.kind)) + "\n" + verdict.name;
        auto cause = std::pair(std::move(claim), options_.keep_going ? outcome.sites : SiteSet());
        Found now;
        now.seed = seed;
        now.violation.verdict = std::move(verdict);
        now.violation.faults = outcome.faults;
        now.violation.severity = outcome.severity;
        now.violation.sites = outcome.sites;
        for (std::uint64_t step : outcome.path) now.violation.path.push_back(unpack(step));
        auto [at, fresh] = found_.try_emplace(cause, now);
        if (!fresh && now.before(at->second)) at->second = std::move(now);
    }

    void stop(const std::string& why) {
        ended_ = true;
        result_.found.why = why;
    }

    RandomResult finish() {
        SearchResult& found = result_.found;
        std::vector<Found> all;
        for (auto& [cause, each] : found_) all.push_back(std::move(each));
        std::stable_sort(all.begin(), all.end(),
                         [](const Found& a, const Found& b) { return a.before(b); });
        for (Found& each : all) {
            found.violations.push_back(std::move(each.violation));
            result_.seeds.push_back(each.seed);
        }
        if (found.why.empty() && result_.cut != 0) {
            found.why = std::to_string(result_.cut) + (result_.cut == 1 ? " run" : " runs") +
                        " of more than " + std::to_string(options_.steps) + " steps";
        }
        for (const auto& hand : hands_) {
            if (hand->adversary.too_many_options()) {
                found.why = "a handler has more open choices than can be told apart";
            }
        }
        found.ending = !found.violations.empty() ? Ending::violated
                       : !found.why.empty()      ? Ending::stopped
                                                 : Ending::exhausted;
        found.quiescent = ends_.worlds();
        found.depth = static_cast<std::uint32_t>(result_.longest);
        found.sometimes.resize(program_.expect.sometimes.size());
        for (const auto& hand : hands_) {
            for (std::size_t i = 0; i < found.sometimes.size(); ++i) {
                if (hand->judge.seen()[i]) found.sometimes[i] = true;
            }
        }
        return std::move(result_);
    }

    const program::Program& program_;
    const RandomOptions& options_;
    Workers workers_;
    std::vector<std::unique_ptr<Hand>> hands_;
    std::map<std::pair<std::string, SiteSet>, Found> found_;
    Visited ends_;
    bool ended_ = false;
    RandomResult result_;
};

}  // namespace

RandomResult random_runs(const program::Program& program, const program::Exploration& bounds,
                         const RandomOptions& options) {
    return Runs(program, bounds, options).go();
}

std::optional<std::uint64_t> one_in(std::uint64_t services, std::uint64_t steps,
                                    std::uint32_t depth) {
    std::uint64_t product = services;
    for (std::uint32_t i = 1; i < depth; ++i) {
        if (__builtin_mul_overflow(product, steps, &product)) return std::nullopt;
    }
    return product;
}

}  // namespace sagalab::explore
