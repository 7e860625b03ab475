#include "cli/scenario_files.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <utility>

namespace sagalab::cli {
namespace {

language::Diagnostics as_errors(const language::Diagnostics& diagnostics) {
    language::Diagnostics strict;
    for (const language::Diagnostic& one : diagnostics.sorted()) {
        strict.add({language::Severity::error, one.place, one.message, one.lint});
    }
    return strict;
}

bool is_schema(std::string_view path) { return path.ends_with(".schema.json"); }

}  // namespace

std::string read_standard_input() {
    std::string text;
    std::array<char, 65'536> piece{};
    for (;;) {
        ssize_t size = read(STDIN_FILENO, piece.data(), piece.size());
        if (size == 0) return text;
        if (size > 0) {
            text.append(piece.data(), static_cast<std::size_t>(size));
        } else if (errno != EINTR) {
            throw Failure("cannot read standard input: " + error_text(errno));
        }
    }
}

language::LoadOptions load_options(const Arguments& arguments) {
    language::LoadOptions options;
    for (const std::string& text : arguments.values("set")) {
        options.set.push_back(to_setting("--set", text));
    }
    if (auto seed = arguments.value("seed")) {
        options.seed = to_integer("--seed", *seed, 0, std::numeric_limits<std::uint64_t>::max());
    }
    options.random = arguments.has("random");
    options.lints = arguments.has("strict");
    return options;
}

std::vector<ScenarioFile> load_files(const std::vector<std::string>& paths,
                                     const language::LoadOptions& options) {
    if (paths.empty()) throw UsageError("no scenario file given");
    if (std::count(paths.begin(), paths.end(), "-") > 1) {
        throw UsageError("standard input can be read only once");
    }
    std::vector<ScenarioFile> files;
    bool only_schemas = std::all_of(paths.begin(), paths.end(), is_schema);
    for (const std::string& path : paths) {
        if (is_schema(path) && !only_schemas) continue;
        language::Loaded loaded =
            path == "-" ? language::load_text("<stdin>", read_standard_input(), options)
                        : language::load_file(path, options);
        files.push_back({path, std::move(loaded)});
    }
    return files;
}

bool report_diagnostics(const std::vector<ScenarioFile>& files, bool strict, Console& console) {
    bool good = true;
    views::TextOptions style = console.err_style();
    language::RenderOptions options;
    options.color = style.color;
    options.width = style.width;
    if (console.verbose()) options.most = std::numeric_limits<std::size_t>::max();
    std::vector<std::string> told;
    for (const ScenarioFile& file : files) {
        const language::Diagnostics& found = file.loaded.diagnostics;
        bool warns = !found.has_errors() && !found.sorted().empty();
        std::string text =
            language::render(strict ? as_errors(found) : found, file.loaded.sources, options);
        if (found.has_errors() || (strict && warns)) good = false;
        if (console.quiet() && warns && !strict) continue;
        if (std::find(told.begin(), told.end(), text) != told.end()) continue;
        console.err().write(text);
        told.push_back(std::move(text));
    }
    return good;
}

std::vector<std::string> input_paths(const std::vector<ScenarioFile>& files) {
    std::vector<std::string> paths;
    for (const ScenarioFile& file : files) {
        if (file.path == "-") paths.emplace_back("/dev/stdin");
        for (std::size_t i = 0; i < file.loaded.sources.size(); ++i) {
            paths.push_back(file.loaded.sources.path(static_cast<std::uint32_t>(i)));
        }
    }
    return paths;
}

}  // namespace sagalab::cli
