// sagalab: the first word names a command, the rest is its business.
#include <fcntl.h>
#include <unistd.h>

#include <boost/version.hpp>
#include <cerrno>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/errors.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "views/version.h"

namespace sagalab::cli {
namespace {

// sagalab itself, for options without a command.
constexpr Command tool{"", "", "", {}, "", "", "", Words::none, nullptr};

struct Line {
    std::vector<std::string> words;  // all but the command's name
    std::string command;             // empty: none was named
    std::size_t before = 0;          // how many of the words stood before it
};

// The first word that is no option is the command; options before it belong to it too.
Line find_first_word(const std::vector<std::string>& words) {
    Line line;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i].size() > 1 && words[i][0] == '-') {
            line.words.push_back(words[i]);
            bool takes_next = words[i] == "--color" && i + 1 < words.size();
            if (takes_next) line.words.push_back(words[++i]);
            if (words[i] == "--") break;
            continue;
        }
        line.command = words[i];
        line.before = line.words.size();
        line.words.insert(line.words.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                          words.end());
        break;
    }
    return line;
}

std::string version_text(bool verbose) {
    std::string out = "sagalab " + std::string(version) + "\n";
    if (!verbose) return out;
#if defined(__clang__)
    out += "compiler: Clang " __clang_version__ "\n";
#else
    out += "compiler: GCC " __VERSION__ "\n";
#endif
    out += "Boost: " + std::to_string(BOOST_VERSION / 100'000) + ".";
    out += std::to_string(BOOST_VERSION / 100 % 1000) + ".";
    return out + std::to_string(BOOST_VERSION % 100) + "\n";
}

HelpForm form_of(const Arguments& arguments) {
    return arguments.is_long("help") ? HelpForm::full : HelpForm::brief;
}

int run_tool(const std::vector<std::string>& words, Console& console) {
    Arguments arguments = parse_arguments(tool, words);
    if (arguments.has("help")) {
        console.out().write(tool_help(form_of(arguments)));
    } else if (arguments.has("version")) {
        console.out().write(version_text(arguments.has("verbose")));
    } else {
        throw UsageError("no command given");
    }
    return exit_code::ok;
}

int run_command_line(const Command& command, const std::vector<std::string>& words,
                     Console& console) {
    Arguments arguments = parse_arguments(command, words);
    if (arguments.has("help")) {
        console.out().write(command_help(command, form_of(arguments)));
        return exit_code::ok;
    }
    if (arguments.has("version")) {
        console.out().write(version_text(arguments.has("verbose")));
        return exit_code::ok;
    }
    console.configure(arguments);
    return command.run(arguments, console);
}

int dispatch(const std::vector<std::string>& words, Console& console) {
    if (words.empty()) {
        console.err().write(tool_help(HelpForm::brief));
        return exit_code::bad_input;
    }
    Line line = find_first_word(words);
    const Command* command = find_command(line.command);
    try {
        if (line.command.empty()) return run_tool(line.words, console);
        auto options_end = line.words.begin() + static_cast<std::ptrdiff_t>(line.before);
        parse_arguments(tool, {line.words.begin(), options_end});
        if (!command) throw unknown_command(line.command);
        return run_command_line(*command, line.words, console);
    } catch (const UsageError& error) {
        console.error(error.what());
        console.err().write(help_hint(command ? command->name : ""));
    } catch (const Failure& error) {
        console.error(error.what());
    } catch (const std::bad_alloc&) {
        console.error("out of memory");
        return exit_code::limit;
    } catch (const std::exception& error) {
        console.error(std::string("internal error: ") + error.what());
    }
    return exit_code::bad_input;
}

// A descriptor that the caller closed would be given to the next file that is opened: results
// would be written into it.
void hold_standard_descriptors() {
    for (int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (fcntl(descriptor, F_GETFD) == -1 && open("/dev/null", O_RDONLY) == -1) return;
    }
}

int run_process(const std::vector<std::string>& words) {
    hold_standard_descriptors();
    ignore_write_signals();
    Console console;
    int code = dispatch(words, console);
    console.out().close();
    int error = console.out().error();
    if (error == EPIPE) return exit_code::broken_pipe;
    if (error != 0) {
        console.error("cannot write to standard output: " + error_text(error));
        return exit_code::bad_input;
    }
    return code;
}

}  // namespace
}  // namespace sagalab::cli

int main(int count, char** words) {
    return sagalab::cli::run_process({words + (count > 0 ? 1 : 0), words + count});
}
