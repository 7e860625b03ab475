// Retry policies as the times they come to, for people: a table of tries for each policy and
// timeout, retries within retries as a product, and timeouts that end before the retries behind
// them do.
#pragma once

#include <string>

#include "program/program.h"
#include "views/text.h"

namespace sagalab::views {

// Lines, each with a newline. With `verbose` every use of a policy is named, and every nesting.
std::string retry_schedules(const program::Program& program, const TextOptions& options);

}  // namespace sagalab::views
