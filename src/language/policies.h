// Retry and breaker policies: by name from `policies`, or written out where they are used.
#pragma once

#include "language/load_context.h"

namespace sagalab::language {

// The policy that `owner` names or holds under "retry"; absent where there is none.
PolicyId retry_of(LoadContext& context, const Node& owner);
PolicyId breaker_of(LoadContext& context, const Node& owner);

// A policy of the language's own, made once.
PolicyId built_in_retry(LoadContext& context, bool forever);

void load_policies(LoadContext& context);

}  // namespace sagalab::language
