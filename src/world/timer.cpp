#include "world/timer.h"

#include <algorithm>
#include <utility>

namespace sagalab::world {
namespace {

bool later(const Timer& a, const Timer& b) { return b.before(a); }

}  // namespace

void Timers::push(Timer timer) {
    heap_.push_back(std::move(timer));
    std::push_heap(heap_.begin(), heap_.end(), later);
}

Timer Timers::pop() {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Timer timer = std::move(heap_.back());
    heap_.pop_back();
    return timer;
}

void Timers::rebuild() { std::make_heap(heap_.begin(), heap_.end(), later); }

}  // namespace sagalab::world
