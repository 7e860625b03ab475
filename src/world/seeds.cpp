#include "world/seeds.h"

#include <utility>

namespace sagalab::world {
namespace {

using program::Aggregate;

// The rows of a projection, and what it has read, as if it had been there all the time.
void seed_projection(const Program& program, Service& service,
                     const program::Projection& projection) {
    const Aggregate& source = program.aggregates[program[projection.source].events];
    Projection& state = service.projections[projection.local];
    Rows& rows = service.tables[program[projection.table].local];
    for (const program::SeededStream& seeded : source.streams) {
        Stream stream = program::seeded_stream(source, seeded);
        std::int64_t version = 0;
        for (const StoredEvent& stored : stream.events()) {
            StoredEvent event = program::upcast_event(program, source, stored);
            Value entry = program::log_entry(program, seeded.key, ++version, event);
            state.remember(entry);
            state.progress.mark(entry);
            program::apply_projected(program::project(program, projection, entry, rows), rows);
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

void seed_streams(const Program& program, Service& service) {
    for_each_aggregate(program, service, [&](const Aggregate& aggregate) {
        Streams& streams = service.streams.emplace_back();
        for (const program::SeededStream& seeded : aggregate.streams) {
            streams.put(seeded.key, program::seeded_stream(aggregate, seeded));
        }
    });
    refold(program, service);
}

void seed_projections(const Program& program, Service& service) {
    for (TableId table : program[service.id].tables) {
        if (program[table].kind != program::TableKind::projection) continue;
        service.projections.emplace_back();
    }
    for (const program::Operator& command : program.operators) {
        if (command.verb != program::Operator::Verb::rebuild) continue;
        const program::Projection& projection = program.projections[command.projection];
        if (program[projection.table].service != service.id) continue;
        service.projections[projection.local].replayable = true;
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
            Value row = program::fold_stream(program, aggregate, key, stream);
            if (!row.is_error()) rows.put(key, std::move(row));
        });
    });
}

}  // namespace sagalab::world
