#include <algorithm>
#include <utility>

#include "world/execute.h"

namespace sagalab::world {

using program::Aggregate;
using program::Append;
using program::Instruction;
using trace::Record;
using trace::RecordKind;

namespace {

constexpr std::int64_t any_version = -1;
constexpr std::int64_t no_version = -2;  // it is none at all

std::int64_t version_of(const Value& expected) {
    if (expected.is(Value::Kind::integer) && expected.integer() >= 0) return expected.integer();
    if (expected == Value("none")) return 0;
    return expected == Value("any") ? any_version : no_version;
}

bool holds_all(const Stream& stream, const std::vector<StoredEvent>& events) {
    return std::ranges::all_of(events, [&](const StoredEvent& event) {
        return std::ranges::any_of(
            stream.events(), [&](const StoredEvent& stored) { return stored.id == event.id; });
    });
}

}  // namespace

// All of it or nothing. A batch that is there already, by its events' ids, is a success that writes
// nothing; only then the expected version is looked at.
Execution::Flow Execution::append(const Instruction& instruction) {
    const Append& spec = program_.appends[instruction.call];
    const Aggregate& aggregate = program_.aggregates[spec.aggregate];
    Value key = evaluate(instruction.key);
    if (key.is_error()) return broken(key);
    if (!key.is(Value::Kind::string)) {
        return broken(Value::error("ExpressionError", "the key of a stream must be a string"));
    }
    std::vector<StoredEvent> events;
    for (const program::AppendedEvent& appended : spec.events) {
        Value data = evaluate(appended.data);
        if (data.is_error()) return broken(data);
        Hash128 id = event_id(instruction);
        events.push_back(
            {id, appended.event, aggregate.find(appended.event)->revision, now_, std::move(data)});
    }
    const Stream* found = service_.streams[aggregate.local].find(key);
    std::int64_t version = found ? found->version() : 0;
    if (found && holds_all(*found, events)) return Flow::next;
    std::int64_t expected = any_version;
    if (Flow flow = expected_version(instruction, key, expected); flow != Flow::next) return flow;
    if (expected != any_version && expected != version) {
        return failed(instruction, {Outcome::rejected, Value("WrongExpectedVersion"),
                                    Value::map({{"expected", expected}, {"actual", version}})});
    }
    return write_events(instruction, key, version, std::move(events));
}

// The same where the same is done once more: by a message that comes again, or by a saga's step
// that is issued again after a crash.
Hash128 Execution::event_id(const Instruction& instruction) {
    Hash128 name = running_->message.id.with(instruction.identity);
    if (!running_->saga) return name.with(running_->appends.next(here()));
    SagaProgress& progress = *running_->saga;
    bool ended = progress.mode == SagaMode::after_end;
    std::uint32_t step = fiber().undo != Index<void>::absent ? fiber().undo : progress.current;
    if (ended || step == Index<void>::absent) return name.with(running_->appends.next(here()));
    return name.with(std::uint64_t{step} + 1).with(progress.undos[step].appends.next(here()));
}

// What the step says, or the version that this handler last read; `any` where it read none.
Execution::Flow Execution::expected_version(const Instruction& instruction, const Value& key,
                                            std::int64_t& version) {
    const Append& spec = program_.appends[instruction.call];
    if (!spec.expected) {
        for (const program::StreamRead& read : running_->reads) {
            if (read.aggregate == spec.aggregate && read.key == key) version = read.version;
        }
        return Flow::next;
    }
    Value expected = evaluate(spec.expected);
    if (expected.is_error()) return broken(expected);
    version = version_of(expected);
    if (version != no_version) return Flow::next;
    return broken(Value::error("ExpressionError",
                               "an expected version is a number, \"none\" or "
                               "\"any\", not " +
                                   expected.json()));
}

// What they come to is known before anything is written.
Execution::Flow Execution::write_events(const Instruction& instruction, const Value& key,
                                        std::int64_t version, std::vector<StoredEvent> events) {
    const Append& spec = program_.appends[instruction.call];
    const Aggregate& aggregate = program_.aggregates[spec.aggregate];
    Value code;
    if (store_fails(aggregate.table, code)) {
        return failed(instruction, {Outcome::failed, code, {}});
    }
    const Value* row = service_.tables[program_[aggregate.table].local].find(key);
    Value state = row ? *row : aggregate.initial;
    std::int64_t last = version;
    for (const StoredEvent& event : events) {
        state = program::apply_event(program_, aggregate, key, ++last, event, state);
        if (state.is_error()) return broken(state);
        state = program::row_of(state, last);
    }
    hold_stream(aggregate.local, key);
    bool added = false;
    Stream& stream = service_.streams[aggregate.local].at_or_added(key, added);
    std::vector<StoredEvent>& log = stream.log.write();
    log.insert(log.end(), events.begin(), events.end());
    if (aggregate.snapshot_every != 0 &&
        last - stream.snapshot.version >= aggregate.snapshot_every) {
        stream.snapshot = {last, aggregate.snapshot_revision, state};
    }
    service_.cost += row_cost * events.size();
    for (program::StreamRead& read : running_->reads) {
        if (read.aggregate == spec.aggregate && read.key == key) read.version = last;
    }
    for (std::size_t i = 0; i < events.size(); ++i) {
        tell_appended(aggregate, key, version + 1 + static_cast<std::int64_t>(i), events[i]);
    }
    put_row(aggregate.table, key, std::move(state));
    for (std::size_t i = 0; i < events.size(); ++i) {
        send_event(aggregate, key, version + 1 + static_cast<std::int64_t>(i), events[i]);
    }
    return Flow::next;
}

void Execution::tell_appended(const Aggregate& aggregate, const Value& key, std::int64_t version,
                              const StoredEvent& event) {
    if (!listening()) return;
    Record& entry = record(RecordKind::appended);
    entry.table = aggregate.table;
    entry.key = key;
    entry.operation = event.event;
    entry.message = event.id;
    entry.value = event.data;
    entry.version = version;
}

// From the log to those who subscribe, and to the projections: by the relay, so that it is there
// until it has arrived.
void Execution::send_event(const Aggregate& aggregate, const Value& key, std::int64_t version,
                           const StoredEvent& event) {
    if (!program_[event.event].handlers.empty()) {
        Message message = outgoing(MessageKind::event, event.event, event.data);
        message.id = event.id;
        message.durable = true;
        emit(std::move(message), here());
    }
    for (std::uint32_t projection : aggregate.projections) {
        OperationId feed = program_.projections[projection].feed;
        Message message =
            outgoing(MessageKind::send, feed, program::log_entry(program_, key, version, event));
        message.id = event.id.with(std::uint64_t{projection} + 1);
        message.durable = true;
        emit(std::move(message), here());
    }
}

}  // namespace sagalab::world
