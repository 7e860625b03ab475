#include <algorithm>
#include <utility>

#include "world/execute.h"
#include "world/projection.h"

namespace sagalab::world {

using program::Checkpoint;
using program::PointKind;
using trace::Record;
using trace::RecordKind;

namespace {

constexpr std::uint64_t entries_a_step = 100;  // that a rebuild reads

bool by_key(const Value& a, const Value& b) { return key_less(a, b); }

void insert_sorted(std::vector<Value>& names, const Value& name) {
    auto at = std::lower_bound(names.begin(), names.end(), name, by_key);
    if (at == names.end() || *at != name) names.insert(at, name);
}

bool erase_sorted(std::vector<Value>& names, const Value& name) {
    auto at = std::lower_bound(names.begin(), names.end(), name, by_key);
    if (at == names.end() || *at != name) return false;
    names.erase(at);
    return true;
}

}  // namespace

// An entry of the event log. A checkpoint `after` the effect repeats it where a crash falls in
// between, one `before` it loses it; `atomic` is one commit with the effect.
void Execution::take_feed(Message&& message, std::uint32_t link) {
    std::uint32_t number = program_[message.operation].target;
    const program::Projection& spec = program_.projections[number];
    Projection& state = service_.projections[spec.local];
    Value entry = message.payload;
    HandlerId handler = program_[message.operation].handlers.front();
    Running& running = start(handler, std::move(message), link, 0);
    running_ = &running;
    fiber_ = 0;
    ++service_.replicas[0].busy;

    std::int64_t version = entry.find("version")->integer();
    const Value stream = *entry.find("stream");
    const std::int64_t* newest = state.checkpoint.find(stream);
    bool seen = newest && version <= *newest && !erase_sorted(state.missed, entry_name(entry));
    ProjectedRow made;
    Value code;
    if (!seen) {
        made = project(program_, spec, entry, service_.tables[program_[spec.table].local]);
        if (!made.error.is_null()) code = Value(made.error.error_code());
        if (code.is_null() && !made.key.is_null()) store_fails(spec.table, code);
    }
    if (!code.is_null()) {
        miss_entry(spec, entry, code);
        return;
    }
    state.remember(entry);
    auto mark = [&] {
        std::int64_t& at = state.checkpoint.at_or_added(stream, seen);
        at = std::max(at, version);
        return spec.checkpoint != Checkpoint::atomic && pass(PointKind::after_mark);
    };
    bool stops = spec.checkpoint == Checkpoint::before && mark();
    if (!stops && !seen) {
        write_projected(spec, entry, made);
        stops = pass(PointKind::after_commit);
        if (spec.checkpoint == Checkpoint::atomic) mark();
    }
    if (!stops && spec.checkpoint != Checkpoint::before) stops = mark();
    if (!stops) stops = pass(PointKind::before_acknowledge);
    if (!stops) end_feed();
    park(running);
}

void Execution::end_feed() {
    acknowledge(running_->link);
    running_->answered = true;
    fiber().ended = true;
    release();
}

void Execution::write_projected(const program::Projection& spec, const Value& entry,
                                const ProjectedRow& made) {
    if (listening()) {
        Record& told = record(RecordKind::projected);
        told.table = spec.table;
        told.key = *entry.find("stream");
        told.value = *entry.find("event");
        told.version = entry.find("version")->integer();
    }
    if (made.key.is_null()) return;
    if (!made.row.is_null()) {
        put_row(spec.table, made.key, made.row);
        return;
    }
    Rows& rows = service_.tables[program_[spec.table].local];
    const Value* old = rows.find(made.key);
    if (!old) return;
    hold_row(spec.table, made.key, *old, Value());
    rows.erase(made.key);
    service_.cost -= row_cost;
}

// It cannot be read now: it comes again, and in the end it is set aside.
void Execution::miss_entry(const program::Projection& spec, const Value& entry, const Value& code) {
    Projection& state = service_.projections[spec.local];
    Running& running = *running_;
    fiber().ended = true;
    running.answered = true;
    release();
    Message message = std::move(running.message);
    message.payload = entry;
    running.message.correlation = message.correlation;
    bool last = message.attempt >= program_.bus.topics[message.operation.value].max_deliveries;
    if (last) {
        state.remember(entry);
        if (spec.dead_letter == program::DeadLetterMode::message) {
            insert_sorted(state.missed, entry_name(entry));
            bool added = false;
            std::int64_t& at = state.checkpoint.at_or_added(*entry.find("stream"), added);
            at = std::max(at, entry.find("version")->integer());
        }
    }
    std::uint32_t link = running.link;
    deliver_again(std::move(message), link, code);
    park(running);
}

// Beside the live view: from zero, and at the end in its place.
void Execution::rebuild(std::uint32_t number) {
    const program::Projection& spec = program_.projections[number];
    service_.projections[spec.local].rebuild.emplace();
    if (listening()) record(RecordKind::rebuilding).table = spec.table;
    Nanos due = add_saturating(now_, spec.lag);
    service_.set_timer(due, round_at(due), TimerKind::rebuild, number);
}

void Execution::rebuild_step(std::uint32_t number) {
    const program::Projection& spec = program_.projections[number];
    Projection& state = service_.projections[spec.local];
    if (!state.rebuild) return;
    Rebuild& rebuild = *state.rebuild;
    std::uint64_t size = state.log ? state.log->size() : 0;
    std::uint64_t end = std::min(size, rebuild.position + entries_a_step);
    for (; rebuild.position < end; ++rebuild.position) {
        const Value& entry = (*state.log)[rebuild.position];
        const Value& stream = *entry.find("stream");
        bool aside =
            std::binary_search(rebuild.set_aside.begin(), rebuild.set_aside.end(), stream, by_key);
        if (aside) continue;
        ProjectedRow made = project(program_, spec, entry, rebuild.rows);
        if (!made.error.is_null()) {
            if (spec.dead_letter == program::DeadLetterMode::sequence) {
                insert_sorted(rebuild.set_aside, stream);
            }
        } else if (!made.row.is_null()) {
            rebuild.rows.put(made.key, std::move(made.row));
        } else if (!made.key.is_null()) {
            rebuild.rows.erase(made.key);
        }
    }
    if (rebuild.position == size) return swap_rebuilt(spec);
    Nanos due = add_saturating(now_, spec.lag);
    service_.set_timer(due, round_at(due), TimerKind::rebuild, number);
}

void Execution::swap_rebuilt(const program::Projection& spec) {
    Projection& state = service_.projections[spec.local];
    Rows rebuilt = std::move(state.rebuild->rows);
    state.rebuild.reset();
    if (listening()) record(RecordKind::rebuilt).table = spec.table;
    Rows& rows = service_.tables[program_[spec.table].local];
    std::vector<Value> gone;
    for (const auto* entry : rows.sorted()) {
        if (!rebuilt.find(entry->key)) gone.push_back(entry->key);
    }
    for (const Value& key : gone) {
        hold_row(spec.table, key, *rows.find(key), Value());
        rows.erase(key);
        service_.cost -= row_cost;
    }
    for (const auto* entry : rebuilt.sorted()) {
        const Value* live = rows.find(entry->key);
        if (!live || *live != entry->value) put_row(spec.table, entry->key, entry->value);
    }
}

}  // namespace sagalab::world
