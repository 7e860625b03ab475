// Agenda: which service has something to do first.
//
// An indexed binary heap over services, by (time, message before timer, round, name).
#pragma once

#include <cstdint>
#include <vector>

#include "base/ids.h"
#include "world/service.h"

namespace sagalab::drivers {

class Agenda {
public:
    explicit Agenda(std::size_t services) : next_(services), position_(services) {}

    // The service's next item is now this one; `never`: it has none.
    void set(ServiceId service, const world::Service::Next& next);
    [[nodiscard]] bool empty() const { return heap_.empty(); }
    [[nodiscard]] ServiceId first() const { return ServiceId(heap_.front()); }
    [[nodiscard]] const world::Service::Next& next(ServiceId service) const {
        return next_[service.value];
    }
    void remove(ServiceId service);

private:
    [[nodiscard]] bool before(std::uint32_t a, std::uint32_t b) const;
    void place(std::size_t at, std::uint32_t service);
    void sift_up(std::size_t at);
    void sift_down(std::size_t at);

    std::vector<world::Service::Next> next_;
    std::vector<std::uint32_t> position_;  // in the heap, plus one
    std::vector<std::uint32_t> heap_;
};

}  // namespace sagalab::drivers
