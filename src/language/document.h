// A scenario file as trees: read, included, its params substituted, its cases merged, its structure
// checked. What is left to do is names, scopes, types and code.
//
// Order: includes first, then each case as a JSON Merge Patch (RFC 7396; the insides of `data`,
// `row`, `rows`, `set` and `body` replace whole; `addFaults` and `addWorkload` append), then a
// string that is nothing but "${params.NAME}" becomes the param's own value, then the structure of
// each merged case is checked against `shape`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "language/diagnostics.h"
#include "language/json.h"
#include "language/load.h"
#include "language/source.h"

namespace sagalab::language {

struct CaseTree {
    std::string name;  // the scenario's title where the file has no cases
    Node root;         // the merged file, without `cases` and `include`
};

struct Document {
    bool is_part = false;  // no `scenario`: part of a system
    std::string title;
    std::vector<CaseTree> cases;
    std::vector<std::string> files;  // as Program::files: position = number in Sources
};

// Nothing if a text is no JSON; else the document, with everything wrong in `diagnostics`. A part
// of a tree whose structure is wrong has been reported and is taken out, so that what remains can
// still be checked for more errors.
std::optional<Document> read_document(const std::string& name, std::optional<std::string> text,
                                      const LoadOptions& options, Sources& sources,
                                      Diagnostics& diagnostics);

}  // namespace sagalab::language
