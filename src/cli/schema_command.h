// sagalab schema: the JSON Schema of scenario files.
#pragma once

#include "cli/command.h"

namespace sagalab::cli {

extern const Command schema_command;

}  // namespace sagalab::cli
