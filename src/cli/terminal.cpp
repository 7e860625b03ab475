#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace sagalab::cli {
namespace {

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

bool is_able_terminal(int descriptor) {
    std::string_view kind = variable("TERM");
    return isatty(descriptor) == 1 && !kind.empty() && kind != "dumb";
}

}  // namespace

bool wants_color_in_file(std::string_view when) {
    if (when != "auto") return when == "always";
    if (!variable("NO_COLOR").empty()) return false;
    std::string_view force = variable("CLICOLOR_FORCE");
    return !force.empty() && force != "0";
}

bool wants_color(std::string_view when, int descriptor) {
    if (when != "auto" || wants_color_in_file(when)) return wants_color_in_file(when);
    return variable("NO_COLOR").empty() && is_able_terminal(descriptor);
}

bool is_terminal(int descriptor) { return isatty(descriptor) == 1; }

bool shows_progress(int descriptor) {
    return is_able_terminal(descriptor) && variable("CI").empty();
}

std::size_t terminal_width(int descriptor) {
    constexpr std::size_t usual = 100;
    winsize size{};
    if (isatty(descriptor) != 1 || ioctl(descriptor, TIOCGWINSZ, &size) != 0) return usual;
    if (size.ws_col == 0) return usual;
    return std::clamp<std::size_t>(size.ws_col, 60, 200);
}

}  // namespace sagalab::cli
