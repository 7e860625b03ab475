#include <algorithm>
#include <utility>

#include "world/execute.h"
#include "world/projection.h"

namespace sagalab::world {

using program::Checkpoint;
using program::DeadLetterMode;
using program::PointKind;
using program::ProjectedRow;
using trace::Record;
using trace::RecordKind;

namespace {

constexpr std::uint64_t entries_a_step = 100;  // that a rebuild reads

}  // namespace

const program::Projection& Execution::projection_of(OperationId feed) const {
    return program_.projections[program_[feed].target];
}

// An entry of the event log. A checkpoint `after` the effect repeats it where a crash falls in
// between, one `before` it loses it; `atomic` is one commit with the effect.
void Execution::take_feed(Message&& message, std::uint32_t link) {
    const program::Projection& spec = projection_of(message.operation);
    HandlerId handler = program_[message.operation].handlers.front();
    std::uint32_t replica = program_[service_.id].replicas > 1 ? next_replica() : 0;
    Running& running = start(handler, std::move(message), link, replica);
    running_ = &running;
    fiber_ = 0;
    if (interest_.coverage) reached(interest_.coverage->handler(handler));
    ++service_.replicas[replica].busy;
    Projection& state = service_.projections[spec.local];
    if (!state.progress.is_due(slots()[0])) {
        state.remember(slots()[0]);
        fiber().attempts = 2;  // past the stages that read it
    }
    run_feed();
    park(running);
}

// Stage after stage; it goes on here when it has been held at a point. What is in the way of the
// entry is known before anything is kept.
void Execution::run_feed() {
    const program::Projection& spec = projection_of(running_->message.operation);
    Progress& progress = service_.projections[spec.local].progress;
    const Value entry = slots()[0];
    bool before = spec.checkpoint == Checkpoint::before;
    for (bool stops = false; !stops;) {
        switch (fiber().attempts++) {
            case 0:
                if (!check_entry(spec, entry)) return;
                if (before) {
                    progress.mark(entry);
                    stops = pass(PointKind::after_mark);
                } else {
                    stops = read_entry(spec, entry);
                }
                break;
            case 1:
                if (before) {
                    stops = read_entry(spec, entry);
                } else if (spec.checkpoint == Checkpoint::after) {
                    progress.mark(entry);
                    stops = pass(PointKind::after_mark);
                }
                break;
            case 2: stops = pass(PointKind::before_acknowledge); break;
            default: end_feed(); return;
        }
    }
}

// False where it cannot be read now: it comes again, and in the end it is set aside.
bool Execution::check_entry(const program::Projection& spec, const Value& entry) {
    ProjectedRow made = project(program_, spec, entry, service_.tables[program_[spec.table].local]);
    Value code;
    if (!made.error.is_null()) code = Value(made.error.error_code());
    if (code.is_null() && !made.key.is_null()) store_fails(spec.table, code);
    if (code.is_null()) return true;
    miss_entry(entry, code);
    return false;
}

// The effect; true where the handler stands still behind it.
bool Execution::read_entry(const program::Projection& spec, const Value& entry) {
    Projection& state = service_.projections[spec.local];
    if (!state.remember(entry)) state.read_late(entry);
    write_projected(spec, entry);
    if (spec.checkpoint != Checkpoint::after) state.progress.mark(entry);
    return pass(PointKind::after_commit);
}

void Execution::end_feed() {
    acknowledge(running_->link);
    running_->answered = true;
    fiber().ended = true;
    release();
}

void Execution::write_projected(const program::Projection& spec, const Value& entry) {
    Rows& rows = service_.tables[program_[spec.table].local];
    ProjectedRow made = project(program_, spec, entry, rows);
    if (listening()) {
        Record& told = record(RecordKind::projected);
        told.table = spec.table;
        told.key = *entry.find("stream");
        told.value = *entry.find("event");
        told.version = entry.find("version")->integer();
    }
    if (made.key.is_null()) return;
    if (!made.row.is_null()) {
        put_row(spec.table, made.key, std::move(made.row));
    } else {
        drop_row(spec.table, made.key);
    }
}

void Execution::miss_entry(const Value& entry, const Value& code) {
    Running& running = *running_;
    fiber().ended = true;
    running.answered = true;
    release();
    Message message = std::move(running.message);
    message.payload = entry;
    running.message.correlation = message.correlation;
    deliver_again(std::move(message), running.link, code);
}

// A dead letter: kept in the log, and passed over unless its stream is set aside.
void Execution::bury_entry(const Message& message) {
    const program::Projection& spec = projection_of(message.operation);
    Projection& state = service_.projections[spec.local];
    state.remember(message.payload);
    bool due = state.progress.is_due(message.payload);
    if (due && spec.dead_letter == DeadLetterMode::message) state.progress.pass(message.payload);
}

// Beside the live view: from zero, and at the end in its place.
void Execution::rebuild(std::uint32_t number) {
    const program::Projection& spec = program_.projections[number];
    service_.projections[spec.local].rebuild.emplace();
    if (listening()) record(RecordKind::rebuilding).table = spec.table;
    rebuild_later(number, add_saturating(now_, spec.lag));
}

void Execution::rebuild_later(std::uint32_t number, Nanos due) {
    service_.projections[program_.projections[number].local].rebuild->due = due;
    service_.set_timer(due, round_at(due), TimerKind::rebuild, number);
}

void Execution::rebuild_step(std::uint32_t number) {
    const program::Projection& spec = program_.projections[number];
    Projection& state = service_.projections[spec.local];
    if (!state.rebuild || state.rebuild->due != now_) return;
    Rebuild& rebuild = *state.rebuild;
    std::uint64_t size = state.log ? state.log->size() : 0;
    std::uint64_t end = std::min(size, rebuild.position + entries_a_step);
    for (; rebuild.position < end; ++rebuild.position) {
        rebuild_entry(spec, rebuild, (*state.log)[rebuild.position]);
    }
    if (rebuild.position == size) return swap_rebuilt(spec);
    rebuild_later(number, add_saturating(now_, spec.lag));
}

// What cannot be read is passed over, alone or with what follows in its stream. An entry may come
// twice: where it was set aside, and where it was read after all.
void Execution::rebuild_entry(const program::Projection& spec, Rebuild& rebuild,
                              const Value& entry) {
    bool in_order = spec.dead_letter == DeadLetterMode::sequence;
    if (!rebuild.progress.is_due(entry) || (in_order && !rebuild.progress.is_next(entry))) return;
    ProjectedRow made = project(program_, spec, entry, rebuild.rows);
    if (made.error.is_null()) {
        rebuild.progress.mark(entry);
        apply_projected(std::move(made), rebuild.rows);
    } else if (!in_order) {
        rebuild.progress.pass(entry);
    }
}

void Execution::swap_rebuilt(const program::Projection& spec) {
    Projection& state = service_.projections[spec.local];
    Rows rebuilt = std::move(state.rebuild->rows);
    state.progress = std::move(state.rebuild->progress);
    state.rebuild.reset();
    if (listening()) record(RecordKind::rebuilt).table = spec.table;
    Rows& rows = service_.tables[program_[spec.table].local];
    const std::size_t first = effects_.records.size();
    std::vector<Value> gone;
    for (const auto* entry : rows.sorted()) {
        if (!rebuilt.find(entry->key)) gone.push_back(entry->key);
    }
    for (const Value& key : gone) drop_row(spec.table, key);
    for (const auto* entry : rebuilt.sorted()) {
        const Value* live = rows.find(entry->key);
        if (!live || *live != entry->value) put_row(spec.table, entry->key, entry->value);
    }
    for (std::size_t i = first; i + 1 < effects_.records.size(); ++i) {
        effects_.records[i].more = true;
    }
}

}  // namespace sagalab::world
