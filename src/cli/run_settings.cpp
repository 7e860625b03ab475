#include "cli/run_settings.h"

#include <algorithm>

#include "base/text.h"
#include "cli/errors.h"
#include "cli/pace.h"
#include "cli/scenario_files.h"

namespace sagalab::cli {
namespace {

constexpr unsigned threads_max = 1024;

Format to_format(std::string_view name) {
    if (name == "jsonl") return Format::jsonl;
    return name == "none" ? Format::none : Format::text;
}

Nanos to_pace(const std::string& text) {
    auto pace = parse_pace(text);
    if (!pace) {
        throw UsageError("--pace takes a factor such as \"1x\" or \"0.5x\", not \"" +
                         printable(text) + "\"");
    }
    return *pace;
}

// Under several presets a run is a table, which has no trace and no pace.
void check_presets(const RunSettings& settings) {
    std::vector<std::string> names = settings.presets;
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) throw UsageError("--preset " + *twice + " is given twice");
    if (names.size() < 2) return;
    const char* other = settings.format == Format::jsonl ? "--format jsonl"
                        : settings.check_determinism     ? "--check-determinism"
                        : settings.pace != 0             ? "--pace"
                                                         : nullptr;
    if (other) throw UsageError(std::string(other) + " takes one --preset, not several");
}

}  // namespace

RunSettings run_settings(const Arguments& arguments) {
    RunSettings settings;
    settings.files = arguments.words();
    settings.cases = arguments.values("case");
    settings.load = load_options(arguments);
    if (auto threads = arguments.value("threads")) {
        settings.threads = static_cast<unsigned>(to_integer("--threads", *threads, 1, threads_max));
        settings.compared_threads = settings.threads + 1;
    }
    if (auto pace = arguments.value("pace")) settings.pace = to_pace(*pace);
    settings.format = to_format(arguments.value("format").value_or("text"));
    settings.output = arguments.value("output");
    if (settings.output == "-") settings.output.reset();
    settings.check_determinism = arguments.has("check-determinism");
    settings.loose = arguments.has("loose");
    settings.strict = arguments.has("strict");
    settings.presets = arguments.values("preset");
    check_presets(settings);
    return settings;
}

views::Reproduction reproduction_of(const RunSettings& settings, const std::string& path) {
    return {path, settings.load.set, settings.presets.size() == 1 ? settings.presets[0] : "",
            settings.loose};
}

}  // namespace sagalab::cli
