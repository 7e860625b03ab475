#include "drivers/agenda.h"

namespace sagalab::drivers {

void Agenda::set(ServiceId service, const world::Service::Next& next) {
    if (next.time == never) {
        remove(service);
        return;
    }
    next_[service.value] = next;
    if (position_[service.value] == 0) {
        heap_.push_back(service.value);
        position_[service.value] = static_cast<std::uint32_t>(heap_.size());
    }
    sift_up(position_[service.value] - 1);
    sift_down(position_[service.value] - 1);
}

void Agenda::remove(ServiceId service) {
    std::uint32_t position = position_[service.value];
    if (position == 0) return;
    position_[service.value] = 0;
    std::uint32_t last = heap_.back();
    heap_.pop_back();
    if (last == service.value) return;
    place(position - 1, last);
    sift_up(position - 1);
    sift_down(position_[last] - 1);
}

bool Agenda::before(std::uint32_t a, std::uint32_t b) const {
    const world::Service::Next& x = next_[a];
    const world::Service::Next& y = next_[b];
    if (x.time != y.time) return x.time < y.time;
    if (x.timer != y.timer) return !x.timer;
    if (x.round != y.round) return x.round < y.round;
    return a < b;
}

void Agenda::place(std::size_t at, std::uint32_t service) {
    heap_[at] = service;
    position_[service] = static_cast<std::uint32_t>(at + 1);
}

void Agenda::sift_up(std::size_t at) {
    std::uint32_t service = heap_[at];
    while (at > 0 && before(service, heap_[(at - 1) / 2])) {
        place(at, heap_[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    place(at, service);
}

void Agenda::sift_down(std::size_t at) {
    std::uint32_t service = heap_[at];
    for (;;) {
        std::size_t child = 2 * at + 1;
        if (child >= heap_.size()) break;
        if (child + 1 < heap_.size() && before(heap_[child + 1], heap_[child])) ++child;
        if (!before(heap_[child], service)) break;
        place(at, heap_[child]);
        at = child;
    }
    place(at, service);
}

}  // namespace sagalab::drivers
