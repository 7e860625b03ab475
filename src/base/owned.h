// Owned<T>: a value of its own on the heap, or none. Copies copy it; small where it is absent.
#pragma once

#include <memory>
#include <utility>

namespace sagalab {

template <class T>
class Owned {
public:
    Owned() = default;
    Owned(const Owned& other)
        : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
    Owned(Owned&&) noexcept = default;
    Owned& operator=(Owned other) noexcept {
        value_ = std::move(other.value_);
        return *this;
    }
    ~Owned() = default;

    T& emplace() {
        value_ = std::make_unique<T>();
        return *value_;
    }
    explicit operator bool() const { return value_ != nullptr; }
    T& operator*() { return *value_; }
    const T& operator*() const { return *value_; }
    T* operator->() { return value_.get(); }
    const T* operator->() const { return value_.get(); }

    friend bool operator==(const Owned& a, const Owned& b) {
        if (!a.value_ || !b.value_) return !a.value_ && !b.value_;
        return *a.value_ == *b.value_;
    }

private:
    std::unique_ptr<T> value_;
};

}  // namespace sagalab
