#include "language/load_values.h"

#include <algorithm>

#include "base/ids.h"
#include "language/shape_values.h"

namespace sagalab::language {

namespace {

const Node* find_any(const Node& object, std::string_view key) {
    return object.is(Node::Kind::object) ? object.find(key) : nullptr;
}

const Node* find_kind(const Node& object, std::string_view key, Node::Kind kind) {
    const Node* found = find_any(object, key);
    return found && found->is(kind) ? found : nullptr;
}

}  // namespace

const Node* string_at(const Node& object, std::string_view key) {
    return find_kind(object, key, Node::Kind::string);
}
const Node* array_at(const Node& object, std::string_view key) {
    return find_kind(object, key, Node::Kind::array);
}
const Node* object_at(const Node& object, std::string_view key) {
    return find_kind(object, key, Node::Kind::object);
}

bool is_true(const Node& object, std::string_view key) {
    const Node* found = find_kind(object, key, Node::Kind::boolean);
    return found && found->truth;
}

Nanos time_at(const Node& object, std::string_view key, Nanos fallback) {
    const Node* found = string_at(object, key);
    return found ? duration_of(*found).value_or(fallback) : fallback;
}

std::uint64_t count_at(const Node& object, std::string_view key, std::uint64_t fallback) {
    const Node* found = find_kind(object, key, Node::Kind::integer);
    return found && found->integer >= 0 ? static_cast<std::uint64_t>(found->integer) : fallback;
}

std::uint32_t small_count_at(const Node& object, std::string_view key, std::uint32_t fallback) {
    const std::uint64_t most = Index<void>::absent - 1;
    const std::uint64_t found = count_at(object, key, fallback);
    return found == fallback ? fallback : static_cast<std::uint32_t>(std::min(found, most));
}

std::int64_t factor_at(const Node& object, std::string_view key, std::int64_t fallback) {
    const Node* found = find_any(object, key);
    return found ? factor_millionths(*found).value_or(fallback) : fallback;
}

std::int64_t percent_at(const Node& object, std::string_view key, std::int64_t fallback) {
    const Node* found = string_at(object, key);
    return found ? millionths_of_percentage(*found).value_or(fallback) : fallback;
}

std::uint64_t size_at(const Node& object, std::string_view key, std::uint64_t fallback) {
    const Node* found = find_any(object, key);
    return found ? size_bytes(*found).value_or(fallback) : fallback;
}

std::vector<std::string> about_of(const Node& object) {
    std::vector<std::string> lines;
    if (const Node* line = string_at(object, "about")) lines.push_back(line->text);
    if (const Node* array = array_at(object, "about")) {
        for (const Node& item : array->items) {
            if (item.is(Node::Kind::string)) lines.push_back(item.text);
        }
    }
    return lines;
}

}  // namespace sagalab::language
