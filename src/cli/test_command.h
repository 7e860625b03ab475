// sagalab test: every case of many scenario files, several at a time.
#pragma once

#include "cli/command.h"

namespace sagalab::cli {

extern const Command test_command;

}  // namespace sagalab::cli
