// Queue<T>: a first-in first-out sequence that is cheap to copy and may be entered in the middle.
//
// Elements stand in copy-on-write chunks: copying a queue counts a reference per chunk, taking the
// first element from a shared chunk copies that element and leaves the chunk alone.
#pragma once

#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include "base/shared.h"

namespace sagalab {

template <class T>
class Queue {
public:
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] const T& front() const { return (*chunks_[first_])[offset_]; }
    [[nodiscard]] const T& back() const { return chunks_.back()->back(); }

    void push_back(T item) {
        if (chunks_.size() == first_ || chunks_.back()->size() >= chunk_size) {
            Chunk chunk;
            chunk.reserve(chunk_size);
            chunks_.emplace_back(std::move(chunk));
        }
        chunks_.back().write().push_back(std::move(item));
        ++size_;
    }

    T pop_front() {
        Cow<Chunk>& chunk = chunks_[first_];
        T item = chunk.unique() ? std::move(chunk.write()[offset_]) : (*chunk)[offset_];
        ++offset_;
        --size_;
        if (offset_ == chunk->size()) drop_first_chunk();
        return item;
    }

    // Before the first element, from the back, that `after` says must stand behind `item`.
    template <class After>
    void insert(T item, After&& after) {
        if (size_ == 0 || !after(back())) {
            push_back(std::move(item));
            return;
        }
        std::size_t at = chunks_.size() - 1;
        while (at > first_ && after((*chunks_[at - 1]).back())) --at;
        Chunk& chunk = chunks_[at].write();
        std::size_t low = at == first_ ? offset_ : 0;
        std::size_t position = chunk.size();
        while (position > low && after(chunk[position - 1])) --position;
        chunk.insert(chunk.begin() + static_cast<std::ptrdiff_t>(position), std::move(item));
        ++size_;
        if (chunk.size() >= 2 * chunk_size) halve(at);
    }

    // The n-th element, in steps over chunks.
    [[nodiscard]] const T& at(std::size_t n) const {
        std::size_t chunk = first_;
        n += offset_;
        while (n >= chunks_[chunk]->size()) n -= chunks_[chunk++]->size();
        return (*chunks_[chunk])[n];
    }

    T take_at(std::size_t n) {
        if (n == 0) return pop_front();
        std::size_t chunk = first_;
        n += offset_;
        while (n >= chunks_[chunk]->size()) n -= chunks_[chunk++]->size();
        Chunk& items = chunks_[chunk].write();
        T item = std::move(items[n]);
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(n));
        --size_;
        if (chunk == first_) {
            if (offset_ == items.size()) drop_first_chunk();
        } else if (items.empty()) {
            chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(chunk));
        }
        return item;
    }

    template <class Visit>
    void for_each(Visit&& visit) const {
        for (std::size_t chunk = first_; chunk < chunks_.size(); ++chunk) {
            const Chunk& items = *chunks_[chunk];
            for (std::size_t i = chunk == first_ ? offset_ : 0; i < items.size(); ++i) {
                visit(items[i]);
            }
        }
    }

private:
    using Chunk = std::vector<T, PoolAllocator<T>>;
    static constexpr std::size_t chunk_size = 16;

    void drop_first_chunk() {
        chunks_[first_] = Cow<Chunk>();
        offset_ = 0;
        ++first_;
        if (first_ == chunks_.size() || (first_ >= 64 && first_ * 2 >= chunks_.size())) {
            chunks_.erase(chunks_.begin(), chunks_.begin() + static_cast<std::ptrdiff_t>(first_));
            first_ = 0;
        }
    }

    void halve(std::size_t at) {
        Chunk& low = chunks_[at].write();
        if (at == first_) {  // what was taken already goes first
            low.erase(low.begin(), low.begin() + static_cast<std::ptrdiff_t>(offset_));
            offset_ = 0;
        }
        auto middle = low.begin() + static_cast<std::ptrdiff_t>(low.size() / 2);
        Chunk high(std::make_move_iterator(middle), std::make_move_iterator(low.end()));
        low.erase(middle, low.end());
        chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                       Cow<Chunk>(std::move(high)));
    }

    std::vector<Cow<Chunk>> chunks_;
    std::size_t first_ = 0;   // the chunk that holds the first element
    std::size_t offset_ = 0;  // of the first element in it
    std::size_t size_ = 0;
};

}  // namespace sagalab
