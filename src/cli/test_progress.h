// How far the cases are, in one line of standard error that is written over: on a terminal only.
#pragma once

#include <cstddef>
#include <string>

#include "cli/console.h"

namespace sagalab::cli {

class Progress {
public:
    explicit Progress(Console& console);
    // "12 of 40 cases, 1 failed"
    void show(std::size_t done, std::size_t total, std::size_t failed);
    // Takes the line away, before something else is written.
    void clear();

private:
    Console& console_;
    bool wanted_;
    bool shown_ = false;
};

}  // namespace sagalab::cli
