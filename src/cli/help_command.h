// sagalab help: the help page of a command.
#pragma once

#include "cli/command.h"

namespace sagalab::cli {

extern const Command help_command;

}  // namespace sagalab::cli
