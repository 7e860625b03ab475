// The search: every way in which a program can go within the bounds of an adversary.
//
// By faults first, then by their severity, then by length, level by level, so that the first
// counterexample is the smallest. Worlds stand in the frontier only; what has been seen is a hash.
// What is found, and every count, is the same on any number of threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "expect/verdict.h"
#include "explore/reduction.h"
#include "explore/sites.h"
#include "explore/step.h"
#include "program/coverage.h"
#include "program/program.h"

namespace sagalab::explore {

struct Progress {
    std::uint64_t states = 0;
    std::uint64_t transitions = 0;
    std::uint64_t frontier = 0;  // worlds that wait
    std::uint32_t faults = 0;    // of the level that is being searched
    std::uint32_t depth = 0;
};

struct SearchOptions {
    unsigned threads = 1;
    bool reduce = true;
    Rule broken = Rule::none;                       // to see that each is needed
    bool keep_going = false;                        // every distinct counterexample
    std::size_t samples = 0;                        // paths that break nothing, to be shown
    std::uint64_t states = 0;                       // at most; 0: no limit
    std::uint64_t bytes = 0;                        // of memory, about; 0: no limit
    std::uint32_t shard = 0;                        // this one, from 0 ...
    std::uint32_t shards = 1;                       // ... of so many
    const std::atomic<bool>* stop = nullptr;        // set from outside: the search ends early
    std::function<bool()> out_of_time;              // empty: never
    std::function<void(const Progress&)> progress;  // now and then
};

// A path that breaks an expectation.
struct Violation {
    expect::Verdict verdict;
    std::vector<Step> path;
    std::vector<Step> round;  // of what never settles: from the end of the path back to there
    std::uint32_t faults = 0;
    std::uint32_t severity = 0;
    SiteSet sites;  // where its faults strike: what distinguishes causes
};

// A path to an end at which nothing is broken.
struct Sample {
    std::vector<Step> path;
    SiteSet sites;  // of its faults
};

// An expectation that breaks, and every smallest set of faults that was seen to break it. With
// `keep_going` none of a single fault is missing.
struct Cause {
    expect::Kind kind = expect::Kind::finally;
    std::string name;
    std::vector<SiteSet> sets;
};

// A place at which faults may strike.
struct SiteOutcome {
    std::string name;
    std::uint64_t fired = 0;  // steps with such a fault; 0: no path comes there with budget left
    bool violates = false;    // some path with it breaks something
};

enum class Ending : std::uint8_t { exhausted, violated, stopped };

struct SearchResult {
    Ending ending = Ending::exhausted;
    std::string why;  // of an early end
    std::vector<Violation> violations;
    std::vector<Cause> causes;
    std::vector<Sample> samples;  // of different faults
    std::uint64_t states = 0;     // different worlds and budgets
    std::uint64_t worlds = 0;     // different worlds
    std::uint64_t transitions = 0;
    std::uint64_t quiescent = 0;   // different worlds in which nothing can happen any more
    std::uint64_t placements = 0;  // steps with a fault that were tried
    std::uint64_t widest = 0;      // worlds in the frontier
    std::uint64_t bytes = 0;       // of the visited states
    std::uint32_t depth = 0;
    std::vector<std::string> vacuous;  // claims of `always` that had nothing to look at
    program::Coverage coverage;        // by a CoverageMap of the program
    std::vector<SiteOutcome> sites;    // all that the bounds allow, kind by kind
    std::vector<bool> sometimes;       // by the position in Expect::sometimes
    Hash128 quiescent_worlds;          // their hashes, summed: for comparing two searches
};

SearchResult search(const program::Program& program, const program::Exploration& bounds,
                    const SearchOptions& options);

}  // namespace sagalab::explore
