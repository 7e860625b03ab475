#include "cli/completions_command.h"

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/completions.h"
#include "cli/console.h"

namespace sagalab::cli {
namespace {

int run(const Arguments& arguments, Console& console) {
    if (arguments.words().size() != 1) throw UsageError("completions takes one of bash, zsh, fish");
    const std::string& shell = arguments.words()[0];
    if (shell == "bash") {
        console.out().write(bash_completions());
    } else if (shell == "zsh") {
        console.out().write(zsh_completions());
    } else if (shell == "fish") {
        console.out().write(fish_completions());
    } else {
        throw UsageError("completions takes one of bash, zsh, fish, not \"" + printable(shell) +
                         "\"" + suggestion(shell, {"bash", "zsh", "fish"}));
    }
    return exit_code::ok;
}

}  // namespace

const Command completions_command{
    "completions",
    "bash|zsh|fish",
    "Prints a script that completes sagalab's command line.",
    {},
    "",
    "  0 printed; 2 no such shell\n",
    "  sagalab completions bash > ~/.local/share/bash-completion/completions/sagalab\n"
    "  sagalab completions zsh > ~/.zfunc/_sagalab\n"
    "  sagalab completions fish > ~/.config/fish/completions/sagalab.fish\n",
    Words::shells,
    run,
};

}  // namespace sagalab::cli
