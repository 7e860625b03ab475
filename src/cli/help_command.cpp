#include "cli/help_command.h"

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/errors.h"
#include "cli/help.h"

namespace sagalab::cli {
namespace {

int run(const Arguments& arguments, Console& console) {
    if (arguments.words().size() > 1) throw UsageError("help takes one command");
    if (arguments.words().empty()) {
        console.out().write(tool_help(HelpForm::full));
        return exit_code::ok;
    }
    const std::string& name = arguments.words()[0];
    const Command* command = find_command(name);
    if (!command) throw unknown_command(name);
    console.out().write(command_help(*command, HelpForm::full));
    return exit_code::ok;
}

}  // namespace

const Command help_command{
    "help",
    "[COMMAND]",
    "Prints the help page of a command, or of sagalab.",
    {},
    "",
    "  0 printed; 2 no such command\n",
    "  sagalab help run\n",
    Words::commands,
    run,
};

}  // namespace sagalab::cli
