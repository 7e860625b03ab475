// Event sourcing and CQRS: aggregates with their upcasts and seeded history, and projections.
#include "language/load_events.h"

#include <algorithm>

#include "base/text.h"
#include "language/load_context.h"
#include "language/load_values.h"
#include "program/eval.h"

namespace sagalab::language {

namespace {

using program::Aggregate;
using program::Projection;
using program::Upcast;

// `event` in slot 0 and what stands beside it in slot 1.
Scope event_scope(const LoadContext& context, const char* beside) {
    Scope scope(&context.params);
    Binding event;
    event.type = Type::map;
    scope.bind("event", event);
    if (beside) {
        event.slot = 1;
        scope.bind(beside, event);
    }
    Binding meta;
    meta.kind = Binding::Kind::meta;
    scope.bind("meta", meta);
    return scope;
}

class AggregateLoader {
public:
    AggregateLoader(LoadContext& context, const Node& node, Aggregate& aggregate)
        : context_(context), node_(node), aggregate_(aggregate) {}

    void load() {
        load_initial();
        load_apply();
        if (const Node* snapshot = object_at(node_, "snapshot")) {
            aggregate_.snapshot_every = small_count_at(*snapshot, "every", 0);
            aggregate_.snapshot_revision = small_count_at(*snapshot, "revision", 1);
        }
        if (const Node* upcasts = array_at(node_, "upcast")) {
            for (const Node& upcast : upcasts->items) load_upcast(upcast);
        }
        for (program::Apply& apply : aggregate_.apply) apply.revision = newest_of(apply.event);
        if (const Node* streams = object_at(node_, "streams")) load_streams(*streams);
        if (const Node* snapshots = object_at(node_, "snapshots")) load_snapshots(*snapshots);
    }

private:
    [[nodiscard]] std::string name() const { return context_.program[aggregate_.table].name; }

    void refuse_version(const Node& object) {
        const Member* version = object.is(Node::Kind::object) ? object.member("version") : nullptr;
        if (!version) return;
        context_.error(version->key_place,
                       "\"version\" is the position in the stream: no state may set it");
    }

    void load_initial() {
        Value initial = Value::map({});
        if (const Node* node = node_.find("initial")) {
            refuse_version(*node);
            if (const auto value = context_.compiler.literal(*node, context_.params)) {
                initial = *value;
            }
        }
        if (!initial.is(Value::Kind::map)) initial = Value::map({});
        aggregate_.initial = Value::merged(initial, Value::map({{"version", 0}}));
    }

    void load_apply() {
        const Node* apply = object_at(node_, "apply");
        if (!apply) return;
        const Scope scope = event_scope(context_, "state");
        for (const Member& member : apply->members) {
            refuse_version(member.value);
            program::Apply made;
            made.event = context_.names.events.find(member.key)->second;
            made.set = context_.compiler.data(member.value, scope);
            aggregate_.apply.push_back(made);
        }
        std::sort(aggregate_.apply.begin(), aggregate_.apply.end(),
                  [](const auto& a, const auto& b) { return a.event < b.event; });
    }

    // An event that the aggregate applies, or nothing.
    OperationId applied(const Node& owner) {
        const Node* name = string_at(owner, "event");
        return name ? applied_event(context_, aggregate_, *name) : OperationId();
    }

    void load_upcast(const Node& node) {
        // What lacks one of these has been reported.
        if (node.find("from") == nullptr || node.find("to") == nullptr) return;
        Upcast upcast;
        upcast.event = applied(node);
        upcast.from = small_count_at(node, "from", 1);
        upcast.to = small_count_at(node, "to", 2);
        if (upcast.from >= upcast.to) {
            context_.error(node.find("to")->place,
                           "an upcast leads to a later revision than it "
                           "comes from");
            return;
        }
        for (const Upcast& other : aggregate_.upcasts) {
            if (other.event != upcast.event || other.from != upcast.from || !upcast.event) continue;
            context_.error(node.find("from")->place,
                           "another upcast of \"" + context_.program[upcast.event].name +
                               "\" comes from revision " + std::to_string(upcast.from) + " too");
        }
        if (const Node* rename = object_at(node, "rename")) {
            for (const Member& member : rename->members) {
                upcast.rename.emplace_back(Value(member.key), Value(member.value.text));
            }
        }
        if (const Node* remove = array_at(node, "remove")) {
            for (const Node& field : remove->items) upcast.remove.emplace_back(field.text);
        }
        if (const Node* set = node.find("set")) {
            upcast.set = context_.compiler.data(*set, event_scope(context_, nullptr));
        }
        if (upcast.event) aggregate_.upcasts.push_back(std::move(upcast));
    }

    [[nodiscard]] std::uint32_t newest_of(OperationId event) const {
        std::uint32_t newest = 1;
        for (const Upcast& upcast : aggregate_.upcasts) {
            if (upcast.event == event) newest = std::max(newest, upcast.to);
        }
        return newest;
    }

    // The way from a revision to the newest, step by step; reports where it ends before.
    void check_chain(OperationId event, std::uint32_t revision, const Place& place) {
        const std::uint32_t newest = newest_of(event);
        if (revision > newest) {
            context_.error(place, "\"" + context_.program[event].name + "\" has no revision " +
                                      std::to_string(revision) + ": the newest is " +
                                      std::to_string(newest));
            return;
        }
        while (revision < newest) {
            const auto next = std::find_if(
                aggregate_.upcasts.begin(), aggregate_.upcasts.end(), [&](const Upcast& upcast) {
                    return upcast.event == event && upcast.from == revision;
                });
            if (next == aggregate_.upcasts.end()) {
                context_.error(place, "no upcast of \"" + context_.program[event].name +
                                          "\" comes from revision " + std::to_string(revision));
                return;
            }
            revision = next->to;
        }
    }

    void load_streams(const Node& streams) {
        for (const Member& member : streams.members) {
            program::SeededStream stream;
            stream.key = Value(member.key);
            for (const Node& item : member.value.items) {
                if (!item.is(Node::Kind::object)) continue;
                program::SeededEvent event;
                event.event = applied(item);
                if (!event.event) continue;
                event.revision = small_count_at(item, "revision", newest_of(event.event));
                const Node* revision = item.find("revision");
                check_chain(event.event, event.revision, revision ? revision->place : item.place);
                event.data = Value::map({});
                if (const Node* data = item.find("data")) {
                    const auto value = context_.compiler.literal(*data, context_.params);
                    if (value) event.data = *value;
                }
                stream.events.push_back(std::move(event));
            }
            aggregate_.streams.push_back(std::move(stream));
        }
        std::sort(aggregate_.streams.begin(), aggregate_.streams.end(),
                  [](const auto& a, const auto& b) { return key_less(a.key, b.key); });
    }

    void load_snapshots(const Node& snapshots) {
        for (const Member& member : snapshots.members) {
            const auto stream = std::find_if(
                aggregate_.streams.begin(), aggregate_.streams.end(),
                [&](const program::SeededStream& each) { return each.key == Value(member.key); });
            if (stream == aggregate_.streams.end()) {
                context_.diagnostics.unknown_name(member.key_place, "stream", member.key, {});
                continue;
            }
            program::SeededSnapshot snapshot;
            snapshot.key = Value(member.key);
            snapshot.version = static_cast<std::int64_t>(count_at(member.value, "version", 0));
            snapshot.revision = small_count_at(member.value, "revision", 1);
            if (snapshot.version > static_cast<std::int64_t>(stream->events.size())) {
                context_.error(member.value.find("version")->place,
                               "the stream \"" + printable(member.key) + "\" ends at version " +
                                   std::to_string(stream->events.size()));
            }
            if (const Node* state = member.value.find("state")) {
                refuse_version(*state);
                const auto value = context_.compiler.literal(*state, context_.params);
                if (value) snapshot.state = *value;
            }
            aggregate_.snapshots.push_back(std::move(snapshot));
        }
    }

    LoadContext& context_;
    const Node& node_;
    Aggregate& aggregate_;
};

void load_projected(LoadContext& context, const Node& on, Projection& projection) {
    const Scope scope = event_scope(context, "row");
    const program::Table* source =
        projection.source ? &context.program[projection.source] : nullptr;
    for (const Member& member : on.members) {
        Node name = member.value;
        name.kind = Node::Kind::string;
        name.text = member.key;
        name.place = member.key_place;
        program::Projected made;
        if (source) {
            made.event = applied_event(context, context.program.aggregates[source->events], name);
        }
        if (const Node* set =
                member.value.is(Node::Kind::object) ? member.value.find("set") : nullptr) {
            made.set = context.compiler.data(*set, scope);
        }
        if (made.event) projection.on.push_back(made);
    }
}

void load_projection(LoadContext& context, const Node& node, std::uint32_t position) {
    Projection& projection = context.program.projections[position];
    if (const Node* from = string_at(node, "from")) {
        const TableId source = find_table(context, *from);
        const bool fits = source && context.program[source].kind == program::TableKind::aggregate;
        if (fits) {
            projection.source = source;
            context.program.aggregates[context.program[source].events].projections.push_back(
                position);
        } else if (source) {
            context.error(from->place, "\"" + printable(from->text) +
                                           "\" is no aggregate: only "
                                           "its log can be read");
        }
    }
    const Scope scope = event_scope(context, nullptr);
    if (const Node* key = string_at(node, "key")) {
        projection.key = context.compiler.expression(*key, scope, Type::string);
    }
    if (const Node* on = object_at(node, "on")) load_projected(context, *on, projection);
    if (const Node* checkpoint = string_at(node, "checkpoint")) {
        if (checkpoint->text == "after") projection.checkpoint = program::Checkpoint::after;
        if (checkpoint->text == "before") projection.checkpoint = program::Checkpoint::before;
    }
    projection.lag = time_at(node, "lag", projection.lag);
    const Node* dead = string_at(node, "deadLetter");
    if (dead && dead->text == "sequence") {
        projection.dead_letter = program::DeadLetterMode::sequence;
    }
    program::Topic& topic = context.program.bus.topics[projection.feed.value];
    topic.at_least_once = true;
    topic.order = program::Order::per_key;  // a lane of its own
    topic.key = context.compiler.constant(Value(context.program[projection.table].name));
    topic.latency = {program::Latency::Kind::constant, projection.lag, projection.lag};
    topic.dead_letter = projection.dead_letter;
}

}  // namespace

OperationId applied_event(LoadContext& context, const Aggregate& aggregate, const Node& name) {
    const auto event = context.names.events.find(name.text);
    if (event != context.names.events.end() && aggregate.find(event->second)) return event->second;
    std::vector<std::string> known;
    for (const program::Apply& apply : aggregate.apply) {
        known.push_back(context.program[apply.event].name);
    }
    context.diagnostics.unknown_name(
        name.place, "event of \"" + context.program[aggregate.table].name + "\"", name.text, known);
    return {};
}

void load_events(LoadContext& context) {
    const auto for_each = [&](program::TableKind kind, std::string_view section, auto&& visit) {
        for (std::size_t i = 0; i < context.program.tables.size(); ++i) {
            const program::Table& table = context.program.tables[i];
            if (table.kind != kind) continue;
            const std::string& owner = context.program[table.service].name;
            const Node* held = object_at(*context.names.services.find(owner)->second.node, section);
            const Node* node = held ? object_at(*held, table.name) : nullptr;
            if (node) visit(*node, table.events);
        }
    };
    for_each(program::TableKind::aggregate, "aggregates",
             [&](const Node& node, std::uint32_t position) {
                 AggregateLoader(context, node, context.program.aggregates[position]).load();
             });
    for_each(program::TableKind::projection, "projections",
             [&](const Node& node, std::uint32_t position) {
                 load_projection(context, node, position);
             });
    if (context.diagnostics.has_errors()) return;
    for_each(program::TableKind::aggregate, "aggregates",
             [&](const Node& node, std::uint32_t position) {
                 check_history(context, context.program.aggregates[position], node);
             });
}

}  // namespace sagalab::language
