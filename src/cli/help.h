// Help pages, written from the rows of commands: at most 80 columns; the short form at most 24
// lines. The layout is the one help2man reads: Usage, Options, Exit status, Examples.
#pragma once

#include <string>

#include "cli/command.h"

namespace sagalab::cli {

enum class HelpForm { brief, full };

std::string command_help(const Command& command, HelpForm form);
std::string tool_help(HelpForm form);

// Try "sagalab run --help" ...
std::string help_hint(std::string_view command);

}  // namespace sagalab::cli
