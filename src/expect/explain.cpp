#include "expect/explain.h"

#include <algorithm>

namespace sagalab::expect {
namespace {

std::string shown(const Value& value) {
    if (value.is_error()) return "error: " + std::string(value.error_message());
    constexpr std::size_t longest = 400;
    std::string text = value.json();
    if (text.size() > longest) text = text.substr(0, longest) + "...";
    return text;
}

}  // namespace

std::vector<std::string> explain(const program::Program& program, ExpressionId expression,
                                 const program::Environment& environment) {
    std::vector<program::Part> parts;
    program::evaluate_explained(program, expression, environment, parts);
    const std::string& text = program[expression].text;
    std::vector<std::string> lines;
    for (const program::Part& part : parts) {
        std::string line = text.substr(part.begin, part.end - part.begin);
        line += " is " + shown(part.value);
        bool whole = part.begin == 0 && part.end >= text.size();
        if (whole && !part.value.is_error() && parts.size() > 1) continue;
        if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
    }
    return lines;
}

void compare(const std::string& path, const Value& expected, const Value* found,
             std::vector<std::string>& lines) {
    if (!found) {
        lines.push_back(path + " is missing, expected " + shown(expected));
        return;
    }
    bool maps = expected.is(Value::Kind::map) && found->is(Value::Kind::map);
    if (!maps) {
        if (expected == *found) return;
        lines.push_back(path + " is " + shown(*found) + ", expected " + shown(expected));
        return;
    }
    for (const MapEntry& entry : expected.entries()) {
        compare(path + "." + std::string(entry.key.text()), entry.value, found->find(entry.key),
                lines);
    }
}

}  // namespace sagalab::expect
