#include "language/params.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "language/shape_check.h"

namespace sagalab::language {
namespace {

bool looks_like_json(std::string_view text) {
    if (text == "true" || text == "false" || text == "null") return true;
    if (text.empty()) return false;
    if (text[0] == '"' || text[0] == '[' || text[0] == '{') return true;
    std::string_view digits = text[0] == '-' ? text.substr(1) : text;
    if (digits.size() > 1 && digits[0] == '0') return false;
    return !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
}

void place_all(Node& node, const Place& place) {
    node.place = place;
    for (Node& item : node.items) place_all(item, place);
    for (Member& member : node.members) {
        member.key_place = place;
        place_all(member.value, place);
    }
}

// The value of a setting, or what is wrong with it.
std::optional<Node> value_of(const std::string& text, std::string& why) {
    Node node;
    if (!looks_like_json(text)) {
        if (find_invalid_utf8(text) != std::string_view::npos ||
            text.find('\0') != std::string::npos) {
            why = "it is not UTF-8";
            return std::nullopt;
        }
        node.kind = Node::Kind::string;
        node.text = text;
        return node;
    }
    Sources sources;
    Diagnostics diagnostics;
    std::uint32_t file = sources.add("--set", text);
    std::optional<Node> parsed = parse_json(sources, file, diagnostics);
    if (diagnostics.has_errors()) {
        why = diagnostics.sorted().front().message;
        return std::nullopt;
    }
    return parsed;
}

const Node* params_of(const Node& root) {
    const Node* params = root.find("params");
    return params != nullptr && params->is(Node::Kind::object) ? params : nullptr;
}

void add_names(std::vector<std::string>& names, const Node& root) {
    const Node* params = params_of(root);
    if (params == nullptr) return;
    for (const Member& member : params->members) names.push_back(member.key);
}

// NAME of "${params.NAME}", blanks inside allowed, as bytes of the text.
std::optional<std::pair<std::size_t, std::size_t>> lone_param(std::string_view text) {
    constexpr std::string_view head = "params.";
    if (!text.starts_with("${") || !text.ends_with('}')) return std::nullopt;
    std::size_t begin = text.find_first_not_of(" \t", 2);
    if (begin == std::string_view::npos || !text.substr(begin).starts_with(head)) {
        return std::nullopt;
    }
    begin += head.size();
    std::size_t last = text.find_last_not_of(" \t", text.size() - 2);
    if (last == std::string_view::npos || last < begin) return std::nullopt;
    if (!is_identifier(text.substr(begin, last + 1 - begin))) return std::nullopt;
    return std::pair{begin, last + 1};
}

class Substitution {
public:
    Substitution(const Node* params, const Sources& sources, Diagnostics& diagnostics)
        : params_(params), sources_(sources), diagnostics_(diagnostics) {}

    void walk(Node& node) {
        if (node.is(Node::Kind::string)) return replace(node);
        for (Node& item : node.items) walk(item);
        for (Member& member : node.members) walk(member.value);
    }

private:
    void replace(Node& node) {
        auto range = lone_param(node.text);
        if (!range) return;
        Place use = node.place;
        std::string name = node.text.substr(range->first, range->second - range->first);
        const Node* value = params_ != nullptr ? params_->find(name) : nullptr;
        if (value != nullptr) {
            node = *value;
            node.place = use;
            return;
        }
        std::vector<std::string> names;
        if (params_ != nullptr) {
            for (const Member& member : params_->members) names.push_back(member.key);
        }
        Place place = place_in_string(sources_, node, range->first, range->second);
        diagnostics_.unknown_name(place, "param", name, names);
        node = make_hole(use);
    }

    const Node* params_;
    const Sources& sources_;
    Diagnostics& diagnostics_;
};

}  // namespace

void check_settings(const Settings& settings, const Node& root, Diagnostics& diagnostics) {
    std::vector<std::string> names;
    add_names(names, root);
    if (const Node* cases = root.find("cases")) {
        for (const Member& member : cases->members) add_names(names, member.value);
    }
    const Member* params = root.member("params");
    Place place{root.place.file, root.place.begin, root.place.begin + 1};
    if (params != nullptr) place = params->key_place;
    for (const auto& [name, text] : settings) {
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            std::string hint = names.empty() ? ": the file has no params" : "";
            if (auto near = nearest(name, names)) {
                hint = fmt::format(" (did you mean \"{}\"?)", *near);
            }
            diagnostics.error(place, fmt::format("unknown param \"{}\" in --set{}", name, hint));
            continue;
        }
        std::string why;
        if (!value_of(text, why)) {
            diagnostics.error(place, fmt::format("the value of --set {} is wrong: {}", name, why));
        }
    }
}

void apply_settings(const Settings& settings, Node& root) {
    for (Member& part : root.members) {
        if (part.key != "params") continue;
        for (const auto& [name, text] : settings) {
            for (Member& param : part.value.members) {
                if (param.key != name) continue;
                std::string why;
                std::optional<Node> value = value_of(text, why);
                if (!value) continue;
                place_all(*value, param.value.place);
                param.value = std::move(*value);
            }
        }
    }
}

void substitute_params(Node& root, const Sources& sources, Diagnostics& diagnostics) {
    Substitution substitution(params_of(root), sources, diagnostics);
    for (Member& member : root.members) {
        if (member.key != "params") substitution.walk(member.value);
    }
}

}  // namespace sagalab::language
