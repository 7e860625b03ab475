#include "language/lint_allow.h"

#include <algorithm>

#include "language/load_values.h"
#include "language/merge.h"
#include "language/shape_verbs.h"
#include "language/shape_words.h"

namespace sagalab::language {

using shape::Form;
using shape::Object;
using shape::Shape;

namespace {

bool any_allow(const Sources& sources) {
    for (std::uint32_t file = 0; file < sources.size(); ++file) {
        if (sources.text(file).find("\"allow\"") != std::string_view::npos) return true;
    }
    return false;
}

const Shape* option_for(const Shape& shape, Node::Kind kind) {
    for (const Shape* option : shape.options) {
        if (accepts(*option, kind)) return option;
    }
    return nullptr;
}

}  // namespace

AllowedLints::AllowedLints(const Node& root, const Sources& sources) {
    if (!any_allow(sources)) return;
    if (const Node* allow = array_at(root, "allow")) {
        for (const Node& name : allow->items) {
            if (const LintRow* row = find_lint(name.text)) {
                whole_.emplace_back(row->lint, name.place.file);
            }
        }
    }
    for (const shape::Key& key : shape::scenario.keys) {
        const Member* member = root.member(key.name);
        if (member) look(member->value, *key.shape, member->key_place);
    }
}

void AllowedLints::look(const Node& node, const Shape& shape, const Place& key) {
    switch (shape.form) {
        case Form::object: return look(node, *shape.object, key);
        case Form::either:
            if (const Shape* option = option_for(shape, node.kind)) look(node, *option, key);
            return;
        case Form::map:
            for (const Member& member : node.members) {
                look(member.value, *shape.element, member.key_place);
            }
            return;
        case Form::list:
            for (const Node& item : node.items) look(item, *shape.element, item.place);
            return;
        case Form::verbs: {
            Diagnostics ignored;  // told by the check of the structure
            const Object* object = choose_verb(node, *shape.verbs, ignored);
            if (object) look(node, *object, key);
            return;
        }
        default: return;
    }
}

void AllowedLints::look(const Node& node, const Object& object, const Place& key) {
    if (const Node* allow = array_at(node, "allow")) {
        for (const Node& name : allow->items) {
            const LintRow* row = find_lint(name.text);
            if (!row) continue;
            cover(row->lint, node);
            cover(row->lint, key);
        }
    }
    for (const shape::Key& row : object.keys) {
        const Member* member = node.member(row.name);
        if (member) look(member->value, *row.shape, member->key_place);
    }
}

void AllowedLints::cover(Lint lint, const Place& token) {
    std::uint32_t& end = tokens_[{lint, token.file, token.begin}];
    end = std::max(end, token.end);
}

// Parts of a merged tree stand anywhere in the files, so each token is covered by itself.
void AllowedLints::cover(Lint lint, const Node& node) {
    const bool composite = node.is(Node::Kind::object) || node.is(Node::Kind::array);
    cover(lint,
          composite ? Place{node.place.file, node.place.begin, node.place.begin + 1} : node.place);
    for (const Node& item : node.items) cover(lint, item);
    for (const Member& member : node.members) {
        cover(lint, member.key_place);
        cover(lint, member.value);
    }
}

bool AllowedLints::covers(Lint lint, const Place& place) const {
    const bool whole = std::any_of(whole_.begin(), whole_.end(), [&](const auto& allowed) {
        return allowed.first == lint && (allowed.second == 0 || allowed.second == place.file);
    });
    if (whole) return true;
    auto after = tokens_.upper_bound({lint, place.file, place.begin});
    if (after == tokens_.begin()) return false;
    const auto& [token, end] = *std::prev(after);
    return std::get<0>(token) == lint && std::get<1>(token) == place.file && place.begin < end;
}

}  // namespace sagalab::language
