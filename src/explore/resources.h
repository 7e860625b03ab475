// Resources by number: what may be touched, small numbers instead of names.
#pragma once

#include <cstdint>
#include <vector>

#include "base/keyed_map.h"
#include "explore/footprint.h"

namespace sagalab::explore {

// Numbers for resources, given in the order in which they are first asked for.
class Resources {
public:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    std::uint32_t number(const Resource& resource);
    [[nodiscard]] std::uint32_t find(const Resource& resource) const;  // none: never touched
    [[nodiscard]] std::size_t size() const { return known_.size(); }
    void forget();

    struct Known {
        std::uint32_t kind = 0;  // by the number of its kind
        bool any = false;        // all keys of its kind
    };
    struct Kind {
        ResourceKind what = ResourceKind::everything;
        std::uint64_t number = 0;  // which one of them
        bool soft = false;         // two writes leave the same behind in either order
        bool joins = true;         // who conflicts on it is in one cluster
    };
    [[nodiscard]] const Known& operator[](std::uint32_t number) const { return known_[number]; }
    [[nodiscard]] const Kind& kind(std::uint32_t number) const { return kinds_[number]; }
    [[nodiscard]] std::size_t kinds() const { return kinds_.size(); }

private:
    std::uint32_t kind_number(std::uint64_t kind);

    std::vector<Known> known_;
    std::vector<Kind> kinds_;
    KeyedMap<std::uint32_t, Hash128> numbers_;
    KeyedMap<std::uint32_t, Hash128> kind_numbers_;
};

struct Touch {
    std::uint32_t resource = 0;
    bool write = false;
    // Of TIME: when the timer that writes it is due, or what the reader takes at least; a timer
    // that is not later than that changes nothing for it.
    Nanos moment = never;
};

}  // namespace sagalab::explore
