#include "language/replays.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "language/load_values.h"
#include "language/merge.h"

namespace sagalab::language {
namespace {

class Replayed {
public:
    Replayed(const Node& reference, const ReadText& read, Sources& sources,
             Diagnostics& diagnostics)
        : reference_(reference), read_(read), sources_(sources), diagnostics_(diagnostics) {}

    // The tree of the case, its parts included.
    std::optional<Node> tree() {
        std::optional<Node> root = file();
        if (!root) return std::nullopt;
        const Node* wanted = string_at(reference_, "case");
        const Node* cases = object_at(*root, "cases");
        if (!wanted) {
            if (!cases || cases->members.empty()) return root;
            diagnostics_.error(reference_.place, "that scenario has cases: name one with \"case\"");
            return std::nullopt;
        }
        const Node* found = cases ? cases->find(wanted->text) : nullptr;
        if (!found) {
            std::vector<std::string> known;
            if (cases) {
                for (const Member& each : cases->members) known.push_back(each.key);
            }
            diagnostics_.unknown_name(wanted->place, "case", wanted->text, known);
            return std::nullopt;
        }
        const Node variant = *found;
        erase_member(*root, "cases");
        return merge_case(*root, variant, diagnostics_);
    }

private:
    std::optional<Node> file() {
        const Node* name = string_at(reference_, "scenario");
        if (!name) {
            diagnostics_.error(reference_.place, "\"replays\" must name a \"scenario\"");
            return std::nullopt;
        }
        const std::filesystem::path here = sources_.path(reference_.place.file);
        std::string path = (here.parent_path() / name->text).lexically_normal().generic_string();
        std::string why;
        std::optional<std::string> text = read_(path, why);
        if (!text) {
            diagnostics_.error(name->place, fmt::format("cannot read \"{}\": {}", path, why));
            return std::nullopt;
        }
        std::uint32_t file = sources_.add(path, std::move(*text));
        std::optional<Node> root = parse_json(sources_, file, diagnostics_);
        if (!root) return std::nullopt;
        bool scenario = root->is(Node::Kind::object) && root->find("scenario") != nullptr;
        if (!scenario || root->find("replays") != nullptr) {
            diagnostics_.error(name->place,
                               fmt::format("\"{}\" is no scenario that could be replayed", path));
            return std::nullopt;
        }
        include_parts(*root, file, read_, sources_, diagnostics_);
        for (std::string_view key : {"$schema", "about", "scenario"}) erase_member(*root, key);
        return root;
    }

    const Node& reference_;
    const ReadText& read_;
    Sources& sources_;
    Diagnostics& diagnostics_;
};

}  // namespace

bool put_under_what_it_replays(Node& root, const ReadText& read, Sources& sources,
                               Diagnostics& diagnostics) {
    const Node* found = root.find("replays");
    if (!found) return true;
    const Node reference = *found;
    if (!reference.is(Node::Kind::object)) {
        diagnostics.error(reference.place, fmt::format("\"replays\" must be an object, not {}",
                                                       kind_phrase(reference.kind)));
        return false;
    }
    std::optional<Node> under = Replayed(reference, read, sources, diagnostics).tree();
    if (!under) return false;
    // What only a file says stays as it is.
    std::vector<Member> own;
    for (std::string_view key : {"$schema", "scenario", "about", "replays"}) {
        if (const Member* member = root.member(key)) own.push_back(*member);
        erase_member(root, key);
    }
    root = merge_case(*under, root, diagnostics);
    for (Member& member : own) {
        erase_member(root, member.key);
        root.members.push_back(std::move(member));
    }
    return true;
}

}  // namespace sagalab::language
