#include "views/stores.h"

#include <algorithm>

#include "base/text.h"
#include "views/changes.h"
#include "views/layout.h"
#include "views/text.h"

namespace sagalab::views {
std::vector<TableId> tables_in_order(const program::Program& program, std::size_t count) {
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

namespace {

// What became of an instance of a saga; everything else stands in the story.
std::string saga_row(const Value& row) {
    std::string out;
    auto field = [&](std::string_view name) { return row.find(name); };
    if (const Value* state = field("state")) out += plain_text(*state);
    if (const Value* epoch = field("epoch")) out += ", epoch " + plain_text(*epoch);
    if (const Value* left = field("left")) out += ", not undone " + readable(*left);
    const Value* log = field("log");
    if (log && log->is(Value::Kind::list)) {
        out += ", " + counted(log->items().size(), "record") + " in its log";
    }
    return out;
}

bool is_saga_row(const program::Table& table, const Value& row) {
    return table.kind == program::TableKind::saga && row.is(Value::Kind::map) &&
           row.find(std::string_view("state"));
}

void append_rows(std::string& out, const program::Table& of, const program::Rows& rows,
                 const TextOptions& options) {
    auto sorted = rows.sorted();
    std::size_t shown = options.verbose ? sorted.size() : std::min(sorted.size(), rows_shown);
    Table table;
    for (std::size_t i = 0; i < shown; ++i) {
        const Value& row = sorted[i]->value;
        bool brief = !options.verbose && is_saga_row(of, row);
        table.add({"    " + plain_text(sorted[i]->key), brief ? saga_row(row) : readable(row)});
    }
    for (const std::string& line : table.lines()) {
        std::vector<std::string> parts{line};
        if (!options.verbose) parts = fold(line, options.width);
        for (std::size_t i = 0; i < parts.size(); ++i) out += (i ? "      " : "") + parts[i] + "\n";
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
    for (TableId id : tables_in_order(program, stores.size())) {
        const program::Table& table = program[id];
        const program::Rows& rows = stores[id.value];
        std::string name = display_name(program, table.service) + "." + printable(table.name);
        out += "  " + paint(Tone::name, name);
        if (rows.empty()) out += " (no rows)";
        out += '\n';
        append_rows(out, table, rows, options);
    }
    return out;
}

}  // namespace sagalab::views
