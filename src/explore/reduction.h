// The reduction: which of the pending items need to be expanded in a world.
//
// Persistent sets (Godefroid 1996), computed at every state from footprints (explore/footprint.h).
// A set begins with one item. A member adds every item outside whose future conflicts with what the
// member touches by itself; a member that cannot go yet adds one that must go first. If some member
// can go, expanding all choices of those that can is enough: every quiescent world is still
// reached, and every pair of rows that a claim of `always` looks at is seen. Every start is tried,
// the fewest choices win. Budgets are no dependence: faults may be spent in any order.
#pragma once

#include <optional>
#include <vector>

#include "explore/adversary.h"
#include "explore/footprint.h"

namespace sagalab::explore {

// Parts of the reduction that can be left out, to see that each of them is needed.
enum class Rule : std::uint8_t {
    none,
    link_tails,  // sending does not write the tail of the link
    futures,     // what an item may cause does not count
    go_first,    // a member that cannot go adds nothing that must go first
    late_time,   // late items do not depend on timers
    late_links,  // late items do not write their link
    claims,      // writers of the rows of a claim are independent
    running,     // what a waiting handler waits for is independent
    crashes,     // crashes do not touch what they lose
    outages,     // pauses and cuts touch nothing
};

class Reduction {
public:
    Reduction(const program::Program& program, const program::Exploration& bounds,
              Rule broken = Rule::none);

    // A persistent set, or nothing where all must be expanded.
    std::optional<Selection> select(const Adversary& adversary, const Node& node,
                                    const std::vector<world::Item>& items);

private:
    struct Touch {
        Resource resource;
        bool write = false;
        // Of TIME: when the timer that writes it is due, or what the reader takes at least; a timer
        // that is not later than that changes nothing for it.
        Nanos moment = never;
    };
    // A pending item; behind them what strikes at rest: crashes, then pauses and cuts.
    struct Pending {
        std::vector<Touch> own;
        std::vector<Touch> future;
        bool enabled = false;
    };
    struct Indexed {
        Resource resource;
        std::uint32_t item = 0;
        bool write = false;
        Nanos moment = never;
        friend auto operator<=>(const Indexed&, const Indexed&) = default;
    };

    void gather(const Adversary& adversary);
    void message(Pending& pending, const world::Item& item);
    void timer(Pending& pending, const world::Item& item);
    void restart(Pending& pending, const world::Item& item);
    void lateness(Pending& pending, const world::Item& item);
    void gather_outages(const Adversary& adversary);
    void outages(Pending& pending, const world::Item& item);
    void stand_still(Pending& pending, ServiceId service) const;
    bool add_end_of_outage(const world::Item& item);
    void add_first_of_outage(std::uint32_t member);
    void passes(Pending& pending, ServiceId from, ServiceId to) const;
    [[nodiscard]] bool leases_may_expire() const;
    [[nodiscard]] Nanos floor_of(const world::Item& item) const;
    void begins(Pending& pending, HandlerId handler, const Value& payload);
    void sends(Pending& pending, const world::Message& message);
    [[nodiscard]] bool sets_aside(const world::Message& message) const;
    void goes_on(Pending& pending, const world::Service& service, const Hash128& running);
    void chain(std::vector<Touch>& future, const world::Service& service, const Hash128& running);
    void chain_to_caller(std::vector<Touch>& future, ServiceId service, const Hash128& call);
    void fill(std::vector<Touch>& target, const std::vector<Access>& accesses,
              const Value& message) const;
    static void both(Pending& pending, std::uint64_t kind, bool write, std::uint64_t key = 0,
                     Nanos moment = never);
    void wake(Pending& pending);
    void index();
    [[nodiscard]] bool counts(const Touch& touch) const;
    void close(std::uint32_t start, std::vector<std::uint32_t>& members);
    void add_conflicts(std::uint32_t member);
    void add_first(std::uint32_t member);
    void add_all(ResourceKind kind, ServiceId service, bool write);  // whose future has it
    void add_all(std::uint64_t kind, bool write);
    void add(std::uint32_t item);

    const program::Program& program_;
    Footprints footprints_;
    Rule broken_;
    std::vector<std::vector<ServiceId>> awaited_;  // by OperationId: services that may await it

    // Of the state that is looked at.
    const Node* node_ = nullptr;
    const std::vector<world::Item>* items_ = nullptr;
    std::vector<Pending> pending_;
    std::vector<ServiceId> crashes_;  // of the pending beyond the items
    // Beyond the crashes: a pause of a service, or a cut of one of the pairs.
    struct Outage {
        bool cut = false;
        std::uint32_t of = 0;
    };
    std::vector<Outage> outages_;
    std::vector<Indexed> index_;
    std::vector<bool> member_;
    std::vector<std::uint32_t> members_;
    bool everything_ = false;
};

}  // namespace sagalab::explore
