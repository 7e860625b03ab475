// Conflicts: who of what is pending in a state may touch what, and who gets in whose way.
//
// Resources are known by small numbers (Resources), so that a state is indexed without sorting:
// `add` each touch of each item's future, `index`, then ask. Items are in one cluster where a
// chain of conflicts between their futures joins them; what only concerns different clusters can
// be put in any order.
#pragma once

#include <cstdint>
#include <vector>

#include "explore/resources.h"

namespace sagalab::explore {

class Conflicts {
public:
    explicit Conflicts(const Resources& resources) : resources_(resources) {}

    struct Entry {
        std::uint32_t item = 0;
        bool write = false;
        Nanos moment = never;
    };

    void forget();  // the numbers have been
    void begin(std::size_t items);
    void add(std::uint32_t item, const Touch& touch) {
        entries_.push_back({local(touch.resource), {item, touch.write, touch.moment}});
    }
    void index();

    // Each item whose future conflicts with the touch, perhaps several times.
    template <class See>
    void against(const Touch& touch, See&& see) const;
    // Each entry of the resource; of any key where the resource is of none.
    template <class See>
    void entries(std::uint32_t resource, See&& see) const;

    // No other item's future conflicts with this one's.
    [[nodiscard]] bool alone(std::uint32_t item) const;
    // By item: the cluster it is in, a number below that of items.
    [[nodiscard]] const std::vector<std::uint32_t>& clusters();

private:
    static constexpr std::uint32_t none = Resources::none;

    // Who touches one resource, or one kind of them.
    struct Group {
        std::uint32_t first = none;  // the first item
        bool several = false;        // not the only one
        bool reads = false;
        bool writes = false;
        void add(const Entry& entry);
        [[nodiscard]] bool joins(bool soft) const { return several && writes && (reads || !soft); }
    };
    struct Local {
        std::uint32_t resource = 0;
        std::uint32_t begin = 0;  // in sorted_
        std::uint32_t end = 0;
        std::uint32_t next = none;  // of its kind
        Group group;
    };
    struct Kind {
        std::uint32_t stamp = 0;
        std::uint32_t first = none;  // its locals
        std::uint32_t any = none;    // the local of all keys
        Group group;
    };
    struct Slot {
        std::uint32_t stamp = 0;
        std::uint32_t local = 0;
    };
    struct Placed {
        std::uint32_t local = 0;
        Entry entry;
    };

    std::uint32_t local(std::uint32_t resource);
    [[nodiscard]] const Kind* kind_of(std::uint32_t resource) const;
    std::uint32_t root(std::uint32_t item);
    void join(const Local& local, std::uint32_t& first);
    template <class See>
    void each_of(std::uint32_t local, See&& see) const {
        const Local& its = locals_[local];
        for (std::uint32_t at = its.begin; at < its.end; ++at) see(sorted_[at]);
    }

    const Resources& resources_;
    std::uint32_t stamp_ = 0;
    std::vector<Slot> slots_;  // by resource
    std::vector<Kind> kinds_;  // by kind
    std::vector<Local> locals_;
    std::vector<Placed> entries_;
    std::vector<Entry> sorted_;
    std::vector<std::uint32_t> own_;        // locals of the items, one item after the other
    std::vector<std::uint32_t> own_begin_;  // by item
    std::vector<std::uint32_t> roots_;
    bool clustered_ = false;
};

template <class See>
void Conflicts::entries(std::uint32_t resource, See&& see) const {
    const Kind* kind = kind_of(resource);
    if (!kind) return;
    if (resources_[resource].any) {
        for (std::uint32_t at = kind->first; at != none; at = locals_[at].next) each_of(at, see);
        return;
    }
    if (kind->any != none) each_of(kind->any, see);
    const Slot& slot = slots_[resource];
    if (slot.stamp == stamp_) each_of(slot.local, see);
}

template <class See>
void Conflicts::against(const Touch& touch, See&& see) const {
    const Kind* kind = kind_of(touch.resource);
    if (!kind) return;
    const Resources::Kind& spec = resources_.kind(resources_[touch.resource].kind);
    const bool times = spec.what == ResourceKind::time;
    entries(touch.resource, [&](const Entry& other) {
        bool dependent = touch.write ? !(other.write && spec.soft) : other.write;
        if (!dependent) return;
        if (times) {
            const Nanos due = touch.write ? touch.moment : other.moment;
            if (due <= (touch.write ? other.moment : touch.moment)) return;
        }
        see(other.item);
    });
}

}  // namespace sagalab::explore
