// Trees made of several: parts of a system in one, a case over its file.
#pragma once

#include <string_view>

#include "language/diagnostics.h"
#include "language/json.h"
#include "language/shape.h"
#include "language/source.h"

namespace sagalab::language {

// Adds a part to the tree of a file. Services, params, policies, topics, expectations and cases go
// together by name, workload and faults one after the other; what is defined in both is an error
// that names both places, and the first stays.
void merge_part(Node& into, Node part, const Sources& sources, Diagnostics& diagnostics);

// `variant`, a case, over the tree of its file: a JSON Merge Patch (RFC 7396), but the insides of
// `data`, `row`, `rows`, `set` and `body` replace whole, and `addFaults` and `addWorkload` append.
// Parts keep the places where they were written.
Node merge_case(const Node& base, const Node& variant, Diagnostics& diagnostics);

// Whether a case replaces the value of this key of the language whole, instead of merging into it.
bool replaces_whole(std::string_view key);

// Of a shape with several options the one that takes objects, into which a case merges.
const shape::Shape* object_option(const shape::Shape* shape);

// Takes a member out of an object.
void erase_member(Node& object, std::string_view key);

}  // namespace sagalab::language
