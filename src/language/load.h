// From scenario files to programs: read, include, substitute params, merge cases, check, compile.
//
// Every error of a file is found in one go; one mistake seen in several cases is reported once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "language/diagnostics.h"
#include "language/source.h"
#include "program/program.h"

namespace sagalab::language {

struct LoadOptions {
    std::vector<std::pair<std::string, std::string>> set;  // --set NAME=VALUE
    std::optional<std::uint64_t> seed;
    bool lints = false;   // say what hardly is meant, too: see lint.h
    bool random = false;  // open choices are drawn from the seed
    // Text of a file by its path, or nothing and the reason in `why`. Default: the file system.
    std::function<std::optional<std::string>(const std::string& path, std::string& why)> read;
};

struct Loaded {
    Sources sources;
    Diagnostics diagnostics;
    // One program a case, in the order of the file; empty when there are errors.
    std::vector<std::shared_ptr<const program::Program>> cases;
    bool is_part = false;  // a file without `scenario`: part of a system, no test
};

Loaded load_file(const std::string& path, const LoadOptions& options = {});
// The same for text that has no file; `name` is what messages call it ("<stdin>").
Loaded load_text(const std::string& name, std::string text, const LoadOptions& options = {});

}  // namespace sagalab::language
