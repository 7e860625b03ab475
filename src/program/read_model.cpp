#include "program/read_model.h"

#include <algorithm>
#include <utility>

namespace sagalab::program {

Value log_entry(const Program& program, const Value& key, std::int64_t version,
                const StoredEvent& event) {
    return Value::map({{"event", program[event.event].name},
                       {"stream", key},
                       {"version", version},
                       {"revision", static_cast<std::int64_t>(event.revision)},
                       {"time", Value::duration(event.time)},
                       {"data", event.data}});
}

ProjectedRow project(const Program& program, const Projection& projection, const Value& entry,
                     const Rows& rows) {
    ProjectedRow result;
    const Value& type = *entry.find("event");
    auto row = std::ranges::find_if(projection.on, [&](const Projected& each) {
        return Value(program[each.event].name) == type;
    });
    if (row == projection.on.end()) return result;
    Meta meta;
    meta.type = type.text();
    meta.stream = *entry.find("stream");
    meta.version = entry.find("version")->integer();
    meta.revision = entry.find("revision")->integer();
    meta.time = entry.find("time")->nanos();
    Value slots[] = {*entry.find("data"), Value()};
    Environment environment;
    environment.slots = slots;
    environment.meta = &meta;
    Value key = evaluate(program, projection.key, environment);
    if (!key.is(Value::Kind::string)) {
        result.error = key.is_error()
                           ? key
                           : Value::error("ExpressionError", "the key of a row must be a string");
        return result;
    }
    const Value* old = rows.find(key);
    if (row->set) {
        slots[1] = old ? *old : Value::map({});
        Value set = evaluate(program, row->set, environment);
        if (!set.is(Value::Kind::map)) {
            result.error =
                set.is_error() ? set : Value::error("ExpressionError", "a row must be a map");
            return result;
        }
        result.row = Value::merged(slots[1], set);
    }
    result.key = std::move(key);
    return result;
}

void apply_projected(ProjectedRow&& made, Rows& rows) {
    if (made.key.is_null()) return;
    if (made.row.is_null()) {
        rows.erase(made.key);
    } else {
        rows.put(made.key, std::move(made.row));
    }
}

}  // namespace sagalab::program
