// The structure of a tree, checked against the table of shape.h.
//
// What is wrong is reported at its place and taken out of the tree: an unknown key, a value of the
// wrong kind, a step without a verb. What only lacks a key stays, and so does everything that has a
// name, emptied if need be, so that the names in the rest of the file still mean something.
#pragma once

#include "language/diagnostics.h"
#include "language/json.h"
#include "language/shape.h"

namespace sagalab::language {

void check_shape(Node& root, const shape::Object& object, Diagnostics& diagnostics);

// A value that was reported before and that no check need report again.
Node make_hole(const Place& place);
bool is_hole(const Node& node);

}  // namespace sagalab::language
