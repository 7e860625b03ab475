#include "language/shape_verbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "language/shape_words.h"

namespace sagalab::language {

using shape::Object;

namespace {

std::string_view verb_of(const Object& object) { return object.keys[0].name; }

void report_no_verb(const Node& node, const shape::Verbs& verbs, Diagnostics& diagnostics) {
    std::vector<std::string> names;
    for (const Object* object : verbs.objects) names.emplace_back(verb_of(*object));
    for (const Member& member : node.members) {
        std::optional<std::string> near = nearest(member.key, names);
        if (!near) continue;
        diagnostics.error(member.key_place,
                          fmt::format("unknown verb \"{}\" of {} (did you mean \"{}\"?)",
                                      member.key, verbs.phrase, *near));
        return;
    }
    Place start{node.place.file, node.place.begin, node.place.begin + 1};
    diagnostics.error(start, fmt::format("{} needs a verb: {}", verbs.phrase, quoted_list(names)));
}

// The one of `present` that has all the others among its keys.
const Object* leading(const std::vector<const Object*>& present) {
    for (const Object* candidate : present) {
        bool leads = std::all_of(present.begin(), present.end(), [&](const Object* other) {
            return shape::find_key(*candidate, verb_of(*other)) != nullptr;
        });
        if (leads) return candidate;
    }
    return nullptr;
}

}  // namespace

const Object* choose_verb(const Node& node, const shape::Verbs& verbs, Diagnostics& diagnostics) {
    std::vector<const Object*> present;
    for (const Object* object : verbs.objects) {
        if (node.find(verb_of(*object)) != nullptr) present.push_back(object);
    }
    if (present.empty()) {
        report_no_verb(node, verbs, diagnostics);
        return nullptr;
    }
    if (const Object* object = leading(present)) return object;
    std::vector<const Member*> members;
    for (const Member& member : node.members) {
        bool is_verb = std::any_of(present.begin(), present.end(), [&](const Object* object) {
            return verb_of(*object) == member.key;
        });
        if (is_verb) members.push_back(&member);
    }
    diagnostics.error(members[1]->key_place,
                      fmt::format("{} has one verb, this one has \"{}\" and \"{}\"", verbs.phrase,
                                  members[0]->key, members[1]->key));
    return nullptr;
}

void report_unknown_key(const Member& member, const Object& object, Diagnostics& diagnostics) {
    constexpr std::size_t few = 8;
    std::vector<std::string> keys;
    for (const shape::Key& key : object.keys) keys.emplace_back(key.name);
    std::string message = fmt::format("unknown key \"{}\" in {}", member.key, object.phrase);
    if (std::optional<std::string> near = nearest(member.key, keys)) {
        message += fmt::format(" (did you mean \"{}\"?)", *near);
    } else if (keys.size() <= few) {
        message += fmt::format(", which takes {}", quoted_list(keys, "and"));
    }
    diagnostics.error(member.key_place, std::move(message));
}

}  // namespace sagalab::language
