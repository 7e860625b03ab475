// The version of sagalab, as `--version` and every trace name it: the one that CMakeLists.txt gives
// the project.
#pragma once

#include <string_view>

namespace sagalab {

extern const std::string_view version;

}  // namespace sagalab
