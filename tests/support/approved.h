// Approved outputs: what a format looks like is a file that somebody has read.
//
//     CHECK_APPROVED("views/story.txt", text);
//
// compares with tests/golden/views/story.txt. A difference fails the test, names the first line
// that differs and leaves what came in a file beside the build. With SAGALAB_UPDATE=1 in the
// environment the golden files are written instead; the diff is then reviewed.
#pragma once

#include <string>
#include <string_view>

#include "support/catch.h"

namespace sagalab::test {

// A whole file; throws std::runtime_error, naming it, when it cannot be read.
std::string read_file(const std::string& path);

// Writes a whole file, with the folders above it.
void write_file(const std::string& path, std::string_view text);

// tests/NAME and scenarios/NAME in the source tree.
std::string tests_path(std::string_view name);
std::string scenario_path(std::string_view name);

// The first line that differs, as both have it; empty if none does.
std::string first_difference(std::string_view approved, std::string_view received);

// Empty if `text` is what was approved under `name`; otherwise what differs.
std::string difference_from_approved(std::string_view name, std::string_view text);

}  // namespace sagalab::test

#define CHECK_APPROVED(name, text)                                                             \
    do {                                                                                       \
        const std::string difference_ = ::sagalab::test::difference_from_approved(name, text); \
        INFO(difference_);                                                                     \
        CHECK(difference_.empty());                                                            \
    } while (false)
