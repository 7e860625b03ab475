// Sagas, aggregates (event sourcing) and projections (CQRS).
#include <array>

#include "language/shape_table.h"
#include "program/presets.h"

namespace sagalab::language::shape {
namespace {

constexpr std::string_view scope_words[] = {"completed", "completed-or-unknown", "started"};
constinit const Shape scope = {.form = Form::word, .words = scope_words};
constexpr std::string_view order_words[] = {"reverse", "parallel"};
constinit const Shape order = {.form = Form::word, .words = order_words};
constexpr std::string_view failure_words[] = {"retry-then-park", "stop", "continue"};
constinit const Shape failure = {.form = Form::word, .words = failure_words};
constexpr auto preset_words = [] {
    std::array<std::string_view, program::compensation_presets.size()> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = program::compensation_presets[i].name;
    return names;
}();
constinit const Shape preset = {.form = Form::word, .words = preset_words};
constexpr Key compensation_keys[] = {
    {"preset", &preset, optional, "The rules of a well-known engine; other keys win over them."},
    {"scope", &scope, optional, "Which steps are undone (completed-or-unknown)."},
    {"order", &order, optional, "reverse (default) or parallel."},
    {"onFailure", &failure, optional, "Where an undo fails (retry-then-park)."},
    {"retry", &retry, optional, "How undos are tried again: a policy or its name."}};
constexpr Object compensation = {"a saga's compensation", "How a saga is undone.",
                                 rows(compensation_keys)};
constinit const Shape compensation_rules = {.form = Form::object, .object = &compensation};
constexpr const Shape* compensation_options[] = {&preset, &compensation_rules};
constinit const Shape compensation_shape = {.form = Form::either, .options = compensation_options};

constexpr Key saga_keys[] = {
    {"id", &expression, required, "The instance's key, a string."},
    {"steps", &steps, required, "What it does; each step may say what undoes it."},
    {"deadline", &duration, optional, "Compensates when reached before the pivot."},
    {"compensation", &compensation_shape, optional, "How it is undone, or a preset's name."},
    {"onCompleted", &steps, optional, "Steps at that end."},
    {"onCompensated", &steps, optional, "Steps at that end."},
    {"onParked", &steps, optional, "Steps at that end."},
    {"takes", &latency, optional, "How long it works before its first step."}};
constexpr Object saga = {"a saga", "Steps across services, and what undoes them.", rows(saga_keys)};
constinit const Shape saga_shape = {.form = Form::object, .object = &saga};

constinit const Shape apply = {
    .form = Form::map, .element = &data_object, .key = Form::name, .key_what = "event"};
constexpr Key snapshot_keys[] = {
    {"every", &positive, required, "After so many events."},
    {"revision", &positive, optional, "Snapshots of another revision are not used (1)."}};
constexpr Object snapshot = {"a snapshot", "When the state is kept beside the stream.",
                             rows(snapshot_keys)};
constinit const Shape snapshot_shape = {.form = Form::object, .object = &snapshot};

constinit const Shape renames = {
    .form = Form::map, .element = &text, .key = Form::text, .key_what = "field"};
constexpr Key upcast_keys[] = {
    {"event", &event, required, "The event's type."},
    {"from", &positive, required, "The revision that is read."},
    {"to", &positive, required, "The revision that it becomes."},
    {"set", &data_object, optional, "Fields that are added or changed."},
    {"rename", &renames, optional, "Fields by their old name: the new one."},
    {"remove", &texts, optional, "Fields that are taken out."}};
constexpr Object upcast = {"an upcast", "How an old event is read as a new one.",
                           rows(upcast_keys)};
constinit const Shape upcast_shape = {.form = Form::object, .object = &upcast};
constinit const Shape upcasts = {.form = Form::list, .element = &upcast_shape};

constexpr Key seeded_keys[] = {{"event", &event, required, "The event's type."},
                               {"revision", &positive, optional, "Of its schema (the newest)."},
                               {"data", &data_object, optional, "Its data."}};
constexpr Object seeded_event = {"an event of a stream", "History that is there at the start.",
                                 rows(seeded_keys)};
constinit const Shape seeded_shape = {.form = Form::object, .object = &seeded_event};
constinit const Shape stream = {.form = Form::list, .element = &seeded_shape};
constinit const Shape streams = {
    .form = Form::map, .element = &stream, .key = Form::text, .key_what = "stream"};

constexpr Key seeded_snapshot_keys[] = {
    {"version", &positive, required, "After which event of the stream."},
    {"revision", &positive, optional, "Of what kept it (1)."},
    {"state", &data_object, required, "The state as it was kept."}};
constexpr Object seeded_snapshot = {"a snapshot of a stream", "One that is there at the start.",
                                    rows(seeded_snapshot_keys)};
constinit const Shape seeded_snapshot_shape = {.form = Form::object, .object = &seeded_snapshot};
constinit const Shape seeded_snapshots = {
    .form = Form::map, .element = &seeded_snapshot_shape, .key = Form::text, .key_what = "stream"};

constexpr Key aggregate_keys[] = {
    {"initial", &data_object, optional, "The state before the first event."},
    {"apply", &apply, required, "What each event merges into the state."},
    {"snapshot", &snapshot_shape, optional, "When the state is kept beside the stream."},
    {"upcast", &upcasts, optional, "How events of older revisions are read."},
    {"streams", &streams, optional, "History by key."},
    {"snapshots", &seeded_snapshots, optional, "Snapshots by key that are there at the start."}};
constexpr Object aggregate = {"an aggregate", "State that is the fold of its events.",
                              rows(aggregate_keys)};
constinit const Shape aggregate_shape = {.form = Form::object, .object = &aggregate};

constexpr Key projected_keys[] = {
    {"set", &data_object, optional, "Merged into the row, or begins one."},
    {"delete", &flag, optional, "The row is deleted."}};
constexpr std::string_view projected_either[] = {"set", "delete"};
constexpr Rule projected_rules[] = {{Rule::Kind::one_of, projected_either}};
constexpr Object projected = {"a projection's handler", "What an event does to the row.",
                              rows(projected_keys), projected_rules};
constinit const Shape projected_shape = {.form = Form::object, .object = &projected};
constinit const Shape projected_events = {
    .form = Form::map, .element = &projected_shape, .key = Form::name, .key_what = "event"};
constexpr std::string_view checkpoint_words[] = {"atomic", "after", "before"};
constinit const Shape checkpoint = {.form = Form::word, .words = checkpoint_words};
constexpr std::string_view letter_words[] = {"message", "sequence"};
constinit const Shape dead_letter = {.form = Form::word, .words = letter_words};
constexpr Key projection_keys[] = {
    {"from", &operation, required, "The events' source, as Service.Aggregate."},
    {"key", &expression, required, "The row's key, from `event` and `meta`."},
    {"on", &projected_events, required, "What each event does to the row."},
    {"checkpoint", &checkpoint, optional, "When progress is kept (atomic)."},
    {"lag", &duration, optional, "How far it is behind (1ms)."},
    {"deadLetter", &dead_letter, optional, "What is set aside where an event fails."}};
constexpr Object projection = {"a projection", "A read model, fed from an event log.",
                               rows(projection_keys)};
constinit const Shape projection_shape = {.form = Form::object, .object = &projection};

}  // namespace

constinit const Shape sagas = {
    .form = Form::map, .element = &saga_shape, .key = Form::name, .key_what = "saga"};
constinit const Shape aggregates = {
    .form = Form::map, .element = &aggregate_shape, .key = Form::name, .key_what = "aggregate"};
constinit const Shape projections = {
    .form = Form::map, .element = &projection_shape, .key = Form::name, .key_what = "projection"};

}  // namespace sagalab::language::shape
