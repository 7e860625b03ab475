#include "language/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>

#include "language/shape.h"
#include "language/shape_verbs.h"
#include "language/shape_words.h"

namespace sagalab::language {
namespace {

using shape::Form;
using shape::Shape;

// What the names in a part of a file name; its insides are not merged any further.
struct NamedPart {
    std::string_view path;
    std::string_view what;
};

constexpr std::array<NamedPart, 10> named_parts{{{"services", "service"},
                                                 {"params", "param"},
                                                 {"cases", "case"},
                                                 {"policies/retry", "retry policy"},
                                                 {"policies/breaker", "breaker policy"},
                                                 {"bus/topics", "topic"},
                                                 {"expect/replies", "expected reply"},
                                                 {"expect/always", "expectation"},
                                                 {"expect/finally", "expectation"},
                                                 {"expect/sometimes", "expectation"}}};

// Arrays of which all items count, whichever file they stand in.
constexpr std::array<std::string_view, 4> joined_parts{"workload", "faults", "network/links",
                                                       "allow"};

// Objects whose keys are merged one by one.
constexpr std::array<std::string_view, 6> open_parts{"policies", "bus",    "network",
                                                     "expect",   "limits", "explore"};

class PartMerger {
public:
    PartMerger(const Sources& sources, Diagnostics& diagnostics)
        : sources_(sources), diagnostics_(diagnostics) {}

    // `what` the keys name; empty where they are keys of the language.
    void merge(Node& into, Node part, const std::string& path, std::string_view what) {
        std::map<std::string, std::size_t, std::less<>> known;
        for (std::size_t i = 0; i < into.members.size(); ++i) known[into.members[i].key] = i;
        for (Member& member : part.members) {
            auto found = known.find(member.key);
            if (found == known.end()) {
                into.members.push_back(std::move(member));
                continue;
            }
            merge_member(into.members[found->second], std::move(member), path, what);
        }
    }

private:
    void merge_member(Member& into, Member member, const std::string& path, std::string_view what) {
        if (!what.empty()) return clash(into, member, what);
        std::string inner = path.empty() ? member.key : path + "/" + member.key;
        using Kind = Node::Kind;
        if (into.value.is(Kind::object) && member.value.is(Kind::object)) {
            std::string_view named = name_of(inner);
            bool is_open =
                std::find(open_parts.begin(), open_parts.end(), inner) != open_parts.end();
            if (!named.empty() || is_open) {
                return merge(into.value, std::move(member.value), inner, named);
            }
        }
        bool joins =
            std::find(joined_parts.begin(), joined_parts.end(), inner) != joined_parts.end();
        if (joins && into.value.is(Kind::array) && member.value.is(Kind::array)) {
            for (Node& item : member.value.items) into.value.items.push_back(std::move(item));
            return;
        }
        clash(into, member, what);
    }

    void clash(const Member& first, const Member& second, std::string_view what) {
        LineColumn at = sources_.line_column(first.key_place);
        diagnostics_.error(second.key_place,
                           fmt::format("{}{}\"{}\" is defined twice (first at {}:{}:{})", what,
                                       what.empty() ? "" : " ", second.key,
                                       sources_.path(first.key_place.file), at.line, at.column));
    }

    static std::string_view name_of(std::string_view path) {
        for (const NamedPart& part : named_parts) {
            if (part.path == path) return part.what;
        }
        return {};
    }

    const Sources& sources_;
    Diagnostics& diagnostics_;
};

// What the table says of the member `key` of an object; null where it says nothing.
const Shape* inner_shape(const Shape* shape, std::string_view key) {
    if (shape == nullptr) return nullptr;
    if (shape->form == Form::map) return shape->element;
    if (shape->form != Form::object) return nullptr;
    const shape::Key* row = shape::find_key(*shape->object, key);
    return row != nullptr ? row->shape : nullptr;
}

Member* find_member(Node& object, std::string_view key) {
    for (Member& member : object.members) {
        if (member.key == key) return &member;
    }
    return nullptr;
}

void patch(Node& target, const Node& change, const Shape* shape);

void patch_member(Node& target, const Member& change, const Shape* shape) {
    if (change.value.is(Node::Kind::null)) return erase_member(target, change.key);
    Member* member = find_member(target, change.key);
    // In a map, such as the tables of a store, "rows" is a name like any other.
    bool is_name = shape == nullptr || shape->form == Form::map;
    bool whole = (!is_name && replaces_whole(change.key)) || !change.value.is(Node::Kind::object);
    if (member == nullptr) {
        target.members.push_back({change.key, change.key_place, {}});
        member = &target.members.back();
        member->value.place = change.value.place;
    } else if (whole || !member->value.is(Node::Kind::object)) {
        member->key_place = change.key_place;
    }
    if (whole) {
        member->value = change.value;
        return;
    }
    patch(member->value, change.value, object_option(inner_shape(shape, change.key)));
}

// RFC 7396, MergePatch(Target, Patch), for a patch that is an object.
void patch(Node& target, const Node& change, const Shape* shape) {
    if (!target.is(Node::Kind::object)) {
        target = Node{};
        target.kind = Node::Kind::object;
        target.place = change.place;
    }
    for (const Member& member : change.members) patch_member(target, member, shape);
}

void append_items(Node& root, std::string_view key, const Member& added, Diagnostics& diagnostics) {
    if (!added.value.is(Node::Kind::array)) {
        diagnostics.error(added.value.place, fmt::format("\"{}\" must be an array, not {}",
                                                         added.key, kind_phrase(added.value.kind)));
        return;
    }
    Member* member = find_member(root, key);
    if (member == nullptr) {
        root.members.push_back({std::string(key), added.key_place, added.value});
        return;
    }
    if (!member->value.is(Node::Kind::array)) return;  // reported by the check of the structure
    for (const Node& item : added.value.items) member->value.items.push_back(item);
}

}  // namespace

bool replaces_whole(std::string_view key) {
    static constexpr std::array<std::string_view, 5> keys{"data", "row", "rows", "set", "body"};
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

const Shape* object_option(const Shape* shape) {
    if (shape == nullptr || shape->form != Form::either) return shape;
    for (const Shape* option : shape->options) {
        if (accepts(*option, Node::Kind::object)) return option;
    }
    return nullptr;
}

void erase_member(Node& object, std::string_view key) {
    auto is_it = [&](const Member& member) { return member.key == key; };
    object.members.erase(std::remove_if(object.members.begin(), object.members.end(), is_it),
                         object.members.end());
}

void merge_part(Node& into, Node part, const Sources& sources, Diagnostics& diagnostics) {
    PartMerger(sources, diagnostics).merge(into, std::move(part), "", "");
}

Node merge_case(const Node& base, const Node& variant, Diagnostics& diagnostics) {
    static constexpr Shape root_shape{.form = Form::object, .object = &shape::scenario};
    Node root = base;
    for (const Member& member : variant.members) {
        if (shape::find_key(shape::scenario_case, member.key) == nullptr) {
            report_unknown_key(member, shape::scenario_case, diagnostics);
        } else if (member.key != "addFaults" && member.key != "addWorkload") {
            patch_member(root, member, &root_shape);
        }
    }
    if (const Member* added = variant.member("addFaults")) {
        append_items(root, "faults", *added, diagnostics);
    }
    if (const Member* added = variant.member("addWorkload")) {
        append_items(root, "workload", *added, diagnostics);
    }
    return root;
}

}  // namespace sagalab::language
