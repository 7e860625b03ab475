// What `sagalab run` was asked to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "cli/arguments.h"
#include "language/load.h"
#include "views/summary.h"

namespace sagalab::cli {

enum class Format : std::uint8_t { text, jsonl, none };

struct RunSettings {
    std::vector<std::string> files;
    std::vector<std::string> cases;  // empty: all
    language::LoadOptions load;
    unsigned threads = 1;
    unsigned compared_threads = 8;  // of the second run, for --check-determinism
    Nanos pace = 0;
    Format format = Format::text;
    std::optional<std::string> output;  // -o, nothing for standard output
    bool check_determinism = false;
    std::vector<std::string> presets;  // --preset; with several, each case runs under each
    bool loose = false;                // pins that never fit are skipped
    bool strict = false;  // warnings of loading are errors, and so are vacuous expectations
};

// Throws UsageError.
RunSettings run_settings(const Arguments& arguments);

// How a run of that file can be repeated, for where every case runs under one preset or none.
views::Reproduction reproduction_of(const RunSettings& settings, const std::string& path);

}  // namespace sagalab::cli
