// Pool: blocks of memory from lists of free ones, one list a size and thread.
//
// Values are made and dropped millions of times a second; a block comes back warm from the thread's
// own list. Lists that grow too long hand blocks to a shared depot, so memory freed by one thread
// serves another. Under AddressSanitizer every block comes from malloc, so that it sees each one.
#pragma once

#include <cstddef>

namespace sagalab {

inline constexpr std::size_t pool_max = 4096;  // larger blocks are not kept for reuse

// Never null; throws std::bad_alloc. Aligned to 16 bytes.
void* pool_allocate(std::size_t bytes);
// `bytes` as it was asked for.
void pool_release(void* block, std::size_t bytes) noexcept;

// For standard containers.
template <class T>
struct PoolAllocator {
    using value_type = T;

    PoolAllocator() = default;
    template <class Other>
    PoolAllocator(const PoolAllocator<Other>&) noexcept {}

    T* allocate(std::size_t count) { return static_cast<T*>(pool_allocate(count * sizeof(T))); }
    void deallocate(T* block, std::size_t count) noexcept {
        pool_release(block, count * sizeof(T));
    }
    friend bool operator==(PoolAllocator, PoolAllocator) { return true; }
};

}  // namespace sagalab
