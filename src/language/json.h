// JSON text as a tree in which every part knows its place.
//
// Built on nlohmann's SAX parser over an iterator that counts. Refused with a position, all that
// can be found in one go: duplicate keys, numbers that are no 64-bit integers, invalid UTF-8, NUL,
// nesting deeper than `depth_max`, trailing text, truncation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "language/diagnostics.h"
#include "language/source.h"

namespace sagalab::language {

inline constexpr std::size_t depth_max = 64;

struct Member;

struct Node {
    enum class Kind : std::uint8_t { null, boolean, integer, string, array, object };
    Kind kind = Kind::null;
    bool truth = false;
    std::int64_t integer = 0;
    std::string text;             // of a string, decoded
    std::vector<Node> items;      // of an array
    std::vector<Member> members;  // of an object, in the order of the file
    Place place;                  // the whole token or bracketed range

    [[nodiscard]] bool is(Kind wanted) const { return kind == wanted; }
    [[nodiscard]] const Node* find(std::string_view key) const;  // in an object; null if missing
    [[nodiscard]] const Member* member(std::string_view key) const;
};

struct Member {
    std::string key;
    Place key_place;
    Node value;
};

// "string", "an object", ...: how messages name a kind.
std::string_view kind_phrase(Node::Kind kind);

// Nothing if the text is no JSON at all (the errors are in `diagnostics`).
std::optional<Node> parse_json(const Sources& sources, std::uint32_t file,
                               Diagnostics& diagnostics);

// The place of bytes begin..end of the decoded text of a string node, escapes accounted for.
Place place_in_string(const Sources& sources, const Node& string, std::size_t begin,
                      std::size_t end);

}  // namespace sagalab::language
