#include "world/projection.h"

#include <algorithm>
#include <string>
#include <utility>

namespace sagalab::world {

Hash128 Projection::hash128(Hash128 start) const {
    Hash128 hash = start.with(log ? log->size() : 0);
    auto sum = [](const KeyedMap<std::int64_t, Value>& versions) {
        Hash128 total;
        versions.for_each([&](const Value& stream, std::int64_t version) {
            total += stream.hash128().with(std::uint64_t(version));
        });
        return total;
    };
    hash = hash.with(sum(logged)).with(sum(checkpoint));
    for (const Value& name : missed) hash = name.hash128(hash);
    if (rebuild) hash = hash.with(rebuild->rows.fingerprint()).with(rebuild->position);
    return hash;
}

void Projection::remember(const Value& entry) {
    std::int64_t version = entry.find("version")->integer();
    bool added = false;
    std::int64_t& newest = logged.at_or_added(*entry.find("stream"), added);
    if (!added && version <= newest) return;
    newest = version;
    log.write().push_back(entry);
}

Value entry_name(const Value& entry) {
    return Value(std::string(entry.find("stream")->text()) + "/" +
                 std::to_string(entry.find("version")->integer()));
}

ProjectedRow project(const program::Program& program, const program::Projection& projection,
                     const Value& entry, const program::Rows& rows) {
    ProjectedRow result;
    const Value& type = *entry.find("event");
    auto row = std::ranges::find_if(projection.on, [&](const program::Projected& each) {
        return Value(program[each.event].name) == type;
    });
    if (row == projection.on.end()) return result;
    program::Meta meta;
    meta.type = type.text();
    meta.stream = *entry.find("stream");
    meta.version = entry.find("version")->integer();
    meta.revision = entry.find("revision")->integer();
    meta.time = entry.find("time")->nanos();
    Value slots[] = {*entry.find("data"), Value()};
    program::Environment environment;
    environment.slots = slots;
    environment.meta = &meta;
    Value key = program::evaluate(program, projection.key, environment);
    if (!key.is(Value::Kind::string)) {
        result.error = key.is_error()
                           ? key
                           : Value::error("ExpressionError", "the key of a row must be a string");
        return result;
    }
    const Value* old = rows.find(key);
    if (row->set) {
        slots[1] = old ? *old : Value::map({});
        Value set = program::evaluate(program, row->set, environment);
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

}  // namespace sagalab::world
