#include "views/comparison.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/text.h"
#include "views/changes.h"
#include "views/layout.h"
#include "views/stores.h"
#include "views/summary.h"

namespace sagalab::views {
namespace {

using program::Program;
using Runs = std::span<const PresetRun>;

struct ByText {
    bool operator()(const Value& a, const Value& b) const { return key_less(a, b); }
};
using Keys = std::set<Value, ByText>;

// What is under one name in several runs; a null where there is nothing.
struct Difference {
    std::string name;
    std::vector<std::string> values;  // by run
};

const Value* state_of(const Value& row) {
    return row.is(Value::Kind::map) ? row.find("state") : nullptr;
}

// "compensated", or of several instances "12 completed, 3 parked".
std::string ends_of_sagas(const Program& program, const PresetRun& run) {
    std::map<std::string, std::size_t> counts;
    std::size_t total = 0;
    for (std::size_t i = 0; i < run.result.stores.size(); ++i) {
        if (program.tables[i].kind != program::TableKind::saga) continue;
        for (const auto* row : run.result.stores[i].sorted()) {
            const Value* state = state_of(row->value);
            if (!state) continue;
            ++counts[plain_text(*state)];
            ++total;
        }
    }
    if (total == 0) return "-";
    if (total == 1) return counts.begin()->first;
    std::string out;
    for (const auto& [state, count] : counts) {
        out += (out.empty() ? "" : ", ") + std::to_string(count) + " " + state;
    }
    return out;
}

// Of an instance of a saga the end alone: its log is another under each preset.
std::string row_text(const program::Table& table, const Value* row) {
    if (!row) return "(no row)";
    const Value* state = table.kind == program::TableKind::saga ? state_of(*row) : nullptr;
    if (!state) return readable(*row);
    const Value* left = row->find("left");
    return plain_text(*state) + (left ? ", not undone " + readable(*left) : "");
}

std::string reply_text(const Value* reply) {
    if (!reply) return "(no reply)";
    if (!reply->is(Value::Kind::map)) return readable(*reply);
    std::string out;
    for (const char* field : {"outcome", "code", "body"}) {
        const Value* part = reply->find(field);
        if (!part || part->is_null()) continue;
        out += (out.empty() ? "" : " ") +
               (part->is(Value::Kind::string) ? plain_text(*part) : readable(*part));
    }
    return out;
}

void keep_if_different(std::vector<Difference>& found, Difference difference) {
    const std::vector<std::string>& values = difference.values;
    const bool same = std::all_of(values.begin(), values.end(),
                                  [&](const std::string& value) { return value == values[0]; });
    if (!same) found.push_back(std::move(difference));
}

void add_keys(Keys& keys, const program::Rows& rows) {
    for (const auto* row : rows.sorted()) keys.insert(row->key);
}

void compare_table(const Program& program, Runs runs, TableId id, std::vector<Difference>& found) {
    const program::Table& table = program[id];
    Keys keys;
    for (const PresetRun& run : runs) add_keys(keys, run.result.stores[id.value]);
    for (const Value& key : keys) {
        Difference difference;
        difference.name =
            row_name(printable(table.name), key) + " of " + display_name(program, table.service);
        for (const PresetRun& run : runs) {
            difference.values.push_back(row_text(table, run.result.stores[id.value].find(key)));
        }
        keep_if_different(found, std::move(difference));
    }
}

void compare_replies(Runs runs, std::vector<Difference>& found) {
    Keys keys;
    for (const PresetRun& run : runs) add_keys(keys, run.result.replies);
    for (const Value& key : keys) {
        Difference difference;
        difference.name = "the reply to \"" + plain_text(key) + "\"";
        for (const PresetRun& run : runs) {
            difference.values.push_back(reply_text(run.result.replies.find(key)));
        }
        keep_if_different(found, std::move(difference));
    }
}

// Presets under which it is the same stand in one line.
std::string difference_lines(const Difference& difference, Runs runs, const TextOptions& options) {
    Table table;
    std::vector<std::string> told;
    for (const std::string& value : difference.values) {
        if (std::find(told.begin(), told.end(), value) != told.end()) continue;
        told.push_back(value);
        std::string presets;
        for (std::size_t i = 0; i < runs.size(); ++i) {
            if (difference.values[i] != value) continue;
            presets += (presets.empty() ? "" : ", ") + runs[i].preset;
        }
        table.add({"    " + presets, value});
    }
    std::string out = "  " + Paint(options.color)(Tone::name, difference.name) + "\n";
    for (const std::string& line : table.lines()) {
        std::vector<std::string> parts{line};
        if (!options.verbose) parts = fold(line, options.width);
        for (std::size_t i = 0; i < parts.size(); ++i) out += (i ? "      " : "") + parts[i] + "\n";
    }
    return out;
}

std::string overview(const Program& program, Runs runs, const TextOptions& options) {
    const Paint paint(options.color);
    Table table;
    table.add({"  preset", "verdict", "saga", "undone", "tries", "time"});
    for (const PresetRun& run : runs) {
        table.add({"  " + run.preset, std::string(status_name(status_of(run.result))),
                   ends_of_sagas(program, run), std::to_string(run.undone),
                   std::to_string(run.tries), format_time(run.result.virtual_time)});
    }
    std::string out;
    const std::vector<std::string> lines = table.lines();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        Tone tone = Tone::dim;
        if (i > 0) {
            const Status status = status_of(runs[i - 1].result);
            tone = status == Status::holds    ? Tone::plain
                   : status == Status::broken ? Tone::bad
                                              : Tone::warning;
        }
        out += paint(tone, lines[i]) + "\n";
    }
    return out;
}

}  // namespace

void UndoCounter::take(const trace::Record& record) {
    if (record.kind != trace::RecordKind::saga_logged) return;
    if (record.note == trace::SagaNote::undo_started) ++tries_;
    if (record.note == trace::SagaNote::undo_finished) ++undone_;
}

std::string comparison(const Program& program, Runs runs, const TextOptions& options) {
    if (runs.empty()) return "";
    std::string out = overview(program, runs, options);
    const bool complete = std::all_of(runs.begin(), runs.end(), [&](const PresetRun& run) {
        return run.result.stores.size() == program.tables.size();
    });
    std::vector<Difference> found;
    if (complete) {
        for (const TableId id : tables_in_order(program, program.tables.size())) {
            compare_table(program, runs, id, found);
        }
    }
    compare_replies(runs, found);
    if (!complete) {
        out += "  Not all came to rest: their rows are not compared.\n";
    } else if (found.empty()) {
        out += "  Stores and replies are the same under all.\n";
    }
    if (!found.empty()) out += "\n";
    const std::size_t shown = options.verbose ? found.size() : std::min(found.size(), rows_shown);
    for (std::size_t i = 0; i < shown; ++i) out += difference_lines(found[i], runs, options);
    if (shown < found.size()) {
        out += "  ... and " + std::to_string(found.size() - shown) + " more\n";
    }
    return out;
}

}  // namespace sagalab::views
