#include "explore/search.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "explore/adversary.h"
#include "explore/blame.h"
#include "explore/judge.h"
#include "explore/loops.h"
#include "explore/reduction.h"
#include "explore/sites.h"
#include "explore/visited.h"
#include "explore/workers.h"

namespace sagalab::explore {
namespace {

using expect::Verdict;
using world::Item;

constexpr std::size_t batch_size = 512;  // whatever the number of threads: counts must not change

// Which faults have struck on the way; most paths have none.
struct Trail {
    std::shared_ptr<const Trail> before;  // null: none has
    StepSites struck;
};

struct Waiting {
    Node node;
    Visited::Id state = Visited::none;
    std::shared_ptr<const Trail> trail;
};

// What may be worth expanding: found by one thread, taken in by the search.
struct Candidate {
    Node node;
    std::shared_ptr<const Trail> trail;
    Hash128 hash;
    bool known = false;  // it only closes a loop, or tells what a fault leads to
    StepSites sites;
    std::uint64_t step = 0;
    std::uint32_t faults = 0;
    std::uint32_t severity = 0;
    std::vector<Verdict> broken;
};

// What came of expanding one world.
struct Expanded {
    std::vector<Candidate> candidates;
    std::vector<Verdict> broken;  // at quiescence
    std::vector<StepSites> struck;
    Hash128 hash;
    std::uint64_t transitions = 0;
    std::uint64_t placements = 0;
    bool quiescent = false;
};

struct Level {
    std::uint32_t faults = 0;
    std::uint32_t severity = 0;
    std::uint32_t depth = 0;
    friend auto operator<=>(const Level&, const Level&) = default;
};

class Search {
public:
    Search(const program::Program& program, const program::Exploration& bounds,
           const SearchOptions& options)
        : program_(program),
          bounds_(bounds),
          options_(options),
          workers_(options.threads),
          map_(program),
          may_loop_(Loops::possible(program)) {
        for (unsigned i = 0; i < std::max(1U, options.threads); ++i) {
            hands_.push_back(std::make_unique<Hand>(program, bounds, options.broken));
            hands_.back()->adversary.cover(&map_);
        }
    }

    SearchResult go() {
        begin();
        while (!levels_.empty() && !ended_) {
            auto first = levels_.begin();
            const Level level = first->first;
            if (best_ && level >= *best_ && !options_.keep_going) break;
            std::vector<Waiting> waiting = std::move(first->second);
            levels_.erase(first);
            search_level(level, waiting);
        }
        return finish();
    }

private:
    // What each thread works with.
    struct Hand {
        Hand(const program::Program& program, const program::Exploration& bounds, Rule broken)
            : adversary(program, bounds), judge(program), reduction(program, bounds, broken) {}
        Adversary adversary;
        Judge judge;
        Reduction reduction;
        SiteCounts struck;
    };

    void begin() {
        Waiting start;
        start.node = hands_[0]->adversary.start();
        start.state =
            visited_.add(hands_[0]->adversary.hash(start.node), start.node.left, Visited::none, 0);
        for (const Verdict& broken : hands_[0]->judge.at_start()) {
            note({}, Visited::none, std::nullopt, broken, nullptr);
        }
        levels_[{}].push_back(std::move(start));
    }

    void search_level(const Level& level, std::vector<Waiting>& waiting) {
        result_.depth = std::max(result_.depth, level.depth);
        for (std::size_t begin = 0; begin < waiting.size() && !ended_; begin += batch_size) {
            const std::size_t count = std::min(batch_size, waiting.size() - begin);
            std::vector<Expanded> expanded(count);
            workers_.each(count, [&](std::size_t at, unsigned worker) {
                Waiting& each = waiting[begin + at];
                if (!visited_.covered_since(each.state)) {
                    expand(*hands_[worker], each, expanded[at]);
                    hands_[worker]->struck.add(expanded[at].struck);
                }
                each.node = Node();
            });
            for (std::size_t at = 0; at < count; ++at) {
                take_in(level, waiting[begin + at], expanded[at]);
            }
            waiting_ -= count;
            watch(level);
        }
    }

    void expand(Hand& hand, const Waiting& waiting, Expanded& out) {
        const std::vector<Item> items = hand.adversary.items(waiting.node);
        bool any = std::ranges::any_of(items, [](const Item& item) { return item.enabled; });
        if (!any) {
            out.quiescent = true;
            out.hash = hand.adversary.hash(waiting.node);
            out.broken = hand.judge.settled(waiting.node);
        }
        std::optional<Selection> selection;
        if (options_.reduce) selection = hand.reduction.select(hand.adversary, waiting.node, items);
        find(hand, waiting, items, selection ? &*selection : nullptr, out);
        // Nothing may be put off for ever: where a path can go round, and all of it was known, the
        // rest is tried as well.
        bool fresh = std::ranges::any_of(out.candidates, [](const Candidate& candidate) {
            return candidate.faults == 0 && !candidate.known;
        });
        if (!selection || fresh || !any || !may_loop_) return;
        out.candidates.clear();
        out.transitions = 0;
        out.placements = 0;
        out.struck.clear();
        find(hand, waiting, items, nullptr, out);
    }

    void find(Hand& hand, const Waiting& waiting, const std::vector<Item>& items,
              const Selection* selection, Expanded& out) {
        hand.adversary.expand(waiting.node, items, selection, [&](Successor&& next) {
            ++out.transitions;
            Candidate candidate;
            if (next.faults != 0) {
                ++out.placements;
                candidate.sites = sites_of(items, next.step, next.passed);
            }
            candidate.broken = hand.judge.look(waiting.node.world, *next.records);
            if (next.asserted) candidate.broken.push_back(Judge::asserted(*next.records));
            candidate.hash = hand.adversary.hash(next.node);
            if (next.faults != 0 && (waiting.trail || is_own(candidate.hash))) {
                out.struck.push_back(candidate.sites);
            }
            bool known = visited_.covers(candidate.hash, next.node.left);
            candidate.known = known;
            bool closes = known && may_loop_ && next.faults == 0;
            if (known && candidate.broken.empty() && !closes && !options_.keep_going) return;
            candidate.trail = waiting.trail;
            if (next.faults != 0) {
                auto trail = std::make_shared<Trail>();
                trail->before = waiting.trail;
                trail->struck = candidate.sites;
                candidate.trail = std::move(trail);
            }
            candidate.step = pack(next.step);
            candidate.faults = next.faults;
            candidate.severity = next.severity;
            candidate.node = std::move(next.node);
            out.candidates.push_back(std::move(candidate));
        });
    }

    void take_in(const Level& level, const Waiting& from, Expanded& expanded) {
        result_.transitions += expanded.transitions;
        result_.placements += expanded.placements;
        if (expanded.quiescent &&
            quiescent_.add(expanded.hash, Left(), Visited::none, 0) != Visited::none) {
            result_.quiescent_worlds += expanded.hash;
        }
        if (expanded.quiescent && expanded.broken.empty()) sample(from);
        for (const Verdict& verdict : expanded.broken) {
            note(level, from.state, std::nullopt, verdict, from.trail);
            blame_.broke(claim_of(verdict), from.state, Left(), {});
        }
        for (Candidate& candidate : expanded.candidates) {
            Level next{level.faults + candidate.faults, level.severity + candidate.severity,
                       level.depth + 1};
            bool first_fault = level.faults == 0 && candidate.faults != 0;
            if (first_fault && !is_own(candidate.hash)) continue;
            const Left spent = visited_.left(from.state).minus(candidate.node.left);
            for (const Verdict& broken : candidate.broken) {
                note(next, from.state, candidate.step, broken, candidate.trail);
                blame_.broke(claim_of(broken), from.state, spent, candidate.sites);
            }
            // What comes after is another story, unless all of them are wanted.
            if (!candidate.broken.empty() && !options_.keep_going) continue;
            Visited::Id id =
                visited_.add(candidate.hash, candidate.node.left, from.state, candidate.step);
            const bool fresh = id != Visited::none;
            if (options_.keep_going && (!fresh || candidate.faults != 0)) {
                blame_.step(from.state,
                            fresh ? id : visited_.find(candidate.hash, candidate.node.left), spent,
                            candidate.sites);
            }
            if (!fresh) {
                if (may_loop_ && candidate.faults == 0) {
                    loops_.keep(from.state, visited_.find(candidate.hash, candidate.node.left),
                                candidate.step);
                }
                continue;
            }
            levels_[next].push_back({std::move(candidate.node), id, std::move(candidate.trail)});
            ++waiting_;
        }
        result_.widest = std::max(result_.widest, waiting_);
    }

    // Each first fault belongs to one shard.
    [[nodiscard]] bool is_own(const Hash128& hash) const {
        return options_.shards <= 1 || hash.high % options_.shards == options_.shard;
    }

    // The number of what breaks; expectations of one kind have different names.
    std::uint32_t claim_of(const Verdict& verdict) {
        auto known = std::ranges::find_if(result_.causes, [&](const Cause& cause) {
            return cause.kind == verdict.kind && cause.name == verdict.name;
        });
        if (known == result_.causes.end()) {
            known = result_.causes.insert(known, {verdict.kind, verdict.name, {}});
            sets_.emplace_back();
        }
        return static_cast<std::uint32_t>(known - result_.causes.begin());
    }

    void note(const Level& level, Visited::Id state, std::optional<std::uint64_t> step,
              const Verdict& verdict, const std::shared_ptr<const Trail>& trail) {
        SiteSet sites = set_of(trail.get());
        sets_[claim_of(verdict)].insert(sites);
        std::string claim = std::string(expect::kind_name(verdict.kind)) + "\n" + verdict.name;
        auto cause = std::pair(std::move(claim), options_.keep_going ? sites : SiteSet());
        auto found = found_.find(cause);
        if (found != found_.end() && found->second.level <= level) return;
        if (!best_ || level < *best_) best_ = level;
        found_[std::move(cause)] = {level, state, step, verdict, std::move(sites)};
    }

    static SiteSet set_of(const Trail* trail) {
        SiteSet sites;
        for (; trail; trail = trail->before.get()) {
            sites.insert(sites.end(), trail->struck.begin(), trail->struck.end());
        }
        std::ranges::sort(sites);
        return sites;
    }

    // The first that was found of each choice of faults.
    void sample(const Waiting& from) {
        if (result_.samples.size() >= options_.samples) return;
        SiteSet sites = set_of(from.trail.get());
        bool known = std::ranges::any_of(result_.samples,
                                         [&](const Sample& other) { return other.sites == sites; });
        if (!known) result_.samples.push_back({path_to(from.state), std::move(sites)});
    }

    void watch(const Level& level) {
        if (options_.stop && options_.stop->load()) stop("interrupted");
        if (options_.out_of_time && options_.out_of_time()) stop("out of time");
        if (options_.states != 0 && visited_.size() > options_.states) {
            stop("more than " + std::to_string(options_.states) + " states");
        }
        if (options_.bytes != 0 && bytes() > options_.bytes) stop("out of memory");
        if (options_.progress) {
            options_.progress(
                {visited_.size(), result_.transitions, waiting_, level.faults, level.depth});
        }
    }

    // A world of the frontier shares most of what it holds with others.
    [[nodiscard]] std::uint64_t bytes() const {
        constexpr std::uint64_t world_bytes = 4096;
        return visited_.bytes() + blame_.bytes() + waiting_ * world_bytes;
    }

    void stop(const std::string& why) {
        if (ended_) return;
        ended_ = true;
        result_.why = why;
    }

    [[nodiscard]] std::vector<Step> path_to(Visited::Id state) const {
        std::vector<Step> path;
        for (std::uint64_t step : visited_.path(state)) path.push_back(unpack(step));
        return path;
    }

    // Where nothing else is broken, or all is wanted.
    void look_for_loops() {
        if (best_ && !options_.keep_going) return;
        std::optional<Loops::Found> found = loops_.find(visited_, hands_[0]->adversary);
        if (!found) return;
        Violation violation;
        violation.verdict.kind = expect::Kind::settles;
        violation.verdict.name = "every path settles";
        violation.verdict.holds = false;
        blame_.broke(claim_of(violation.verdict), found->entry, Left(), {});
        violation.path = path_to(found->entry);
        violation.round = std::move(found->round);
        violation.faults = Left(bounds_).faults() - visited_.left(found->entry).faults();
        result_.violations.push_back(std::move(violation));
    }

    void sum_up() {
        std::vector<bool> seen(program_.expect.always.size());
        for (const auto& hand : hands_) {
            result_.coverage.unite(hand->adversary.reached());
            const std::vector<Verdict> verdicts = hand->judge.always();
            for (std::size_t i = 0; i < verdicts.size(); ++i) {
                bool untested = !verdicts[i].premise.empty() && !verdicts[i].premise_met;
                if (!verdicts[i].vacuous && !untested) seen[i] = true;
            }
        }
        for (std::size_t i = 0; i < seen.size(); ++i) {
            if (!seen[i]) result_.vacuous.push_back(program_.expect.always[i].title);
        }
    }

    // Every place at which faults may strike within the bounds, and what came of it.
    void look_at_sites() {
        SiteCounts struck;
        for (const auto& hand : hands_) struck.add(hand->struck);
        std::set<SiteWord> blamed = blame_.sites(visited_);
        for (const auto& [cause, found] : found_) {
            blamed.insert(found.sites.begin(), found.sites.end());
        }
        std::vector<SiteWord> sites = sites_within(hands_[0]->adversary);
        for (const auto& [site, count] : struck.all()) sites.push_back(site);
        std::ranges::sort(sites);
        sites.erase(std::unique(sites.begin(), sites.end()), sites.end());
        for (SiteWord site : sites) {
            result_.sites.push_back(
                {site_name(program_, bounds_, site), struck.of(site), blamed.count(site) != 0});
        }
    }

    void look_at_causes() {
        for (std::uint32_t i = 0; i < sets_.size(); ++i) {
            std::vector<SiteSet> sets(sets_[i].begin(), sets_[i].end());
            for (SiteWord site : blame_.enough(visited_, i)) sets.push_back({site});
            result_.causes[i].sets = smallest(std::move(sets));
        }
    }

    SearchResult finish() {
        for (const auto& [cause, found] : found_) {
            Violation violation;
            violation.verdict = found.verdict;
            violation.path = path_to(found.state);
            if (found.step) violation.path.push_back(unpack(*found.step));
            violation.faults = found.level.faults;
            violation.severity = found.level.severity;
            violation.sites = found.sites;
            result_.violations.push_back(std::move(violation));
        }
        std::stable_sort(result_.violations.begin(), result_.violations.end(),
                         [](const Violation& a, const Violation& b) {
                             if (a.faults != b.faults) return a.faults < b.faults;
                             if (a.severity != b.severity) return a.severity < b.severity;
                             if (a.path.size() != b.path.size()) {
                                 return a.path.size() < b.path.size();
                             }
                             return a.verdict.kind < b.verdict.kind;
                         });
        look_for_loops();
        look_at_sites();
        look_at_causes();
        sum_up();
        for (const auto& hand : hands_) {
            if (hand->adversary.too_many_options()) {
                stop("a handler has more open choices than can be told apart");
            }
        }
        result_.ending = !result_.violations.empty() ? Ending::violated
                         : ended_                    ? Ending::stopped
                                                     : Ending::exhausted;
        result_.states = visited_.size();
        result_.worlds = visited_.worlds();
        result_.quiescent = quiescent_.worlds();
        result_.bytes = visited_.bytes();
        result_.sometimes.resize(program_.expect.sometimes.size());
        for (const auto& hand : hands_) {
            for (std::size_t i = 0; i < result_.sometimes.size(); ++i) {
                if (hand->judge.seen()[i]) result_.sometimes[i] = true;
            }
        }
        return std::move(result_);
    }

    struct Found {
        Level level;
        Visited::Id state = Visited::none;
        std::optional<std::uint64_t> step;
        Verdict verdict;
        SiteSet sites;
    };

    const program::Program& program_;
    const program::Exploration& bounds_;
    const SearchOptions& options_;
    Workers workers_;
    std::vector<std::unique_ptr<Hand>> hands_;
    std::map<Level, std::vector<Waiting>> levels_;
    Visited visited_;
    Visited quiescent_;
    program::CoverageMap map_;
    bool may_loop_;
    Loops loops_;
    Blame blame_;
    std::map<std::pair<std::string, SiteSet>, Found> found_;
    std::vector<std::set<SiteSet>> sets_;  // by the position in result_.causes
    std::optional<Level> best_;
    std::uint64_t waiting_ = 1;
    bool ended_ = false;
    SearchResult result_;
};

}  // namespace

SearchResult search(const program::Program& program, const program::Exploration& bounds,
                    const SearchOptions& options) {
    return Search(program, bounds, options).go();
}

}  // namespace sagalab::explore
