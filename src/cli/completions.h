// Completion scripts, written from the rows of commands.
#pragma once

#include <string>

namespace sagalab::cli {

std::string bash_completions();
std::string zsh_completions();
std::string fish_completions();

}  // namespace sagalab::cli
