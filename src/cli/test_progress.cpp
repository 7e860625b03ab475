#include "cli/test_progress.h"

#include <unistd.h>

#include "cli/terminal.h"
#include "views/layout.h"

namespace sagalab::cli {

Progress::Progress(Console& console)
    : console_(console), wanted_(!console.quiet() && shows_progress(STDERR_FILENO)) {}

void Progress::show(std::size_t done, std::size_t total, std::size_t failed) {
    if (!wanted_) return;
    clear();
    std::string line = std::to_string(done) + " of " + views::counted(total, "case");
    if (failed > 0) line += ", " + std::to_string(failed) + " failed";
    console_.err().write(line);
    shown_ = true;
}

void Progress::clear() {
    if (!shown_) return;
    console_.err().write("\r\x1b[K");
    shown_ = false;
}

}  // namespace sagalab::cli
