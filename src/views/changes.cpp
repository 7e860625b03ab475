#include "views/changes.h"

#include "base/text.h"

namespace sagalab::views {
namespace {

std::string shown(const Value* value) { return value ? readable(*value) : "(none)"; }

std::string path_of(const std::string& parent, const Value& key) {
    if (is_identifier(key.text())) return parent + "." + std::string(key.text());
    return parent + "['" + printable(key.text()) + "']";
}

void compare(const std::string& path, const Value* before, const Value* after,
             std::vector<std::string>& lines);

// Both are maps: their keys are sorted, so one walk meets every pair.
void compare_maps(const std::string& path, const Value& before, const Value& after,
                  std::vector<std::string>& lines) {
    auto old_entries = before.entries();
    auto new_entries = after.entries();
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < old_entries.size() || j < new_entries.size()) {
        bool only_new =
            i == old_entries.size() ||
            (j < new_entries.size() && key_less(new_entries[j].key, old_entries[i].key));
        bool only_old =
            j == new_entries.size() ||
            (i < old_entries.size() && key_less(old_entries[i].key, new_entries[j].key));
        const Value& key = only_new ? new_entries[j].key : old_entries[i].key;
        const Value* before_field = only_new ? nullptr : &old_entries[i++].value;
        const Value* after_field = only_old ? nullptr : &new_entries[j++].value;
        compare(path_of(path, key), before_field, after_field, lines);
    }
}

void compare(const std::string& path, const Value* before, const Value* after,
             std::vector<std::string>& lines) {
    if (before && after && *before == *after) return;
    if (before && after && before->is(Value::Kind::map) && after->is(Value::Kind::map)) {
        compare_maps(path, *before, *after, lines);
        return;
    }
    lines.push_back(path + ": " + shown(before) + " -> " + shown(after));
}

}  // namespace

std::string readable(const Value& value) { return printable(value.json()); }

std::string row_name(std::string_view table, const Value& key) {
    std::string name = key.is(Value::Kind::string) ? printable(key.text()) : readable(key);
    return printable(table) + "['" + name + "']";
}

std::vector<std::string> row_changes(const std::string& name, const Value& before,
                                     const Value& after) {
    std::vector<std::string> lines;
    compare(name, before.is_null() ? nullptr : &before, after.is_null() ? nullptr : &after, lines);
    if (lines.empty()) lines.push_back(name + ": unchanged");
    return lines;
}

}  // namespace sagalab::views
