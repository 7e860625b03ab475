// Small scenarios for tests of the loader: loaded from text, with their listing or their errors.
#pragma once

#include <memory>
#include <string>

#include "language/load.h"
#include "program/dump.h"
#include "support/catch.h"

namespace sagalab::test {

// Errors and warnings, one a line, without the lines of the file that they quote.
inline std::string messages(const language::Loaded& loaded) {
    std::string out;
    for (const language::Diagnostic& found : loaded.diagnostics.sorted()) {
        const language::LineColumn at = loaded.sources.line_column(found.place);
        out += std::to_string(at.line) + ":" + std::to_string(at.column) + ": " +
               (found.severity == language::Severity::error ? "" : "warning: ") + found.message +
               "\n";
    }
    return out;
}

inline std::string messages(const std::string& text) {
    return messages(language::load_text("test.json", text));
}

// The only case of a scenario that must be right.
inline std::shared_ptr<const program::Program> loaded(const std::string& text) {
    const language::Loaded result = language::load_text("test.json", text);
    INFO(messages(result));
    REQUIRE_FALSE(result.diagnostics.has_errors());
    REQUIRE(result.cases.size() == 1);
    return result.cases[0];
}

// A scenario of one service S whose event E has these steps. S owns the tables orders and items;
// T answers to Do and Undo.
inline std::string with_steps(const std::string& steps) {
    return R"({"scenario": "t", "services": {
"S": {"store": {"orders": {}, "items": {}}, "on": {"E": [
)" + steps +
           R"(
]}},
"T": {"api": {"Do": [{"reply": {"ok": true}}], "Undo": []}}}})";
}

// The same as a saga S.G.
inline std::string with_saga(const std::string& steps, const std::string& more = "") {
    return R"({"scenario": "t", "services": {
"S": {"store": {"orders": {}}, "sagas": {"G": {"id": "msg.id", "steps": [
)" + steps +
           R"(
])" + more +
           R"(}}},
"T": {"api": {"Do": [{"reply": {"ok": true}}], "Undo": [], "Late": []}}}})";
}

// The listing of the first handler, up to its `end`, and what stands behind it in the same handler.
inline std::string listing(const std::string& text) {
    program::DumpOptions options;
    options.code_only = true;
    const std::string all = program::dump(*loaded(text), options);
    return all.substr(0, all.find("\nT api"));
}

}  // namespace sagalab::test
