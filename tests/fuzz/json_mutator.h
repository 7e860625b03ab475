// Changes to JSON text that mostly leave it JSON, and a scenario one: the mutator of fuzz_load.
//
// Bytes changed at random are refused by the parser and never reach what lies behind it. Here whole
// values are exchanged, repeated and taken out, mostly for those that stand under the same key
// elsewhere. They are found by their brackets alone: text that is no JSON is changed as well as it
// goes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sagalab::fuzz {

// A value, or a key, in a text that outlives it.
struct Part {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string_view key;     // it stands under; of an item, what its array stands under
    std::string_view parent;  // the key of the object that it is a member of
    bool is_key = false;
};

// Everything between brackets, every string and every other word.
std::vector<Part> parts_of(std::string_view text);

// One change, chosen by the seed; `other` lends values, and may be the text itself.
std::string mutated(std::string_view text, std::string_view other, std::uint64_t seed);

}  // namespace sagalab::fuzz
