// How fast virtual time passes in a paced run: "1x", "0.5x", "10x".
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace sagalab::cli {

// Virtual nanoseconds for each real second; nothing for text that is no positive factor or does
// not fit. The x may be missing; up to nine decimals.
std::optional<Nanos> parse_pace(std::string_view text);

}  // namespace sagalab::cli
