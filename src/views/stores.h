// The stores as a run left them: by service, table and key.
#pragma once

#include <string>
#include <vector>

#include "program/eval.h"
#include "program/program.h"

namespace sagalab::views {

struct TextOptions;

// Rows that are shown of a table unless everything was asked for.
inline constexpr std::size_t rows_shown = 10;

// The tables as people look for them: by the names of their services, then by their own.
std::vector<TableId> tables_in_order(const program::Program& program, std::size_t count);

// "Final stores" and its lines; empty where the program has no tables. `stores` by TableId.
std::string final_stores(const program::Program& program, const std::vector<program::Rows>& stores,
                         const TextOptions& options);

}  // namespace sagalab::views
