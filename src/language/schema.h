// The JSON Schema (draft-07) of scenario files, made from the table of shape.h: what an editor
// completes from, and complains of while one types.
//
// It accepts the structure that the loader accepts. Only the loader sees: duplicate keys, depth,
// numbers beyond 64 bits or written as 1.0, sums and orders of values (the second duration of a
// distribution, rates below a millionth), what a "${params.NAME}" stands for, names and
// expressions; and of a file with cases, whether a case completes or mends the file or the file
// the case. The schema is stricter in two places: a file must be whole without its cases, and a
// case sets to null only keys and names that there could be.
#pragma once

#include <string>

namespace sagalab::language {

// The schema as text, two spaces of indent; the same bytes for the same table.
std::string scenario_schema();

}  // namespace sagalab::language
