// sagalab points: every point at which a scenario can fail, and how often it is passed.
#pragma once

#include "cli/command.h"

namespace sagalab::cli {

extern const Command points_command;

}  // namespace sagalab::cli
