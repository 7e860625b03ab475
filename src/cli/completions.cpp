#include "cli/completions.h"

#include <vector>

#include "cli/command.h"

namespace sagalab::cli {
namespace {

std::vector<const Option*> options_of(const Command& command) {
    std::vector<const Option*> all;
    for (const Option& option : command.options) all.push_back(&option);
    for (const Option& option : common_options()) all.push_back(&option);
    return all;
}

std::string command_names() {
    std::string names;
    for (const Command* command : commands()) {
        if (!names.empty()) names += ' ';
        names += command->name;
    }
    return names;
}

std::string option_names(const std::vector<const Option*>& options) {
    std::string names;
    for (const Option* option : options) {
        if (!names.empty()) names += ' ';
        names += "--" + std::string(option->name);
    }
    return names;
}

// --output|-o
std::string alternatives(const Option& option) {
    std::string names = "--" + std::string(option.name);
    if (option.letter != 0) names += std::string("|-") + option.letter;
    return names;
}

std::string bash_words(Words words) {
    switch (words) {
        case Words::expression:
        case Words::none: return ":";
        case Words::files: return "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")";
        case Words::commands:
            return "COMPREPLY=($(compgen -W \"" + command_names() + "\" -- \"$cur\"))";
        case Words::shells: break;
    }
    return "COMPREPLY=($(compgen -W \"bash zsh fish\" -- \"$cur\"))";
}

std::string bash_values(const std::vector<const Option*>& options) {
    std::string out;
    for (const Option* option : options) {
        if (option->argument.empty()) continue;
        out += "                " + alternatives(*option) + ") ";
        if (!option->choices.empty()) {
            out +=
                "COMPREPLY=($(compgen -W \"" + std::string(option->choices) + "\" -- \"$cur\")); ";
        } else if (option->completes_files) {
            out += "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); ";
        }
        out += "return ;;\n";
    }
    return out;
}

std::string bash_command(const Command& command) {
    std::vector<const Option*> options = options_of(command);
    return "        " + std::string(command.name) + ")\n            case \"$prev\" in\n" +
           bash_values(options) + "            esac\n            if [[ $cur == -* ]]; then\n" +
           "                COMPREPLY=($(compgen -W \"" + option_names(options) +
           "\" -- \"$cur\"))\n            else\n                " + bash_words(command.words) +
           "\n            fi ;;\n";
}

// A text in single quotes, for zsh's _arguments: brackets and colons mean something there.
std::string zsh_text(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '[' || c == ']' || c == ':') out += '\\';
        if (c == '\'') {
            out += "'\\''";
        } else {
            out += c;
        }
    }
    return out;
}

std::string zsh_option(const Option& option) {
    std::string action;
    if (!option.argument.empty()) {
        action = ":" + std::string(option.argument) + ":";
        if (!option.choices.empty()) action += "(" + std::string(option.choices) + ")";
        if (option.completes_files) action += "_files";
    }
    std::string help = "[" + zsh_text(option.help) + "]" + action + "'";
    std::string out = "                '*--" + std::string(option.name) + help;
    if (option.letter != 0) {
        out += " \\\n                '*-" + std::string(1, option.letter) + help;
    }
    return out + " \\\n";
}

std::string zsh_words(Words words) {
    switch (words) {
        case Words::expression:
        case Words::none: return "'*: :'";
        case Words::files: return "'*:scenario file:_files'";
        case Words::commands: return "'1:command:(" + command_names() + ")'";
        case Words::shells: break;
    }
    return "'1:shell:(bash zsh fish)'";
}

// A text in fish's single quotes.
std::string fish_text(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string fish_option(const std::string& condition, const Option& option) {
    std::string out = "complete -c sagalab" + condition + " -l " + std::string(option.name);
    if (option.letter != 0) out += std::string(" -s ") + option.letter;
    if (!option.argument.empty()) out += option.completes_files ? " -r -F" : " -x";
    if (!option.choices.empty()) out += " -a '" + std::string(option.choices) + "'";
    return out + " -d '" + fish_text(option.help) + "'\n";
}

std::string fish_words(Words words) {
    switch (words) {
        case Words::expression:
        case Words::none: return " -f";
        case Words::files: return " -F";
        case Words::commands: return " -f -a '" + command_names() + "'";
        case Words::shells: break;
    }
    return " -f -a 'bash zsh fish'";
}

}  // namespace

std::string bash_completions() {
    std::string out =
        "# bash completion for sagalab\n"
        "_sagalab() {\n"
        "    local cur prev command=\"\" i\n"
        "    COMPREPLY=()\n"
        "    cur=\"${COMP_WORDS[COMP_CWORD]}\"\n"
        "    prev=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
        "    if [[ $cur == \"=\" ]]; then cur=\"\"\n"
        "    elif [[ $prev == \"=\" ]]; then prev=\"${COMP_WORDS[COMP_CWORD-2]}\"; fi\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        case \"${COMP_WORDS[i]}\" in\n"
        "            --color) ((i++)) ;;\n"
        "            -*) ;;\n"
        "            *) command=\"${COMP_WORDS[i]}\"; break ;;\n"
        "        esac\n"
        "    done\n"
        "    case \"$command\" in\n"
        "        \"\")\n"
        "            if [[ $prev == --color ]]; then\n"
        "                COMPREPLY=($(compgen -W \"auto always never\" -- \"$cur\"))\n"
        "            else\n"
        "                COMPREPLY=($(compgen -W \"" +
        command_names() + " --help --version\" -- \"$cur\"))\n            fi ;;\n";
    for (const Command* command : commands()) out += bash_command(*command);
    return out + "    esac\n}\ncomplete -o filenames -F _sagalab sagalab\n";
}

std::string zsh_completions() {
    std::string out =
        "#compdef sagalab\n"
        "_sagalab() {\n"
        "    local -a commands\n"
        "    commands=(\n";
    for (const Command* command : commands()) {
        out += "        '" + std::string(command->name) + ":" + zsh_text(command->summary) + "'\n";
    }
    out +=
        "    )\n"
        "    if (( CURRENT == 2 )); then\n"
        "        _describe command commands\n"
        "        compadd -- --help --version\n"
        "        return\n"
        "    fi\n"
        "    local command=$words[2]\n"
        "    shift words\n"
        "    (( CURRENT-- ))\n"
        "    case $command in\n";
    for (const Command* command : commands()) {
        out += "        " + std::string(command->name) + ")\n            _arguments \\\n";
        for (const Option* option : options_of(*command)) out += zsh_option(*option);
        out += "                " + zsh_words(command->words) + " ;;\n";
    }
    return out + "    esac\n}\nif [[ $funcstack[1] == _sagalab ]]; then\n    _sagalab \"$@\"\n" +
           "else\n    compdef _sagalab sagalab\nfi\n";
}

std::string fish_completions() {
    std::string out = "# fish completion for sagalab\n";
    for (const Command* command : commands()) {
        std::string name(command->name);
        out += "complete -c sagalab -n __fish_use_subcommand -f -a " + name + " -d '" +
               fish_text(command->summary) + "'\n";
    }
    for (const Option& option : common_options()) {
        out += fish_option(" -n __fish_use_subcommand", option);
    }
    for (const Command* command : commands()) {
        std::string condition =
            " -n '__fish_seen_subcommand_from " + std::string(command->name) + "'";
        out += "complete -c sagalab" + condition + fish_words(command->words) + "\n";
        for (const Option* option : options_of(*command)) out += fish_option(condition, *option);
    }
    return out;
}

}  // namespace sagalab::cli
