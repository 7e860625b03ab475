// The version of sagalab, as `--version` and every trace name it.
#pragma once

#include <string_view>

namespace sagalab {

inline constexpr std::string_view version = "0.1.0";

}  // namespace sagalab
