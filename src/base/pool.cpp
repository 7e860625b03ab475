#include "base/pool.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define SAGALAB_PLAIN_MALLOC 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SAGALAB_PLAIN_MALLOC 1
#endif
#endif

namespace sagalab {
namespace {

void* from_malloc(std::size_t bytes) {
    void* block = std::malloc(bytes);
    if (!block) throw std::bad_alloc();
    return block;
}

#ifndef SAGALAB_PLAIN_MALLOC

constexpr std::size_t step = 16;
constexpr std::size_t classes = pool_max / step + 1;
constexpr std::size_t slab_min = std::size_t{1} << 16U;
constexpr std::size_t slab_max = std::size_t{1} << 23U;

// A large slab will be used to its end soon: asks for its pages at once, which costs less than one
// fault each. Where the system cannot, they come one by one.
void populate([[maybe_unused]] std::byte* slab, [[maybe_unused]] std::size_t bytes) {
#ifdef MADV_POPULATE_WRITE
    constexpr std::size_t page = 4096;
    if (bytes < slab_max) return;
    std::size_t skip = page - reinterpret_cast<std::uintptr_t>(slab) % page;
    madvise(slab + skip, (bytes - skip) / page * page, MADV_POPULATE_WRITE);
#endif
}

// How many blocks of a size move to and from the depot at once: about 32 KiB.
constexpr std::size_t chain_length(std::size_t at) { return std::size_t{2048} / (at + 3) + 1; }

struct Block {
    Block* next;
};

// Chains of free blocks that any thread may take, and the slabs they stand in.
struct Depot {
    std::mutex mutex;
    std::array<std::atomic<std::size_t>, classes> available{};  // chains; a hint outside the lock
    std::array<std::vector<Block*>, classes> chains;
    std::vector<void*> slabs;
};

// Lives as long as the process, so that threads may end in any order.
Depot& depot() {
    static Depot* const instance = new Depot;
    return *instance;
}

struct Cache {
    std::array<Block*, classes> lists{};
    std::array<std::size_t, classes> lengths{};
    std::byte* fresh = nullptr;
    std::size_t fresh_left = 0;
    std::size_t slab_bytes = slab_min;  // of the next one; each is twice as large

    ~Cache() {
        for (std::size_t at = 0; at < classes; ++at) {
            while (lengths[at] >= chain_length(at)) give_chain(at);
            if (!lists[at]) continue;
            hand_over(at, lists[at]);
        }
    }

    void give_chain(std::size_t at) {
        Block* first = lists[at];
        Block* last = first;
        for (std::size_t i = 1; i < chain_length(at); ++i) last = last->next;
        lists[at] = last->next;
        last->next = nullptr;
        lengths[at] -= chain_length(at);
        hand_over(at, first);
    }

    static void hand_over(std::size_t at, Block* chain) {
        std::lock_guard lock(depot().mutex);
        depot().chains[at].push_back(chain);
        depot().available[at].store(depot().chains[at].size(), std::memory_order_relaxed);
    }

    bool take_chain(std::size_t at) {
        if (depot().available[at].load(std::memory_order_relaxed) == 0) return false;
        std::lock_guard lock(depot().mutex);
        std::vector<Block*>& chains = depot().chains[at];
        if (chains.empty()) return false;
        lists[at] = chains.back();
        chains.pop_back();
        depot().available[at].store(chains.size(), std::memory_order_relaxed);
        for (Block* block = lists[at]; block; block = block->next) ++lengths[at];
        return true;
    }

    void* carve(std::size_t bytes) {
        if (fresh_left < bytes) {
            fresh = static_cast<std::byte*>(from_malloc(slab_bytes));
            fresh_left = slab_bytes;
            populate(fresh, slab_bytes);
            slab_bytes = std::min(2 * slab_bytes, slab_max);
            std::lock_guard lock(depot().mutex);
            depot().slabs.push_back(fresh);
        }
        void* block = fresh;
        fresh += bytes;
        fresh_left -= bytes;
        return block;
    }
};

thread_local Cache cache;

std::size_t class_of(std::size_t bytes) { return (bytes + step - 1) / step; }

#endif

}  // namespace

#ifdef SAGALAB_PLAIN_MALLOC

void* pool_allocate(std::size_t bytes) { return from_malloc(bytes); }
void pool_release(void* block, std::size_t) noexcept { std::free(block); }

#else

void* pool_allocate(std::size_t bytes) {
    if (bytes > pool_max) return from_malloc(bytes);
    std::size_t at = class_of(bytes);
    if (!cache.lists[at] && !cache.take_chain(at)) return cache.carve(at * step);
    Block* block = cache.lists[at];
    cache.lists[at] = block->next;
    --cache.lengths[at];
    return block;
}

void pool_release(void* block, std::size_t bytes) noexcept {
    if (bytes > pool_max) {
        std::free(block);
        return;
    }
    std::size_t at = class_of(bytes);
    auto* freed = static_cast<Block*>(block);
    freed->next = cache.lists[at];
    cache.lists[at] = freed;
    if (++cache.lengths[at] >= 2 * chain_length(at)) cache.give_chain(at);
}

#endif

}  // namespace sagalab
