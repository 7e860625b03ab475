#include "cli/console.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cli/terminal.h"
#include "views/style.h"

namespace sagalab::cli {

Console::Console() : out_(STDOUT_FILENO), err_(STDERR_FILENO) {}

void Console::configure(const Arguments& arguments) {
    color_ = arguments.value("color").value_or("auto");
    quiet_ = arguments.has("quiet");
    verbose_ = arguments.has("verbose");
    if (quiet_ && verbose_) throw UsageError("--quiet and --verbose exclude each other");
}

views::TextOptions Console::style_of(int descriptor) const {
    views::TextOptions style;
    style.color = wants_color(color_, descriptor);
    style.verbose = verbose_;
    style.width = terminal_width(descriptor);
    return style;
}

views::TextOptions Console::out_style() const { return style_of(STDOUT_FILENO); }

views::TextOptions Console::err_style() const { return style_of(STDERR_FILENO); }

views::TextOptions Console::file_style() const {
    views::TextOptions style;
    style.color = wants_color_in_file(color_);
    style.verbose = verbose_;
    return style;
}

void Console::error(std::string_view message) {
    views::Paint paint(err_style().color);
    err_.write("sagalab: " + paint(views::Tone::bad, "error:") + " " + std::string(message) + "\n");
}

UsageError unknown_command(const std::string& name) {
    std::vector<std::string> names;
    for (const Command* command : commands()) names.emplace_back(command->name);
    constexpr std::array<std::string_view, 1> planned{"step"};
    if (std::find(planned.begin(), planned.end(), name) != planned.end()) {
        return UsageError("command \"" + name + "\" is not available yet");
    }
    if (access(name.c_str(), R_OK) == 0) {
        return UsageError("unknown command \"" + printable(name) +
                          "\" (to run that file: sagalab run " + printable(name) + ")");
    }
    return UsageError("unknown command \"" + printable(name) + "\"" + suggestion(name, names));
}

}  // namespace sagalab::cli
