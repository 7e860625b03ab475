// How a row changed, as a person reads it: only the fields that differ, by their path.
//
//     orders['o-1']: (none) -> {"status": "pending"}
//     orders['o-1'].status: "pending" -> "error"
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace sagalab::views {

// JSON without control characters.
std::string readable(const Value& value);

// table['key'], both printable.
std::string row_name(std::string_view table, const Value& key);

// One line for each difference. A null stands for "no row". Never empty.
std::vector<std::string> row_changes(const std::string& name, const Value& before,
                                     const Value& after);

}  // namespace sagalab::views
