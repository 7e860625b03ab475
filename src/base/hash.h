// 128-bit hashes: identities of messages and fingerprints of worlds.
//
// Structural, so the same thing has the same hash on every path, run and machine: never an
// address, a counter or a position in memory. Text goes through XXH3 (xxHash, Yann Collet);
// words are mixed by the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sagalab {

// 128-bit integers, for products that must not overflow.
__extension__ using Wide = __int128;
__extension__ using UnsignedWide = unsigned __int128;

constexpr std::uint64_t mix64(std::uint64_t word) {
    word = (word ^ (word >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    word = (word ^ (word >> 27U)) * 0x94d049bb133111ebULL;
    return word ^ (word >> 31U);
}

struct Hash128 {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    friend constexpr auto operator<=>(const Hash128&, const Hash128&) = default;

    // The hash of the sequence (what was hashed before, word).
    [[nodiscard]] constexpr Hash128 with(std::uint64_t word) const {
        std::uint64_t a = mix64(low ^ (word + 0x9e3779b97f4a7c15ULL));
        std::uint64_t b = mix64(high + word * 0xd6e8feb86659fd93ULL + a);
        return {b, a + (high << 1U | high >> 63U)};
    }
    [[nodiscard]] constexpr Hash128 with(const Hash128& other) const {
        return with(other.low).with(other.high);
    }

    // Sums are for sets: the order of the parts leaves no mark. Each part must be mixed already.
    constexpr Hash128& operator+=(const Hash128& other) {
        high += other.high;
        low += other.low;
        return *this;
    }
    constexpr Hash128& operator-=(const Hash128& other) {
        high -= other.high;
        low -= other.low;
        return *this;
    }

    // As a key of a KeyedMap.
    [[nodiscard]] constexpr std::uint64_t hash() const { return high; }
    [[nodiscard]] constexpr Hash128 hash128() const { return Hash128().with(*this); }
    [[nodiscard]] constexpr Hash128 hash128(const Hash128& start) const {
        return start.with(*this);
    }
    [[nodiscard]] constexpr bool zero() const { return high == 0 && low == 0; }

    [[nodiscard]] std::string hex() const;  // 32 lower-case digits
};

constexpr bool key_less(const Hash128& a, const Hash128& b) { return a < b; }

std::uint64_t hash_text(std::string_view text);
Hash128 hash_text128(std::string_view text);
Hash128 hash_words128(std::span<const std::uint64_t> words);

// A sequence of words that is hashed as a whole: faster than one word after the other.
class Words {
public:
    Words& add(std::uint64_t word) {
        if (size_ == words_.size()) fold();
        words_[size_++] = word;
        return *this;
    }
    Words& add(const Hash128& hash) { return add(hash.high).add(hash.low); }
    [[nodiscard]] Hash128 hash() const { return hash_words128({words_.data(), size_}); }

private:
    void fold() {
        const Hash128 so_far = hash();
        size_ = 0;
        add(so_far);
    }

    std::array<std::uint64_t, 48> words_;  // as far as size_
    std::size_t size_ = 0;
};

}  // namespace sagalab
