// Parts of a system that a scenario file takes from other files.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "language/diagnostics.h"
#include "language/json.h"
#include "language/source.h"

namespace sagalab::language {

// Text of a file by its path, or nothing and the reason in `why`.
using ReadText =
    std::function<std::optional<std::string>(const std::string& path, std::string& why)>;

// Merges what `root`, the tree of file number `file`, includes, and what that includes in turn, and
// takes the key out. Paths are relative to the file that names them. A file that is named twice is
// merged once; cycles, clashes, files that cannot be read and whole scenarios are errors.
void include_parts(Node& root, std::uint32_t file, const ReadText& read, Sources& sources,
                   Diagnostics& diagnostics);

}  // namespace sagalab::language
