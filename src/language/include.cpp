#include "language/include.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>
#include <vector>

#include "language/merge.h"

namespace sagalab::language {
namespace {

std::string resolve(const std::string& from, const std::string& path) {
    std::filesystem::path folder = std::filesystem::path(from).parent_path();
    return (folder / path).lexically_normal().generic_string();
}

std::string normal(const std::string& path) {
    return std::filesystem::path(path).lexically_normal().generic_string();
}

class Includer {
public:
    Includer(const ReadText& read, Sources& sources, Diagnostics& diagnostics)
        : read_(read), sources_(sources), diagnostics_(diagnostics) {}

    void expand(Node& root, const std::string& path) {
        const Member* include = root.member("include");
        if (include == nullptr) return;
        Node list = include->value;
        erase_member(root, "include");
        if (!list.is(Node::Kind::array)) {
            diagnostics_.error(list.place, fmt::format("\"include\" must be an array, not {}",
                                                       kind_phrase(list.kind)));
            return;
        }
        Node merged;
        merged.kind = Node::Kind::object;
        merged.place = root.place;
        open_.push_back(normal(path));
        for (const Node& item : list.items) add(merged, item, path);
        open_.pop_back();
        merge_part(merged, std::move(root), sources_, diagnostics_);
        root = std::move(merged);
    }

private:
    void add(Node& merged, const Node& item, const std::string& from) {
        if (!item.is(Node::Kind::string) || item.text.empty()) {
            diagnostics_.error(item.place,
                               fmt::format("an item of \"include\" must be a path, not {}",
                                           item.is(Node::Kind::string) ? "an empty string"
                                                                       : kind_phrase(item.kind)));
            return;
        }
        std::string path = resolve(from, item.text);
        if (std::find(open_.begin(), open_.end(), path) != open_.end()) {
            std::string way;
            for (const std::string& open : open_) way += open + " -> ";
            diagnostics_.error(item.place, fmt::format("include cycle: {}{}", way, path));
            return;
        }
        if (!seen_.insert(path).second) return;
        std::optional<Node> part = read_part(item, path);
        if (!part) return;
        expand(*part, path);
        for (std::string_view key : {"$schema", "about", "scenario"}) erase_member(*part, key);
        merge_part(merged, std::move(*part), sources_, diagnostics_);
    }

    std::optional<Node> read_part(const Node& item, const std::string& path) {
        std::string why;
        std::optional<std::string> text = read_(path, why);
        if (!text) {
            diagnostics_.error(item.place, fmt::format("cannot read \"{}\": {}", path, why));
            return std::nullopt;
        }
        std::uint32_t file = sources_.add(path, std::move(*text));
        std::optional<Node> part = parse_json(sources_, file, diagnostics_);
        if (!part) return std::nullopt;
        if (!part->is(Node::Kind::object)) {
            diagnostics_.error(
                part->place,
                fmt::format("part of a system must be an object, not {}", kind_phrase(part->kind)));
            return std::nullopt;
        }
        if (part->find("scenario") != nullptr) {
            diagnostics_.error(item.place,
                               fmt::format("\"{}\" is a scenario of its own; what is included "
                                           "has no \"scenario\"",
                                           path));
        }
        return part;
    }

    const ReadText& read_;
    Sources& sources_;
    Diagnostics& diagnostics_;
    std::vector<std::string> open_;  // files that are being read, each named by the one before
    std::set<std::string> seen_;
};

}  // namespace

void include_parts(Node& root, std::uint32_t file, const ReadText& read, Sources& sources,
                   Diagnostics& diagnostics) {
    std::string path = sources.path(file);
    Includer(read, sources, diagnostics).expand(root, path);
}

}  // namespace sagalab::language
