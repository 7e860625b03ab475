#include "cli/help.h"

#include <algorithm>

#include "views/layout.h"

namespace sagalab::cli {
namespace {

constexpr std::string_view tool_statuses =
    "  0 all holds; 1 an expectation failed; 2 bad input or usage, unwritable output;\n"
    "  3 a limit was reached; 130 interrupted, after the report so far\n";

std::string first_line(std::string_view lines) {
    return std::string(lines.substr(0, lines.find('\n') + 1));
}

std::string option_lines(std::span<const Option> options, HelpForm form) {
    std::string out;
    for (const Option& option : options) {
        if (option.rare && form == HelpForm::brief) continue;
        std::string names = option.letter != 0 ? std::string("-") + option.letter + ", " : "    ";
        names += "--" + std::string(option.name);
        if (!option.argument.empty()) names += " " + std::string(option.argument);
        out += "  " + views::pad_right(names, 23) + "  " + std::string(option.help) + "\n";
    }
    return out;
}

}  // namespace

std::string command_help(const Command& command, HelpForm form) {
    bool full = form == HelpForm::full;
    std::string out = "Usage: sagalab " + std::string(command.name) + " " +
                      std::string(command.usage) + "\n" + std::string(command.summary) + "\n";
    if (full && !command.details.empty()) out += "\n" + std::string(command.details);
    bool has_rare = std::any_of(command.options.begin(), command.options.end(),
                                [](const Option& option) { return option.rare; });
    out += !full && has_rare ? "\nOptions (more with --help):\n" : "\nOptions:\n";
    out += option_lines(command.options, form) + option_lines(common_options(), form);
    out += "\nExit status:\n" + std::string(command.statuses);
    out += full ? "\nExamples:\n" + std::string(command.examples)
                : "Example:\n" + first_line(command.examples);
    return out;
}

std::string tool_help(HelpForm form) {
    std::string out =
        "Usage: sagalab COMMAND [OPTION]... [FILE]...\n"
        "Runs microservice patterns from scenario files, the same way every time.\n"
        "\nCommands:\n";
    for (const Command* command : commands()) {
        out += "  " + views::pad_right(command->name, 13) + std::string(command->summary) + "\n";
    }
    out += "\nOptions:\n" + option_lines(common_options(), form);
    if (form == HelpForm::full) {
        out +=
            "\nColours follow NO_COLOR, CLICOLOR_FORCE and TERM; --color beats them. The file\n"
            "name \"-\" is standard input or output; \"--\" ends the options. Results go to\n"
            "standard output, warnings and errors to standard error.\n";
    }
    out += "\nExit status:\n" + std::string(tool_statuses);
    out += "\nExamples:\n  sagalab run order.json\n  sagalab help run\n";
    return out;
}

std::string help_hint(std::string_view command) {
    std::string name = command.empty() ? "sagalab" : "sagalab " + std::string(command);
    return "Try \"" + name + " --help\".\n";
}

}  // namespace sagalab::cli
