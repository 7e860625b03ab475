// sagalab check: says all that is wrong with scenario files, without running them.
#pragma once

#include "cli/command.h"

namespace sagalab::cli {

extern const Command check_command;

}  // namespace sagalab::cli
