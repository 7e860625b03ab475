// Documents from texts that stand in a test, and what is reported of them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "language/document.h"

namespace sagalab::language {

using Lines = std::vector<std::string>;

struct ReadResult {
    Sources sources;
    Diagnostics diagnostics;
    std::optional<Document> document;

    // "line:column message", in order; with "path:" before it in files that were included.
    [[nodiscard]] Lines messages() const {
        Lines lines;
        for (const Diagnostic& diagnostic : diagnostics.sorted()) {
            LineColumn at = sources.line_column(diagnostic.place);
            std::string where = std::to_string(at.line) + ":" + std::to_string(at.column);
            if (diagnostic.place.file > 0) {
                where = sources.path(diagnostic.place.file) + ":" + where;
            }
            lines.push_back(where + " " + diagnostic.message);
        }
        return lines;
    }
};

inline ReadResult read(std::string text, const std::map<std::string, std::string>& files = {},
                       std::vector<std::pair<std::string, std::string>> settings = {}) {
    ReadResult result;
    LoadOptions options;
    options.set = std::move(settings);
    options.read = [&files](const std::string& path,
                            std::string& why) -> std::optional<std::string> {
        auto found = files.find(path);
        if (found != files.end()) return found->second;
        why = "no such file";
        return std::nullopt;
    };
    result.document =
        read_document("main.json", std::move(text), options, result.sources, result.diagnostics);
    return result;
}

// A scenario of one service with one handler of these steps.
inline std::string with_steps(const std::string& steps) {
    return R"({"scenario":"s","services":{"A":{"api":{"Do":[)" + steps + "]}}}}";
}

// A tree as compact text, to compare.
inline std::string compact(const Node& node) {
    std::string text;
    switch (node.kind) {
        case Node::Kind::null: return "null";
        case Node::Kind::boolean: return node.truth ? "true" : "false";
        case Node::Kind::integer: return std::to_string(node.integer);
        case Node::Kind::string: return "'" + node.text + "'";
        case Node::Kind::array:
            for (const Node& item : node.items) text += (text.empty() ? "" : ",") + compact(item);
            return "[" + text + "]";
        case Node::Kind::object:
            for (const Member& member : node.members) {
                text += (text.empty() ? "" : ",") + member.key + ":" + compact(member.value);
            }
            return "{" + text + "}";
    }
    return text;
}

}  // namespace sagalab::language
