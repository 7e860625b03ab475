#include "world/timer.h"

#include <algorithm>

namespace sagalab::world {
namespace {

bool later(const Timer& a, const Timer& b) { return b.before(a); }

}  // namespace

void Timers::push(const Timer& timer) {
    heap_.push_back(timer);
    std::push_heap(heap_.begin(), heap_.end(), later);
}

Timer Timers::pop() {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Timer timer = heap_.back();
    heap_.pop_back();
    return timer;
}

Timer Timers::take(std::size_t position) {
    Timer timer = heap_[position];
    heap_[position] = heap_.back();
    heap_.pop_back();
    rebuild();
    return timer;
}

void Timers::rebuild() { std::make_heap(heap_.begin(), heap_.end(), later); }

}  // namespace sagalab::world
