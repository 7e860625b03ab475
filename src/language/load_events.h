// Parts of loading event sourcing that are files of their own.
#pragma once

#include "language/load_context.h"

namespace sagalab::language {

// Reads the aggregate's seeded history as a run would. The file has no errors so far.
void check_history(LoadContext& context, const program::Aggregate& aggregate, const Node& node);

}  // namespace sagalab::language
