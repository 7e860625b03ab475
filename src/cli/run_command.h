// sagalab run: every case of scenario files, from start to quiescence.
#pragma once

#include "cli/command.h"

namespace sagalab::cli {

extern const Command run_command;

}  // namespace sagalab::cli
