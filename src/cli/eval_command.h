// sagalab eval: the value of one expression, or of many.
#pragma once

#include "cli/command.h"

namespace sagalab::cli {

extern const Command eval_command;

}  // namespace sagalab::cli
