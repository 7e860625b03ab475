// Ctrl-C: the first one asks for an end and a report, the second one kills.
#pragma once

#include <atomic>

namespace sagalab::cli {

// From here on Ctrl-C asks for an end; before, it kills.
void catch_interrupts();

// Failed writes are errors, not signals.
void ignore_write_signals();

// Set by Ctrl-C, and by `ask_to_stop`.
const std::atomic<bool>& stop_asked();
void ask_to_stop();

// Whether it was Ctrl-C.
bool was_interrupted();

}  // namespace sagalab::cli
