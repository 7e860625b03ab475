// Fault sites: the places at which faults may strike, whichever instance it is, and how often they
// did.
//
//     crash PaymentService after insert payments, handling PayOrder
//     crash OrderService while it waits
//     drop reply of PaymentGateway.Charge to PaymentService
//     write to PaymentService.payments fails with Injected
//     pause OrderService
//     cut OrderService from PaymentService
//
// A site is one word, so that a search can count as it goes; names are made at its end.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "explore/adversary.h"

namespace sagalab::explore {

// Words stand in the order of kinds, then of services, then of places.
using SiteWord = std::uint64_t;

// Those of all faults of a path, sorted.
using SiteSet = std::vector<SiteWord>;

struct FaultSite {
    program::Adversity kind = program::Adversity::crash;
    bool reply = false;
    ServiceId service;  // at which it strikes
    // By its kind a point, a table, the service at the other end of a cut, or an operation.
    std::uint32_t place = Index<void>::absent;
    std::uint32_t code = 0;  // in Budget::with
};

FaultSite site_of(SiteWord word);

// One step strikes at two at most: a message that comes twice, and what happens to its handling.
struct StepSites {
    std::array<SiteWord, 2> words{};
    std::uint32_t count = 0;

    void add(SiteWord word) { words[count++] = word; }
    [[nodiscard]] const SiteWord* begin() const { return words.data(); }
    [[nodiscard]] const SiteWord* end() const { return words.data() + count; }
};

// Where the faults of a step strike, where these `items` are pending; `passed` as in Successor.
StepSites sites_of(const std::vector<world::Item>& items, const Step& step,
                   const world::Passed* passed);

// What the program has and the bounds allow, in order: also what no path ever comes to. A replica
// that could go down while it waits is none of these until it does. A pause has one site for each
// service, whichever replica it is; a partition one for each pair.
std::vector<SiteWord> sites_within(const Adversary& adversary);

std::string site_name(const program::Program& program, const program::Exploration& bounds,
                      SiteWord site);

// "drop PayOrder to PaymentService; crash OrderService while it waits"
std::string names_of(const program::Program& program, const program::Exploration& bounds,
                     const SiteSet& sites);

// Without those that contain another one of them; fewest faults first.
std::vector<SiteSet> smallest(std::vector<SiteSet> sets);

// How often faults struck at each site.
class SiteCounts {
public:
    void add(const std::vector<StepSites>& steps) {
        for (const StepSites& sites : steps) {
            for (SiteWord site : sites) ++counts_[site];
        }
    }
    void add(const SiteCounts& other) {
        for (const auto& [site, count] : other.counts_) counts_[site] += count;
    }
    [[nodiscard]] std::uint64_t of(SiteWord site) const {
        auto found = counts_.find(site);
        return found == counts_.end() ? 0 : found->second;
    }
    [[nodiscard]] const std::map<SiteWord, std::uint64_t>& all() const { return counts_; }

private:
    std::map<SiteWord, std::uint64_t> counts_;
};

}  // namespace sagalab::explore
