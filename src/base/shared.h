// Cow<T>: a value that is shared until somebody writes to it.
//
// Copying one counts a reference; `write()` gives the caller a T of its own, cloned if it was
// shared. Counts are atomic, but a unique owner never pays for one: releasing and writing first
// look whether the count is one.
// Threads: different Cow objects may be used by different threads, one object by one at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "base/pool.h"

namespace sagalab {

template <class T>
class Cow {
public:
    Cow() = default;
    explicit Cow(T value) : box_(new Box{{1}, std::move(value)}) {}
    Cow(const Cow& other) : box_(other.box_) {
        if (box_) box_->count.fetch_add(1, std::memory_order_relaxed);
    }
    Cow(Cow&& other) noexcept : box_(std::exchange(other.box_, nullptr)) {}
    Cow& operator=(Cow other) noexcept {
        std::swap(box_, other.box_);
        return *this;
    }
    ~Cow() { release(); }

    explicit operator bool() const { return box_ != nullptr; }
    const T& operator*() const { return box_->value; }
    const T* operator->() const { return &box_->value; }

    // Nobody else shares it: write() will not clone.
    [[nodiscard]] bool unique() const {
        return box_ && box_->count.load(std::memory_order_acquire) == 1;
    }
    // Both share one T: equal without a look inside.
    [[nodiscard]] bool same(const Cow& other) const { return box_ == other.box_; }

    T& write() {
        if (!box_) {
            box_ = new Box{{1}, T{}};
        } else if (box_->count.load(std::memory_order_acquire) != 1) {
            Box* own = new Box{{1}, box_->value};
            release();
            box_ = own;
        }
        return box_->value;
    }

private:
    struct Box {
        std::atomic<std::uint32_t> count;
        T value;

        static void* operator new(std::size_t bytes) { return pool_allocate(bytes); }
        static void operator delete(void* box) { pool_release(box, sizeof(Box)); }
    };

    void release() {
        if (!box_) return;
        if (box_->count.load(std::memory_order_acquire) == 1 ||
            box_->count.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            delete box_;
        }
    }

    Box* box_ = nullptr;
};

}  // namespace sagalab
