// A command is a row: its name, what it says of itself, its options and the function that runs it.
// Parsing, help pages and completions read these rows and nothing else.
#pragma once

#include <span>
#include <string_view>

namespace sagalab::cli {

class Arguments;
class Console;

// What the process ends with.
namespace exit_code {
inline constexpr int ok = 0;
inline constexpr int failed = 1;     // an expectation or an assertion
inline constexpr int bad_input = 2;  // usage, files, options, output that cannot be written
inline constexpr int limit = 3;
inline constexpr int interrupted = 130;
inline constexpr int broken_pipe = 141;
}  // namespace exit_code

struct Option {
    std::string_view name;      // without dashes
    char letter = 0;            // 0: none
    std::string_view argument;  // "NAME"; empty: a flag
    std::string_view help;      // one line; with the names at most 80 columns
    std::string_view choices;   // all values it may have, separated by spaces; empty: any
    bool completes_files = false;
    bool rare = false;  // on the long help page only
};

// What a command's words are, for completions.
enum class Words { none, files, commands, shells, expression };

struct Command {
    std::string_view name;
    std::string_view usage;    // what follows the name: "[OPTION]... FILE..."
    std::string_view summary;  // one sentence, at most 80 columns
    std::span<const Option> options;
    std::string_view details;   // for --help only: lines of at most 80 columns
    std::string_view statuses;  // exit codes: lines of at most 80 columns
    std::string_view examples;  // lines, the most useful one first
    Words words = Words::none;
    int (*run)(const Arguments& arguments, Console& console) = nullptr;
};

// Every command, in the order of help pages.
std::span<const Command* const> commands();
const Command* find_command(std::string_view name);

// Options that every command takes, and sagalab itself.
std::span<const Option> common_options();

}  // namespace sagalab::cli
