// The adversary: from a node, everything that may happen next within the budgets.
//
//     Adversary adversary(program, bounds);
//     adversary.expand(node, nullptr, [&](Successor&& next) { ... });
//
// The services run the very code that a run executes; the adversary only chooses. A message may be
// delivered, lost, doubled, refused or made late; a handler may be stopped at each point that it
// passes; each open choice goes every way; a replica that holds something volatile may go down, one
// that has something to do may stand still, and two services may be cut off from one another.
// One adversary for each thread.
#pragma once

#include <functional>
#include <vector>

#include "explore/node.h"
#include "explore/pairs.h"
#include "explore/step.h"
#include "program/program.h"
#include "world/canonical.h"
#include "world/moves.h"

namespace sagalab::explore {

struct Successor {
    Node node;
    Step step;
    std::uint32_t faults = 0;  // how many it costs
    std::uint32_t severity = 0;
    const std::vector<trace::Record>* records = nullptr;  // rows that changed and what else counts
    bool asserted = false;                                // an `assert` was false
    const world::Passed* passed = nullptr;                // null where nothing was taken up
};

// Which of the pending items are expanded, by their places; crashes and pauses at rest by service,
// cuts by pair.
struct Selection {
    std::vector<bool> items;
    std::vector<bool> crashes;
    std::vector<bool> pauses;
    std::vector<bool> cuts;
};

class Adversary {
public:
    Adversary(const program::Program& program, const program::Exploration& bounds);

    [[nodiscard]] Node start() const;
    [[nodiscard]] std::vector<world::Item> items(const Node& node) const {
        return world::items(program_, node.world, bounds_.reorder);
    }
    // Every successor, in one order. `selection` may be null: all. `records` of a successor are
    // valid until the next one.
    void expand(const Node& node, const std::vector<world::Item>& items, const Selection* selection,
                const std::function<void(Successor&&)>& found);
    // One successor only. `items` are the node's.
    void go(const Node& node, const std::vector<world::Item>& items, const Step& step,
            const std::function<void(Successor&&)>& found);
    // The faults that may strike the item, none of them carried out: `plain` takes it up without
    // any and passes what `passed` says.
    [[nodiscard]] std::vector<Step> strikes(const Node& node, const world::Item& item,
                                            const Step& plain, const world::Passed& passed) const;
    // What strikes nothing that is pending: crashes and pauses at rest, cuts.
    [[nodiscard]] std::vector<Step> at_rest(const Node& node) const;
    // One step of a path again; records of all kinds go to `sink`. False where there is no such
    // step in this world.
    bool replay(Node& node, const Step& step, trace::Sink* sink,
                world::Reaction* reaction = nullptr);

    // Budget is left, and the exploration's `only` lets it strike here.
    [[nodiscard]] bool may_crash(const Node& node, ServiceId service) const;
    [[nodiscard]] bool may_pause(const Node& node, ServiceId service) const;
    [[nodiscard]] bool may_cut(const Node& node, const Pair& pair) const;
    [[nodiscard]] bool may_delay(const Node& node, const world::Item& item) const;
    [[nodiscard]] bool may(const Node& node, program::Adversity kind,
                           const world::Item& item) const;
    [[nodiscard]] bool may_stop(const Left& left, program::Adversity kind, ServiceId service,
                                std::uint32_t point) const;
    // Within `only` of failStore.
    [[nodiscard]] bool may_fail(const world::Item& item, TableId table) const;
    // And there is something that it would strike.
    [[nodiscard]] bool can_pause(const Node& node, const std::vector<world::Item>& items,
                                 ServiceId service) const;
    [[nodiscard]] bool can_cut(const Node& node, const Pair& pair) const;
    [[nodiscard]] const std::vector<Pair>& pairs() const { return pairs_; }  // those to cut
    [[nodiscard]] Hash128 hash(const Node& node) const;
    // What is passed where the item is taken up so, and nothing stops it.
    world::Passed passed(const Node& node, const world::Item& item, Step step);
    [[nodiscard]] const program::Program& program() const { return program_; }
    [[nodiscard]] const program::Exploration& bounds() const { return bounds_; }
    // What is reached from here on is noted; null: no more.
    void cover(const program::CoverageMap* map) { interest_.coverage = map; }
    [[nodiscard]] const program::Coverage& reached() const { return effects_.reached; }
    // Open choices with more options than a step can hold.
    [[nodiscard]] bool too_many_options() const { return too_many_options_; }

private:
    using Found = std::function<void(Successor&&)>;
    using Emit = std::function<void(Step&&)>;

    void take(const Node& node, const world::Item& item, std::uint32_t place, const Found& found);
    void take_options(const Node& node, const world::Item& item, Step step, const Found& found);
    void strike_within(const Node& node, const world::Item& item, const Step& step,
                       const world::Passed& passed, const Emit& emit) const;
    void strike_points(const Node& node, const world::Item& item, const Step& step,
                       const world::Passed& passed, const Emit& emit) const;
    void strike_writes(const Node& node, const world::Item& item, const Step& step,
                       const std::vector<TableId>& writes, const Emit& emit) const;
    void lose(const Node& node, const world::Item& item, const Step& step, const Emit& emit) const;
    void refuse(const Node& node, const world::Item& item, const Step& step,
                const Emit& emit) const;
    void delay(const Node& node, const world::Item& item, const Step& step, const Emit& emit) const;
    void crash_at_rest(const Node& node, ServiceId service, const Emit& emit) const;
    void pause(const Node& node, const std::vector<world::Item>& items, ServiceId service,
               const Emit& emit) const;
    void cut(const Node& node, const Pair& pair, const Emit& emit) const;
    [[nodiscard]] bool may_duplicate(const Node& node, const world::Item& item) const;
    void tell(const Node& before, Node&& after, Step step, const Found& found);
    Node carry_out(const Node& node, const world::Item& item, const Step& step,
                   trace::Sink* also = nullptr);

    [[nodiscard]] world::Variant variant_of(const Step& step) const;
    [[nodiscard]] static bool can_strike(const Node& node, const Step& step);
    [[nodiscard]] world::Item resting(const Node& node, const Step& step) const;
    [[nodiscard]] Nanos next_of(const Node& node, ServiceId service) const;
    [[nodiscard]] Left spend(const Node& node, const world::Item& item, const Step& step) const;
    [[nodiscard]] bool fits(const program::Site& site, const world::Item& item) const;
    [[nodiscard]] program::Adversity loss(const Node& node, const world::Item& item) const;

    const program::Program& program_;
    const program::Exploration& bounds_;
    std::vector<Pair> pairs_;
    world::Traits traits_;
    world::Interest interest_;
    world::Interest everything_;
    world::Effects effects_;
    std::vector<trace::Record> records_;
    bool asserted_ = false;
    world::Reaction reaction_;  // the last one
    bool too_many_options_ = false;
};

}  // namespace sagalab::explore
