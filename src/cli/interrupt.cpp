#include "cli/interrupt.h"

#include <csignal>

namespace sagalab::cli {
namespace {

// A signal handler can reach nothing but such variables.
std::atomic<bool> stop{false};
std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void on_interrupt(int) {
    interrupted.store(true);
    stop.store(true);
}

}  // namespace

void catch_interrupts() {
    struct sigaction action {};
    action.sa_handler = on_interrupt;
    sigemptyset(&action.sa_mask);
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    sigaction(SIGINT, &action, nullptr);
}

void ignore_write_signals() {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

const std::atomic<bool>& stop_asked() { return stop; }
void ask_to_stop() { stop.store(true); }
bool was_interrupted() { return interrupted.load(); }

}  // namespace sagalab::cli
