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
#include "explore/conflicts.h"
#include "explore/profile.h"

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
    struct Part {
        const Profile* profile = nullptr;
        bool own = false;  // not only of the future
    };
    // A pending item; behind them what strikes at rest: crashes, then pauses and cuts.
    struct Pending {
        std::vector<Part> parts;
        std::vector<Touch> own;  // beside them
        std::vector<Touch> future;
        bool enabled = false;
        ServiceId held_by;   // a message of the bus: waits while this service is down
        ServiceId restarts;  // a restart by which nothing is resumed
        ServiceId awaits;    // an event that may be awaited there

        void clear();
    };

    void gather(const Adversary& adversary);
    Pending& next_pending();
    void message(Pending& pending, const world::Item& item);
    void timer(Pending& pending, const world::Item& item);
    void restart(Pending& pending, const world::Item& item);
    void lateness(Pending& pending, const world::Item& item);
    void gather_outages(const Adversary& adversary);
    void outages(Pending& pending, const world::Item& item);
    void stand_still(Pending& pending, ServiceId service);
    bool add_end_of_outage(const world::Item& item);
    void add_first_of_outage(std::uint32_t member);
    void passes(Pending& pending, ServiceId from, ServiceId to);
    [[nodiscard]] bool leases_may_expire() const;
    void begins(Pending& pending, HandlerId handler, const Value& payload);
    void sends(Pending& pending, const world::Message& message);
    [[nodiscard]] bool sets_aside(const world::Message& message) const;
    void goes_on(Pending& pending, const world::Service& service, const Hash128& running);
    void chain(Pending& pending, const world::Service& service, const Hash128& running);
    void chain_to_caller(Pending& pending, ServiceId service, const Hash128& call);
    const Profile* profile(HandlerId handler, const Value& message);
    Touch touch(std::uint64_t kind, bool write, std::uint64_t key = 0, Nanos moment = never);
    void both(Pending& pending, std::uint64_t kind, bool write, std::uint64_t key = 0,
              Nanos moment = never);
    void wake(Pending& pending);
    void index();
    void add_to_index(std::uint32_t item, const Touch& touch);
    [[nodiscard]] bool counts(const Touch& touch) const;
    void weigh_restarts();
    bool is_harmless(std::uint32_t item);
    bool is_timeless(std::uint32_t item);
    bool close(std::uint32_t start, std::size_t below);
    void add_conflicts(std::uint32_t member);
    void add_conflicts(const Touch& touch);
    void add_first(std::uint32_t member);
    void add_all(ResourceKind kind, ServiceId service, bool write);  // whose future has it
    void add_all(std::uint32_t resource, bool write);
    void add(std::uint32_t item);

    const program::Program& program_;
    Profiles profiles_;
    Rule broken_;
    std::vector<std::vector<ServiceId>> awaited_;  // by OperationId: services that may await it

    bool timeless_ = false;  // nothing is named by its time, or looks at it

    // Of the state that is looked at.
    const Node* node_ = nullptr;
    const std::vector<world::Item>* items_ = nullptr;
    std::vector<Pending> pending_;  // as far as count_
    std::size_t count_ = 0;
    std::vector<ServiceId> crashes_;  // of the pending beyond the items
    // Beyond the crashes: a pause of a service, or a cut of one of the pairs.
    struct Outage {
        bool cut = false;
        std::uint32_t of = 0;
    };
    std::vector<Outage> outages_;
    Conflicts conflicts_;
    std::vector<bool> timeless_clusters_;  // empty until somebody asks
    std::vector<bool> member_;
    std::vector<std::uint32_t> members_;
    std::size_t choices_ = 0;  // members that are enabled
    bool everything_ = false;
};

}  // namespace sagalab::explore
