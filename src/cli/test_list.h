// What `sagalab test --list` prints: for people, for programs, and for CTest.
#pragma once

#include <string>

#include "cli/test_plan.h"
#include "cli/test_settings.h"

namespace sagalab::cli {

// One case a line.
//   text   FILE / CASE, as --filter sees it
//   json   {"file": ..., "case": ...}; "case" is null where the file can only be run as a whole:
//          it has errors, or (besides its cases) a `sometimes`, a claim about all cases together
//   ctest  the same as calls of a CMake function: sagalab_case(FILE CASE)
std::string list_of(const Plan& plan, ListForm form);

}  // namespace sagalab::cli
