// sagalab explain: what a lint means and what to do about it; what the retries of a file come to.
#pragma once

#include "cli/command.h"

namespace sagalab::cli {

extern const Command explain_command;

}  // namespace sagalab::cli
