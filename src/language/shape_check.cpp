#include "language/shape_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "language/shape_names.h"
#include "language/shape_values.h"
#include "language/shape_verbs.h"
#include "language/shape_words.h"

namespace sagalab::language {

using shape::Form;
using shape::Key;
using shape::Object;
using shape::Rule;
using shape::Shape;

namespace {

// How messages name a value: its key, or "an item of" it.
struct Label {
    std::string_view key;
    bool is_item = false;

    [[nodiscard]] std::string text() const {
        return fmt::format("{}\"{}\"", is_item ? "an item of " : "", printable(key));
    }
};

// Each check says whether the value may stay; if not, it has been reported.
class Checker {
public:
    explicit Checker(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

    bool object(Node& node, const Object& object, const Place& where) {
        std::vector<std::string> reported = drop_wrong_members(node, object);
        for (const Key& key : object.keys) {
            if (!key.required || node.find(key.name) != nullptr || has(reported, key.name)) {
                continue;
            }
            diagnostics_.error(where, fmt::format("{} needs \"{}\"", object.phrase, key.name));
        }
        bool kept = true;
        for (const Rule& rule : object.rules) {
            kept = this->rule(node, object, rule, reported, where) && kept;
        }
        return kept;
    }

private:
    bool value(Node& node, const Shape& shape, const Label& label, const Place& where) {
        if (is_hole(node)) return false;
        if (!accepts(shape, node.kind)) return mismatch(node, shape, label);
        switch (shape.form) {
            case Form::any:
            case Form::data:
            case Form::data_object:
            case Form::flag: return true;
            case Form::name: return name(node, shape);
            case Form::bound_name: return bound_name(node);
            case Form::integer:
                if (node.integer >= shape.low && node.integer <= shape.high) return true;
                return mismatch(node, shape, label);
            case Form::factor: return factor_millionths(node) || mismatch(node, shape, label);
            case Form::size: return size_bytes(node) || mismatch(node, shape, label);
            case Form::word: return word(node, shape, label);
            case Form::duration_pair: return duration_pair(node, shape, label);
            case Form::list: return list(node, shape, label);
            case Form::map: return map(node, shape, label);
            case Form::object: return object(node, *shape.object, where);
            case Form::verbs: return verbs(node, *shape.verbs);
            case Form::either: return either(node, shape, label, where);
            default: return text(node, shape, label);
        }
    }

    bool mismatch(const Node& node, const Shape& shape, const Label& label) {
        diagnostics_.error(node.place, fmt::format("{} must be {}, not {}", label.text(),
                                                   phrase_of(shape), shown(node, shape)));
        return false;
    }

    bool text(const Node& node, const Shape& shape, const Label& label) {
        if (has_form(node.text, shape)) return true;
        if (!node.text.empty()) return mismatch(node, shape, label);
        diagnostics_.error(node.place, label.text() + " must not be empty");
        return false;
    }

    bool word(const Node& node, const Shape& shape, const Label& label) {
        return has_form(node.text, shape) || no_such_word(node, shape, label);
    }

    // Of `shape` or of one of its options.
    bool no_such_word(const Node& node, const Shape& shape, const Label& label) {
        std::vector<std::string> words{shape.words.begin(), shape.words.end()};
        for (const Shape* option : shape.options) {
            words.insert(words.end(), option->words.begin(), option->words.end());
        }
        std::string message = fmt::format("{} must be {}, not {}", label.text(), phrase_of(shape),
                                          shown(node, shape));
        if (auto near = nearest(node.text, words)) {
            message += fmt::format(" (did you mean \"{}\"?)", *near);
        }
        diagnostics_.error(node.place, std::move(message));
        return false;
    }

    // A wrong name stays: what it names is still meant where it is used.
    bool name(const Node& node, const Shape& shape) {
        if (auto error = name_error(node.text, shape.key_what)) {
            diagnostics_.error(node.place, std::move(*error));
        }
        return true;
    }

    // "r${i}": what stands in for ${...} does not matter here.
    bool bound_name(const Node& node) {
        std::string plain = node.text;
        for (std::size_t at = plain.find("${"); at != std::string::npos; at = plain.find("${")) {
            std::size_t end = plain.find('}', at);
            if (end == std::string::npos) break;
            plain.replace(at, end + 1 - at, "_");
        }
        bool is_plain = plain == node.text;
        auto error = name_error(plain, "value");
        if (!error || (!is_plain && is_identifier(plain))) return true;
        diagnostics_.error(node.place, std::move(*name_error(node.text, "value")));
        return true;
    }

    bool duration_pair(const Node& node, const Shape& shape, const Label& label) {
        if (node.items.size() != 2) return mismatch(node, shape, label);
        for (const Node& item : node.items) {
            if (is_hole(item)) return false;
            if (!duration_of(item)) {
                return mismatch(item, {.form = Form::duration}, {label.key, true});
            }
        }
        if (*duration_of(node.items[0]) <= *duration_of(node.items[1])) return true;
        diagnostics_.error(node.place,
                           fmt::format("{} must be {}", label.text(), phrase_of(shape)));
        return false;
    }

    bool list(Node& node, const Shape& shape, const Label& label) {
        if (static_cast<std::int64_t>(node.items.size()) < shape.low) {
            return mismatch(node, shape, label);
        }
        std::size_t kept = 0;
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            Node& item = node.items[i];
            if (!value(item, *shape.element, {label.key, true}, first_byte(item))) continue;
            if (kept != i) node.items[kept] = std::move(item);
            ++kept;
        }
        node.items.resize(kept);
        return true;
    }

    bool map(Node& node, const Shape& shape, const Label& label) {
        if (static_cast<std::int64_t>(node.members.size()) < shape.low) {
            return mismatch(node, shape, label);
        }
        std::size_t kept = 0;
        for (std::size_t i = 0; i < node.members.size(); ++i) {
            Member& member = node.members[i];
            if (!map_key(member, shape)) continue;
            Label element{member.key};
            if (!value(member.value, *shape.element, element, member.key_place) &&
                !(shape.key == Form::name && empty_out(member.value, *shape.element))) {
                continue;
            }
            if (kept != i) node.members[kept] = std::move(member);
            ++kept;
        }
        node.members.resize(kept);
        return true;
    }

    bool map_key(const Member& member, const Shape& shape) {
        if (shape.key == Form::name) {
            if (auto error = name_error(member.key, shape.key_what)) {
                diagnostics_.error(member.key_place, std::move(*error));
            }
            return true;
        }
        Shape form{.form = shape.key};
        if (has_form(member.key, form)) return true;
        diagnostics_.error(
            member.key_place,
            member.key.empty()
                ? fmt::format("the name of {} must not be empty", with_article(shape.key_what))
                : fmt::format("\"{}\" must be {}", printable(member.key), phrase_of(form)));
        return false;
    }

    bool either(Node& node, const Shape& shape, const Label& label, const Place& where) {
        const Shape* first = nullptr;
        for (const Shape* option : shape.options) {
            if (!accepts(*option, node.kind)) continue;
            bool text_fits = node.is(Node::Kind::string) && has_form(node.text, *option);
            if (first == nullptr || text_fits) first = option;
            if (text_fits) break;
        }
        // Of several forms of text none may fit: then all of them are named.
        if (node.is(Node::Kind::string) && !has_form(node.text, *first)) {
            return no_such_word(node, shape, label);
        }
        return value(node, *first, label, where);
    }

    bool verbs(Node& node, const shape::Verbs& verbs) {
        const Object* chosen = choose_verb(node, verbs, diagnostics_);
        if (chosen == nullptr) return false;
        std::string_view verb = chosen->keys[0].name;
        if (!object(node, *chosen, node.member(verb)->key_place)) return false;
        return node.find(verb) != nullptr;
    }

    // The keys whose values were wrong. Unknown keys and wrong values are taken out.
    std::vector<std::string> drop_wrong_members(Node& node, const Object& object) {
        std::vector<std::string> wrong;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < node.members.size(); ++i) {
            Member& member = node.members[i];
            const Key* key = shape::find_key(object, member.key);
            if (key == nullptr) {
                report_unknown_key(member, object, diagnostics_);
                continue;
            }
            if (!value(member.value, *key->shape, {member.key}, member.key_place)) {
                wrong.push_back(member.key);
                continue;
            }
            if (kept != i) node.members[kept] = std::move(member);
            ++kept;
        }
        node.members.resize(kept);
        return wrong;
    }

    bool rule(const Node& node, const Object& object, const Rule& rule,
              const std::vector<std::string>& reported, const Place& where) {
        std::vector<const Member*> present;
        bool some_wrong = false;
        for (std::string_view key : rule.keys) {
            some_wrong = some_wrong || has(reported, key);
            if (const Member* member = node.member(key)) present.push_back(member);
        }
        if (some_wrong) return true;
        std::vector<std::string> keys{rule.keys.begin(), rule.keys.end()};
        if (rule.kind == Rule::Kind::needs) {
            if (present.size() != 1 || present[0]->key != keys[0]) return true;
            keys.erase(keys.begin());
            diagnostics_.error(present[0]->key_place, fmt::format("\"{}\" stands only with {}",
                                                                  rule.keys[0], quoted_list(keys)));
            return false;
        }
        if (present.size() > 1) {
            diagnostics_.error(present[1]->key_place,
                               fmt::format("\"{}\" and \"{}\" exclude each other", present[0]->key,
                                           present[1]->key));
            return false;
        }
        if (!present.empty() || rule.kind == Rule::Kind::at_most_one) return true;
        diagnostics_.error(where, fmt::format("{} needs {}", object.phrase, quoted_list(keys)));
        return false;
    }

    // Leaves an empty value of the right kind, where the shape has one.
    static bool empty_out(Node& node, const Shape& shape) {
        Node empty;
        empty.place = node.place;
        if (accepts(shape, Node::Kind::object)) {
            empty.kind = Node::Kind::object;
        } else if (accepts(shape, Node::Kind::array)) {
            empty.kind = Node::Kind::array;
        } else {
            return false;
        }
        node = std::move(empty);
        return true;
    }

    static bool has(const std::vector<std::string>& names, std::string_view name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    }

    static Place first_byte(const Node& node) {
        return {node.place.file, node.place.begin, node.place.begin + 1};
    }

    Diagnostics& diagnostics_;
};

}  // namespace

void check_shape(Node& root, const Object& object, Diagnostics& diagnostics) {
    Place start{root.place.file, root.place.begin, root.place.begin + 1};
    Checker(diagnostics).object(root, object, start);
}

Node make_hole(const Place& place) {
    Node node;
    node.truth = true;  // no null of a file has it
    node.place = place;
    return node;
}

bool is_hole(const Node& node) { return node.is(Node::Kind::null) && node.truth; }

}  // namespace sagalab::language
