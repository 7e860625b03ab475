// What an object of the table is meant to be: its verb, and keys that it does not know.
#pragma once

#include "language/diagnostics.h"
#include "language/json.h"
#include "language/shape.h"

namespace sagalab::language {

// The row of the one verb that `node` has; null where there is none or more than one, which is
// then reported. Keys that are verbs elsewhere do not count where the row of another verb has them:
// the "if" of an "await", the "reject" of an "if".
const shape::Object* choose_verb(const Node& node, const shape::Verbs& verbs,
                                 Diagnostics& diagnostics);

void report_unknown_key(const Member& member, const shape::Object& object,
                        Diagnostics& diagnostics);

}  // namespace sagalab::language
