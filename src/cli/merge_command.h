// `sagalab merge`: the reports of all shards of an exploration, joined into one verdict.
#pragma once

#include "cli/command.h"

namespace sagalab::cli {

extern const Command merge_command;

}  // namespace sagalab::cli
