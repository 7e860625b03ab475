#include "views/stores.h"

#include <algorithm>

#include "base/text.h"
#include "views/changes.h"
#include "views/layout.h"
#include "views/text.h"

namespace sagalab::views {
namespace {

std::vector<TableId> in_order(const program::Program& program, std::size_t count) {
    std::vector<TableId> ids;
    for (std::size_t i = 0; i < count && i < program.tables.size(); ++i) ids.emplace_back(i);
    std::sort(ids.begin(), ids.end(), [&](TableId a, TableId b) {
        const program::Table& left = program[a];
        const program::Table& right = program[b];
        if (left.service != right.service) {
            return program[left.service].name < program[right.service].name;
        }
        return left.name < right.name;
    });
    return ids;
}

void append_rows(std::string& out, const program::Rows& rows, const TextOptions& options) {
    auto sorted = rows.sorted();
    std::size_t shown = options.verbose ? sorted.size() : std::min(sorted.size(), rows_shown);
    Table table;
    for (std::size_t i = 0; i < shown; ++i) {
        table.add({"    " + plain_text(sorted[i]->key), readable(sorted[i]->value)});
    }
    for (const std::string& line : table.lines()) {
        out += options.verbose ? line : cut(line, options.width);
        out += '\n';
    }
    if (shown < sorted.size()) {
        out += "    ... and " + std::to_string(sorted.size() - shown) + " more\n";
    }
}

}  // namespace

std::string final_stores(const program::Program& program, const std::vector<program::Rows>& stores,
                         const TextOptions& options) {
    if (stores.empty() || program.tables.empty()) return "";
    Paint paint(options.color);
    std::string out = "\n" + paint(Tone::title, "Final stores") + "\n";
    for (TableId id : in_order(program, stores.size())) {
        const program::Table& table = program[id];
        const program::Rows& rows = stores[id.value];
        std::string name = display_name(program, table.service) + "." + printable(table.name);
        out += "  " + paint(Tone::name, name);
        if (rows.empty()) out += " (no rows)";
        out += '\n';
        append_rows(out, rows, options);
    }
    return out;
}

}  // namespace sagalab::views
