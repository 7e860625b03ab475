// Golden traces: NAME.trace.jsonl beside NAME.json is the trace that somebody has read and
// approved.
//
// It is what `sagalab run --format jsonl NAME.json` prints in the file's own folder: every case,
// one after the other. Where it is there, each case must leave its part of it, byte by byte.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sagalab::cli {

std::string golden_path(const std::string& scenario);

// The scenario's name in its trace: without the folder, wherever it is run from.
std::string traced_name(const std::string& scenario);

class GoldenTrace {
public:
    // Nothing where there is none. Throws Failure if it cannot be read.
    static std::optional<GoldenTrace> of(const std::string& scenario);
    [[nodiscard]] const std::string& text() const { return text_; }
    // The trace of one of a file's `cases`, by its number; the last one has all the rest. Empty if
    // there is none.
    [[nodiscard]] std::string_view part(std::size_t number, std::size_t cases) const;

private:
    explicit GoldenTrace(std::string text);
    std::string text_;
    std::vector<std::size_t> starts_;
};

}  // namespace sagalab::cli
