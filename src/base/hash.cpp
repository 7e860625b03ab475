#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace sagalab {

std::string Hash128::hex() const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(32);
    for (std::uint64_t word : {high, low}) {
        for (int shift = 60; shift >= 0; shift -= 4) text += digits[word >> unsigned(shift) & 15U];
    }
    return text;
}

std::uint64_t hash_text(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

Hash128 hash_text128(std::string_view text) {
    XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    return {hash.high64, hash.low64};
}

Hash128 hash_words128(std::span<const std::uint64_t> words) {
    XXH128_hash_t hash = XXH3_128bits(words.data(), words.size_bytes());
    return {hash.high64, hash.low64};
}

}  // namespace sagalab
