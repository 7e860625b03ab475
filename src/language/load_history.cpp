// Seeded history is read once while loading, as a run would read it: what cannot be applied, or
// projected, is an error of the file.
#include "language/load_events.h"
#include "language/load_values.h"
#include "program/read_model.h"

namespace sagalab::language {

namespace {

using program::Aggregate;
using program::SeededStream;
using program::Stream;

class HistoryCheck {
public:
    HistoryCheck(LoadContext& context, const Aggregate& aggregate, const Node& streams)
        : context_(context), aggregate_(aggregate), streams_(streams) {}

    // The fold of each stream, as a restart makes it.
    bool apply() {
        bool good = true;
        for (const SeededStream& seeded : aggregate_.streams) {
            const Stream stream = program::seeded_stream(aggregate_, seeded);
            std::size_t at = program::folded_by_snapshot(aggregate_, stream);
            const Value row =
                program::fold_stream(context_.program, aggregate_, seeded.key, stream, &at);
            if (!row.is_error()) continue;
            report(seeded, at, context_.program[aggregate_.table].name + "\" cannot apply", row);
            good = false;
        }
        return good;
    }

    // What a read model makes of all of it, up to the first thing that it cannot read.
    void project(const program::Projection& projection) {
        program::Rows rows;
        for (const SeededStream& seeded : aggregate_.streams) {
            const Stream stream = program::seeded_stream(aggregate_, seeded);
            for (std::size_t at = 0; at < stream.events().size(); ++at) {
                const program::StoredEvent event =
                    program::upcast_event(context_.program, aggregate_, stream.events()[at]);
                const Value entry = program::log_entry(context_.program, seeded.key,
                                                       static_cast<std::int64_t>(at) + 1, event);
                program::ProjectedRow made =
                    program::project(context_.program, projection, entry, rows);
                if (!made.error.is_null()) {
                    const std::string& name = context_.program[projection.table].name;
                    return report(seeded, at, name + "\" cannot read", made.error);
                }
                program::apply_projected(std::move(made), rows);
            }
        }
    }

private:
    void report(const SeededStream& seeded, std::size_t at, const std::string& who,
                const Value& error) {
        const Node* stream = streams_.find(std::string(seeded.key.text()));
        const std::string& event = context_.program[seeded.events[at].event].name;
        context_.error(stream->items[at].place,
                       "\"" + who + " \"" + event + "\": " + std::string(error.error_message()));
    }

    LoadContext& context_;
    const Aggregate& aggregate_;
    const Node& streams_;
};

}  // namespace

void check_history(LoadContext& context, const Aggregate& aggregate, const Node& node) {
    const Node* streams = object_at(node, "streams");
    if (!streams) return;
    HistoryCheck check(context, aggregate, *streams);
    if (!check.apply()) return;
    for (const std::uint32_t projection : aggregate.projections) {
        check.project(context.program.projections[projection]);
    }
}

}  // namespace sagalab::language
