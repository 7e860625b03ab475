#include "world/seeds.h"

#include <utility>

namespace sagalab::world {
namespace {

using program::Aggregate;

Stream seeded_stream(const Aggregate& aggregate, const program::SeededStream& seeded) {
    Stream stream;
    for (const program::SeededEvent& event : seeded.events) {
        Hash128 id = seeded.key.hash128().with(stream.events().size());
        stream.log.write().push_back({id, event.event, event.revision, 0, event.data});
    }
    for (const program::SeededSnapshot& snapshot : aggregate.snapshots) {
        if (snapshot.key != seeded.key || snapshot.version > stream.version()) continue;
        stream.snapshot = {snapshot.version, snapshot.revision, snapshot.state};
    }
    return stream;
}

// The rows of a projection, and what it has read, as if it had been there all the time.
void seed_projection(const Program& program, Service& service,
                     const program::Projection& projection) {
    const Aggregate& source = program.aggregates[program[projection.source].events];
    Projection& state = service.projections[projection.local];
    Rows& rows = service.tables[program[projection.table].local];
    for (const program::SeededStream& seeded : source.streams) {
        Stream stream = seeded_stream(source, seeded);
        std::int64_t version = 0;
        for (const StoredEvent& stored : stream.events()) {
            StoredEvent event = upcast_event(program, source, stored);
            Value entry = log_entry(program, seeded.key, ++version, event);
            state.remember(entry);
            state.checkpoint.put(seeded.key, version);
            ProjectedRow made = project(program, projection, entry, rows);
            if (made.key.is_null()) continue;
            if (made.row.is_null()) {
                rows.erase(made.key);
            } else {
                rows.put(made.key, std::move(made.row));
            }
        }
    }
}

template <class Visit>
void for_each_aggregate(const Program& program, const Service& service, Visit&& visit) {
    for (TableId table : program[service.id].tables) {
        if (program[table].kind != program::TableKind::aggregate) continue;
        visit(program.aggregates[program[table].events]);
    }
}

}  // namespace

Value log_entry(const Program& program, const Value& key, std::int64_t version,
                const StoredEvent& event) {
    return Value::map({{"event", program[event.event].name},
                       {"stream", key},
                       {"version", version},
                       {"revision", static_cast<std::int64_t>(event.revision)},
                       {"time", Value::duration(event.time)},
                       {"data", event.data}});
}

void seed_streams(const Program& program, Service& service) {
    for_each_aggregate(program, service, [&](const Aggregate& aggregate) {
        Streams& streams = service.streams.emplace_back();
        for (const program::SeededStream& seeded : aggregate.streams) {
            streams.put(seeded.key, seeded_stream(aggregate, seeded));
        }
    });
    refold(program, service);
}

void seed_projections(const Program& program, Service& service) {
    for (TableId table : program[service.id].tables) {
        if (program[table].kind != program::TableKind::projection) continue;
        service.projections.emplace_back();
    }
    for (const program::Projection& projection : program.projections) {
        if (program[projection.table].service != service.id || !projection.source) continue;
        seed_projection(program, service, projection);
    }
}

// An event that cannot be applied has been refused when it was appended, or when it was loaded.
void refold(const Program& program, Service& service) {
    for_each_aggregate(program, service, [&](const Aggregate& aggregate) {
        Rows& rows = service.tables[program[aggregate.table].local];
        rows = {};
        service.streams[aggregate.local].for_each([&](const Value& key, const Stream& stream) {
            Value row = fold_stream(program, aggregate, key, stream);
            if (!row.is_error()) rows.put(key, std::move(row));
        });
    });
}

}  // namespace sagalab::world
