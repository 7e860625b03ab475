// `sagalab explore`: every failure nobody thought of.
#pragma once

#include "cli/command.h"

namespace sagalab::cli {

extern const Command explore_command;

}  // namespace sagalab::cli
