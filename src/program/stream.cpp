#include "program/stream.h"

#include <utility>

#include "program/eval.h"

namespace sagalab::program {
namespace {

Meta meta_of(const Program& program, const Value& key, std::int64_t position,
             const StoredEvent& event) {
    Meta meta;
    meta.id = event.id;
    meta.type = program[event.event].name;
    meta.stream = key;
    meta.version = position;
    meta.revision = event.revision;
    meta.time = event.time;
    return meta;
}

Value evaluate_set(const Program& program, ExpressionId set, const Meta& meta, const Value& event,
                   const Value& state) {
    const Value slots[] = {event, state};
    Environment environment;
    environment.slots = slots;
    environment.meta = &meta;
    Value value = evaluate(program, set, environment);
    if (value.is_error() || value.is(Value::Kind::map)) return value;
    return Value::error("ExpressionError", "what an event sets must be a map");
}

Value without_and_renamed(const Upcast& upcast, const Value& data) {
    std::vector<MapEntry> entries;
    for (const MapEntry& entry : data.entries()) {
        if (std::ranges::find(upcast.remove, entry.key) != upcast.remove.end()) continue;
        auto renamed = std::ranges::find_if(
            upcast.rename, [&](const auto& pair) { return pair.first == entry.key; });
        bool is_renamed = renamed != upcast.rename.end();
        entries.push_back({is_renamed ? renamed->second : entry.key, entry.value});
    }
    return Value::map(std::span(entries));
}

const Upcast* upcast_from(const Aggregate& aggregate, const StoredEvent& event) {
    for (const Upcast& upcast : aggregate.upcasts) {
        if (upcast.event == event.event && upcast.from == event.revision) return &upcast;
    }
    return nullptr;
}

}  // namespace

Hash128 Stream::hash128(Hash128 start) const {
    Hash128 hash = start.with(std::uint64_t(snapshot.version)).with(events().size());
    for (const StoredEvent& event : events()) {
        hash = event.data.hash128(hash.with(event.id).with(std::uint64_t(event.time)));
    }
    return hash;
}

Value apply_event(const Program& program, const Aggregate& aggregate, const Value& key,
                  std::int64_t position, const StoredEvent& event, const Value& state) {
    const Apply* apply = aggregate.find(event.event);
    if (!apply || !apply->set) return state;
    Meta meta = meta_of(program, key, position, event);
    Value set = evaluate_set(program, apply->set, meta, event.data, state);
    return set.is_error() ? set : Value::merged(state, set);
}

// Renamed and removed first, so that what is set may take a name that has become free.
StoredEvent upcast_event(const Program& program, const Aggregate& aggregate, StoredEvent event) {
    while (const Upcast* upcast = upcast_from(aggregate, event)) {
        Value data = without_and_renamed(*upcast, event.data);
        if (upcast->set) {
            Meta meta = meta_of(program, Value(), 0, event);
            Value set = evaluate_set(program, upcast->set, meta, data, Value());
            data = set.is_error() ? set : Value::merged(data, set);
        }
        event.data = std::move(data);
        event.revision = upcast->to;
        if (event.data.is_error()) break;
    }
    return event;
}

std::size_t folded_by_snapshot(const Aggregate& aggregate, const Stream& stream) {
    bool fits = stream.snapshot.revision == aggregate.snapshot_revision;
    return fits ? static_cast<std::size_t>(stream.snapshot.version) : 0;
}

Value fold_stream(const Program& program, const Aggregate& aggregate, const Value& key,
                  const Stream& stream, std::size_t* replayed) {
    std::size_t at = folded_by_snapshot(aggregate, stream);
    Value state = at > 0 ? stream.snapshot.state : aggregate.initial;
    auto version = static_cast<std::int64_t>(at);
    std::span<const StoredEvent> events = stream.events();
    for (; at < events.size(); ++at) {
        StoredEvent event = upcast_event(program, aggregate, events[at]);
        if (event.data.is_error()) return event.data;
        ++version;
        state = apply_event(program, aggregate, key, version, event, row_of(state, version - 1));
        if (state.is_error()) return state;
        if (replayed) ++*replayed;
    }
    return row_of(state, version);
}

Stream seeded_stream(const Aggregate& aggregate, const SeededStream& seeded) {
    Stream stream;
    for (const SeededEvent& event : seeded.events) {
        Hash128 id = seeded.key.hash128().with(stream.events().size());
        stream.log.write().push_back({id, event.event, event.revision, 0, event.data});
    }
    for (const SeededSnapshot& snapshot : aggregate.snapshots) {
        if (snapshot.key != seeded.key || snapshot.version > stream.version()) continue;
        stream.snapshot = {snapshot.version, snapshot.revision, snapshot.state};
    }
    return stream;
}

Value row_of(const Value& state, std::int64_t version) {
    return Value::merged(state, Value::map({{"version", version}}));
}

}  // namespace sagalab::program
