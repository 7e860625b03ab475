#include "language/document.h"

#include <fmt/format.h>

#include <utility>

#include "language/include.h"
#include "language/merge.h"
#include "language/params.h"
#include "language/replays.h"
#include "language/shape.h"
#include "language/shape_check.h"

namespace sagalab::language {
namespace {

std::optional<Node> read_root(const std::string& name, std::optional<std::string> text,
                              const ReadText& read, Sources& sources, Diagnostics& diagnostics) {
    std::string why;
    if (!text) text = read(name, why);
    if (!text) {
        std::uint32_t file = sources.add(name, "");
        diagnostics.error({file, 0, 0}, fmt::format("cannot read this file: {}", why));
        return std::nullopt;
    }
    std::uint32_t file = sources.add(name, std::move(*text));
    std::optional<Node> root = parse_json(sources, file, diagnostics);
    if (root && !root->is(Node::Kind::object)) {
        diagnostics.error(root->place, fmt::format("a scenario file must be an object, not {}",
                                                   kind_phrase(root->kind)));
        return std::nullopt;
    }
    return root;
}

// The cases of a file, taken out of its tree.
Node take_cases(Node& root, Diagnostics& diagnostics) {
    Node cases;
    for (Member& member : root.members) {
        if (member.key == "cases") cases = std::move(member.value);
    }
    bool has_cases = root.find("cases") != nullptr;
    erase_member(root, "cases");
    if (has_cases && !cases.is(Node::Kind::object)) {
        diagnostics.error(cases.place, fmt::format("\"cases\" must be an object, not {}",
                                                   kind_phrase(cases.kind)));
        cases.members.clear();
    }
    return cases;
}

bool may_be_case(const Member& member, Diagnostics& diagnostics) {
    if (member.key.empty()) {
        diagnostics.error(member.key_place, "the name of a case must not be empty");
        return false;
    }
    if (member.value.is(Node::Kind::object)) return true;
    diagnostics.error(member.value.place, fmt::format("\"{}\" must be an object, not {}",
                                                      member.key, kind_phrase(member.value.kind)));
    return false;
}

}  // namespace

std::optional<Document> read_document(const std::string& name, std::optional<std::string> text,
                                      const LoadOptions& options, Sources& sources,
                                      Diagnostics& diagnostics) {
    const ReadText read = options.read ? options.read : ReadText(read_text_file);
    std::optional<Node> root = read_root(name, std::move(text), read, sources, diagnostics);
    if (!root) return std::nullopt;
    include_parts(*root, root->place.file, read, sources, diagnostics);
    if (!put_under_what_it_replays(*root, read, sources, diagnostics)) return std::nullopt;
    check_settings(options.set, *root, diagnostics);

    Document document;
    const Node* title = root->find("scenario");
    document.is_part = title == nullptr;
    document.title = title != nullptr && title->is(Node::Kind::string) ? title->text : name;

    Node cases = take_cases(*root, diagnostics);
    for (const Member& member : cases.members) {
        if (!may_be_case(member, diagnostics)) continue;
        document.cases.push_back({member.key, merge_case(*root, member.value, diagnostics)});
    }
    if (document.cases.empty()) document.cases.push_back({document.title, std::move(*root)});
    for (CaseTree& tree : document.cases) {
        apply_settings(options.set, tree.root);
        substitute_params(tree.root, sources, diagnostics);
        check_shape(tree.root, shape::scenario, diagnostics);
    }
    for (std::uint32_t file = 0; file < sources.size(); ++file) {
        document.files.push_back(sources.path(file));
    }
    return document;
}

}  // namespace sagalab::language
