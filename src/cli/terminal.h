// What a terminal can do, and what the environment asks for.
#pragma once

#include <cstddef>
#include <string_view>

namespace sagalab::cli {

// `when` is auto, always or never. In auto: NO_COLOR (no-color.org), then CLICOLOR_FORCE
// (bixense.com/clicolors), then whether `descriptor` is a terminal that is not dumb.
bool wants_color(std::string_view when, int descriptor);

// The same where nothing but the environment is asked: for output into a file.
bool wants_color_in_file(std::string_view when);

// Columns of the terminal behind `descriptor`, held between 60 and 200; 100 where there is none.
std::size_t terminal_width(int descriptor);

// A terminal, even a dumb one.
bool is_terminal(int descriptor);

// A terminal on which a line can be written over, and nobody keeps a log of it (CI).
bool shows_progress(int descriptor);

}  // namespace sagalab::cli
