// sagalab completions: scripts that complete the command line in a shell.
#pragma once

#include "cli/command.h"

namespace sagalab::cli {

extern const Command completions_command;

}  // namespace sagalab::cli
