// Step: one choice of a path, in a word. It names what is taken up by its place in the canonical
// order of what is pending, so it means something only in the world in which it was made; people
// and files get names instead (explore/names.h).
#pragma once

#include <cstdint>
#include <vector>

namespace sagalab::explore {

enum class Deed : std::uint8_t {
    take,  // the item, perhaps with a variant
    delay,
    crash,  // of a replica at rest: item is the service, at the replica
    pause,  // the same
    cut,    // of two services: item and at
};

// It is about something that is pending.
constexpr bool is_about_an_item(Deed deed) { return deed == Deed::take || deed == Deed::delay; }

struct Step {
    Deed deed = Deed::take;
    std::uint32_t item = 0;    // in the canonical order
    std::uint8_t variant = 0;  // world::Variant::Kind
    bool duplicate = false;
    std::uint32_t at = 0;  // point, write, code
    std::vector<std::uint8_t> options;
};

// As many open choices in one handling, with as many options each, fit into a word.
inline constexpr std::size_t options_max = 5;
inline constexpr std::uint8_t option_max = 15;

// 3 bits of deed, 14 of the item, 4 of the variant, 1 of duplicate, 14 of `at`, 3 and 5 times 4 of
// options.
std::uint64_t pack(const Step& step);
Step unpack(std::uint64_t word);

}  // namespace sagalab::explore
