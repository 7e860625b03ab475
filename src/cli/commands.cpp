#include <algorithm>
#include <array>

#include "cli/check_command.h"
#include "cli/command.h"
#include "cli/completions_command.h"
#include "cli/eval_command.h"
#include "cli/explain_command.h"
#include "cli/explore_command.h"
#include "cli/help_command.h"
#include "cli/merge_command.h"
#include "cli/points_command.h"
#include "cli/run_command.h"
#include "cli/schema_command.h"
#include "cli/test_command.h"

namespace sagalab::cli {
namespace {

constexpr const Command* all_commands[] = {&run_command,  &explore_command,    &merge_command,
                                           &test_command, &check_command,      &points_command,
                                           &eval_command, &explain_command,    &schema_command,
                                           &help_command, &completions_command};

constexpr std::array<Option, 5> shared_options{{
    {"color", 0, "WHEN", "colours: auto, always or never", "auto always never", false},
    {"quiet", 'q', "", "say only what went wrong", "", false},
    {"verbose", 'v', "", "cut nothing short", "", false},
    {"version", 'V', "", "print the version, with -v also what built it", "", false},
    {"help", 'h', "", "print help: -h in short, --help in full", "", false},
}};

}  // namespace

std::span<const Command* const> commands() { return all_commands; }

const Command* find_command(std::string_view name) {
    const auto* found = std::find_if(std::begin(all_commands), std::end(all_commands),
                                     [&](const Command* command) { return command->name == name; });
    return found == std::end(all_commands) ? nullptr : *found;
}

std::span<const Option> common_options() { return shared_options; }

}  // namespace sagalab::cli
