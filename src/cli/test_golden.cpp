#include "cli/test_golden.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "cli/errors.h"
#include "language/source.h"

namespace sagalab::cli {
namespace {

// How each trace begins: `specversion` and `type` come first in every line.
constexpr std::string_view first_line = R"({"specversion":"1.0","type":"sagalab.run.started",)";

}  // namespace

std::string golden_path(const std::string& scenario) {
    std::string stem =
        scenario.ends_with(".json") ? scenario.substr(0, scenario.size() - 5) : scenario;
    return stem + ".trace.jsonl";
}

std::string traced_name(const std::string& scenario) {
    return std::filesystem::path(scenario).filename().string();
}

std::optional<GoldenTrace> GoldenTrace::of(const std::string& scenario) {
    if (scenario == "-") return std::nullopt;
    std::string path = golden_path(scenario);
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return std::nullopt;
    std::string why;
    auto text = language::read_text_file(path, why);
    if (!text) throw Failure("cannot read \"" + printable(path) + "\": " + why);
    return GoldenTrace(std::move(*text));
}

GoldenTrace::GoldenTrace(std::string text) : text_(std::move(text)) {
    std::size_t line = 0;
    while (line < text_.size()) {
        if (text_.compare(line, first_line.size(), first_line) == 0) starts_.push_back(line);
        std::size_t end = text_.find('\n', line);
        if (end == std::string::npos) break;
        line = end + 1;
    }
}

std::string_view GoldenTrace::part(std::size_t number, std::size_t cases) const {
    if (number >= starts_.size()) return {};
    std::size_t end =
        number + 1 < std::min(cases, starts_.size()) ? starts_[number + 1] : text_.size();
    return std::string_view(text_).substr(starts_[number], end - starts_[number]);
}

}  // namespace sagalab::cli
