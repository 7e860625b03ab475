// KeyedMap<T>: entries by string key, cheap to copy, changed in place where nobody else looks.
//
//     KeyedMap<Value> table;
//     table.put("o-1", row);                // insert or replace
//     const Value* row = table.find("o-1"); // valid until the next change
//
// Entries stand densely in the order they came, in copy-on-write chunks of 16; beside them an index
// of 32 bits of hash and a position each (open addressing, linear probing, deletion by shifting
// back: Knuth, TAOCP 3, 6.4, algorithm R). So what is used in the order it came is close together
// in memory. Copying counts a reference per chunk; a change clones at most one chunk, and the index
// where it grows or shrinks. Up to 8 entries need no index. Two maps with equal entries have equal
// fingerprints whatever happened before. T needs a default, copying, == and, for fingerprint(),
// `Hash128 hash128(Hash128) const`. Keys are string values, or anything with hash(), hash128() and
// a `key_less`.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/shared.h"
#include "base/value.h"

namespace sagalab {

template <class T, class Key = Value>
class KeyedMap {
public:
    struct Entry {
        Key key{};
        T value{};
    };

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    // The sum of the hashes of all entries.
    [[nodiscard]] Hash128 fingerprint() const {
        Hash128 sum;
        for_each([&](const Key& key, const T& value) {
            sum += value.hash128(key.hash128()).with(std::uint64_t{1});
        });
        return sum;
    }

    [[nodiscard]] const T* find(const Key& key) const {
        std::size_t position = position_of(key);
        return position == absent ? nullptr : &entry(position).value;
    }

    // Begins to fetch what looking up the key will need.
    void prefetch(const Key& key) const {
        if (has_index()) __builtin_prefetch(index_->data() + (key.hash() & mask()));
    }

    // Inserts or replaces.
    void put(const Key& key, T value) {
        bool added = false;
        at_or_added(key, added) = std::move(value);
    }

    // The entry, added with T's default if it was not there.
    T& at_or_added(const Key& key, bool& added) {
        std::size_t position = position_of(key);
        added = position == absent;
        if (!added) return own(position).value;
        position = size_;
        if (position / chunk_size == chunks_.size()) {
            Chunk chunk;
            chunk.reserve(position == 0 ? 1 : chunk_size);
            chunks_.emplace_back(std::move(chunk));
        }
        Chunk& chunk = chunks_.back().write();
        chunk.push_back(Entry{key, T{}});
        ++size_;
        index_added(key, position);
        return chunk.back().value;
    }

    // The entry for changing in place, or null.
    T* change(const Key& key) {
        std::size_t position = position_of(key);
        return position == absent ? nullptr : &own(position).value;
    }

    bool erase(const Key& key) {
        std::size_t position = position_of(key);
        if (position == absent) return false;
        std::size_t last = size_ - 1;
        if (has_index()) {
            unindex(key, position);
            if (position != last) {
                index_.write()[probe(entry(last).key, last)] =
                    packed(entry(last).key.hash(), position);
            }
        }
        if (position != last) own(position) = std::move(own(last));
        Chunk& chunk = chunks_.back().write();
        chunk.pop_back();
        if (chunk.empty()) chunks_.pop_back();
        --size_;
        if (size_ == few) index_ = Cow<Index>();
        return true;
    }

    // Every entry, in no order that may reach a result.
    template <class Visit>
    void for_each(Visit&& visit) const {
        for (const Cow<Chunk>& chunk : chunks_) {
            for (const Entry& entry : *chunk) visit(entry.key, entry.value);
        }
    }

    // Every entry, by key; the pointers hold until the next change.
    [[nodiscard]] std::vector<const Entry*> sorted() const {
        std::vector<const Entry*> all;
        all.reserve(size_);
        for (const Cow<Chunk>& chunk : chunks_) {
            for (const Entry& entry : *chunk) all.push_back(&entry);
        }
        std::sort(all.begin(), all.end(),
                  [](const Entry* a, const Entry* b) { return key_less(a->key, b->key); });
        return all;
    }

    friend bool operator==(const KeyedMap& a, const KeyedMap& b) {
        if (a.size_ != b.size_) return false;
        bool equal = true;
        a.for_each([&](const Key& key, const T& value) {
            const T* other = equal ? b.find(key) : nullptr;
            equal = other && *other == value;
        });
        return equal;
    }

private:
    static constexpr std::size_t chunk_size = 16;
    static constexpr std::size_t few = 8;  // as many are looked through without an index
    static constexpr std::size_t absent = ~std::size_t{0};

    using Chunk = std::vector<Entry, PoolAllocator<Entry>>;
    static constexpr unsigned position_bits = 27;
    static constexpr std::uint32_t position_mask = (1U << position_bits) - 1;

    // Each slot: five bits of hash above the position plus one; 0: free.
    using Index = std::vector<std::uint32_t, PoolAllocator<std::uint32_t>>;

    [[nodiscard]] const Entry& entry(std::size_t position) const {
        return (*chunks_[position / chunk_size])[position % chunk_size];
    }
    Entry& own(std::size_t position) {
        return chunks_[position / chunk_size].write()[position % chunk_size];
    }
    [[nodiscard]] bool has_index() const { return size_ > few; }
    static std::uint32_t packed(std::uint64_t hash, std::size_t position) {
        return tag(hash) | (static_cast<std::uint32_t>(position) + 1);
    }
    static std::uint32_t tag(std::uint64_t hash) {
        return static_cast<std::uint32_t>(hash >> 59U) << position_bits;
    }
    static std::size_t position_in(std::uint32_t slot) { return (slot & position_mask) - 1U; }
    [[nodiscard]] std::size_t mask() const { return index_->size() - 1; }

    [[nodiscard]] std::size_t position_of(const Key& key) const {
        if (!has_index()) {
            for (std::size_t i = 0; i < size_; ++i) {
                if (entry(i).key == key) return i;
            }
            return absent;
        }
        const Index& index = *index_;
        std::uint64_t hash = key.hash();
        for (std::size_t at = hash & mask(); index[at] != 0; at = (at + 1) & mask()) {
            if ((index[at] & ~position_mask) != tag(hash)) continue;
            std::size_t position = position_in(index[at]);
            if (entry(position).key == key) return position;
        }
        return absent;
    }

    // The slot that names this position.
    [[nodiscard]] std::size_t probe(const Key& key, std::size_t position) const {
        std::size_t at = key.hash() & mask();
        while (position_in((*index_)[at]) != position) at = (at + 1) & mask();
        return at;
    }

    void index_added(const Key& key, std::size_t position) {
        if (!has_index()) return;
        if (!index_ || 4 * size_ > 3 * index_->size()) {
            rebuild_index();
        } else {
            enter(index_.write(), key.hash(), position);
        }
    }

    static void enter(Index& index, std::uint64_t hash, std::size_t position) {
        std::size_t last = index.size() - 1;
        std::size_t at = hash & last;
        while (index[at] != 0) at = (at + 1) & last;
        index[at] = packed(hash, position);
    }

    void rebuild_index() {
        Index index(index_ ? index_->size() * 2 : 4 * few);
        for (std::size_t i = 0; i < size_; ++i) enter(index, entry(i).key.hash(), i);
        index_ = Cow<Index>(std::move(index));
    }

    // Frees the slot and moves back those that probed past it.
    void unindex(const Key& key, std::size_t position) {
        std::size_t hole = probe(key, position);
        Index& index = index_.write();
        for (std::size_t at = (hole + 1) & mask(); index[at] != 0; at = (at + 1) & mask()) {
            std::size_t home = entry(position_in(index[at])).key.hash() & mask();
            if (((at - home) & mask()) < ((at - hole) & mask())) continue;
            index[hole] = index[at];
            hole = at;
        }
        index[hole] = 0;
    }

    std::vector<Cow<Chunk>> chunks_;
    Cow<Index> index_;
    std::size_t size_ = 0;
};

}  // namespace sagalab
