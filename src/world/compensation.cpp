#include <utility>

#include "world/execute.h"
#include "world/retry.h"

namespace sagalab::world {

using program::CompensationOrder;
using program::CompensationScope;
using program::UndoFailure;
using trace::Record;
using trace::RecordKind;
using trace::SagaNote;

namespace {

bool is_due(const program::Saga& saga, const Undo& undo) {
    if (!saga.steps[undo.step].undo) return false;
    switch (saga.scope) {
        case CompensationScope::completed: return undo.note == SagaNote::succeeded;
        case CompensationScope::completed_or_unknown:
            return undo.note == SagaNote::succeeded || undo.note == SagaNote::unknown;
        case CompensationScope::started: break;
    }
    return true;
}

bool left_over(const Undo& undo) { return undo.due && undo.note != SagaNote::undo_finished; }

}  // namespace

// From here the saga goes backwards. After the pivot there is nothing to undo: it parks.
void Execution::compensate(Outcome outcome, const Value& code) {
    SagaProgress& progress = *running_->saga;
    progress.frame = slots();
    progress.outcome = outcome;
    progress.code = code;
    progress.current = Index<void>::absent;
    progress.step_attempts = 0;
    if (progress.pivot_passed) {
        finish_saga(SagaNote::parked, Outcome::unknown, Value("Parked"), Value());
        return;
    }
    progress.mode = SagaMode::undoing;
    saga_state(SagaNote::compensating);
    for (Undo& undo : progress.undos) undo.due = is_due(saga(), undo);
    next_undo();
}

// In reverse: the last one that is left, in the saga's own fiber. In parallel: all at once.
void Execution::next_undo() {
    SagaProgress& progress = *running_->saga;
    bool parallel = saga().order == CompensationOrder::parallel;
    std::size_t fibers = 0;
    for (std::size_t i = progress.undos.size(); i-- > 0;) {
        if (!progress.undos[i].due || progress.undos[i].done) continue;
        if (fibers >= running_->fibers.size()) running_->fibers.emplace_back();
        start_undo(static_cast<std::uint32_t>(i), fibers++);
        if (!parallel) return;
    }
    if (fibers == 0) end_compensation();
}

void Execution::start_undo(std::uint32_t index, std::size_t at) {
    SagaProgress& progress = *running_->saga;
    Undo& undo = progress.undos[index];
    Fiber& fiber = running_->fibers[at];
    fiber.pc = saga().steps[undo.step].undo;
    fiber.slots = undo.slots;
    fiber.slots.resize(program_[running_->handler].slots);
    fiber.undo = index;
    fiber.ended = false;
    fiber.attempts = 0;
    saga_note(undo.step, SagaNote::undo_started);
}

void Execution::undo_ended(Outcome outcome, const Value& code) {
    SagaProgress& progress = *running_->saga;
    std::uint32_t index = fiber().undo;
    Undo& undo = progress.undos[index];
    ++undo.attempts;
    if (outcome == Outcome::succeeded) {
        undo.done = true;
        undo.note = SagaNote::undo_finished;
        saga_note(undo.step, SagaNote::undo_finished);
    } else {
        undo.note = SagaNote::undo_failed;
        saga_note(undo.step, SagaNote::undo_failed);
        const program::Retry& retry = program_.retries[saga().undo_retry.value];
        bool again = saga().on_failure == UndoFailure::retry_then_park &&
                     outcome != Outcome::rejected && may_retry(retry, undo.attempts, 0, 0);
        if (again) {
            Hash128 wait = next_id(here());
            Nanos delay = retry_delay(retry, undo.attempts, program_.seed, wait);
            await(WaitKind::undo, wait, add_saturating(now_, delay));
            return;
        }
        undo.done = true;
    }
    fiber().ended = true;
    bool give_up = outcome != Outcome::succeeded && saga().on_failure != UndoFailure::go_on;
    if (give_up && saga().order == CompensationOrder::reverse) {
        end_compensation();
        return;
    }
    if (saga().order == CompensationOrder::reverse) {
        next_undo();
        return;
    }
    for (const Undo& other : progress.undos) {
        if (other.due && !other.done) return;
    }
    end_compensation();
    (void)code;
}

void Execution::end_compensation() {
    SagaProgress& progress = *running_->saga;
    bool clean = true;
    for (const Undo& undo : progress.undos) clean = clean && !left_over(undo);
    if (clean) {
        finish_saga(SagaNote::compensated, Outcome::rejected, progress.code, Value());
    } else {
        finish_saga(SagaNote::parked, Outcome::unknown, Value("Parked"), Value());
    }
}

void Execution::finish_saga(SagaNote state, Outcome outcome, const Value& code, Value body) {
    SagaProgress& progress = *running_->saga;
    if (progress.mode == SagaMode::forward && state == SagaNote::completed) {
        progress.frame = slots();
    }
    progress.mode = SagaMode::after_end;
    saga_state(state);
    if (!progress.deadline.zero()) service_.waits.erase(progress.deadline);
    Value name = saga_name(saga(), progress.key);
    service_.sagas.erase(name);
    service_.ended_sagas.put(name, SagaEnd{outcome, code, body});
    for (const Caller& caller : progress.callers) reply_to(caller, outcome, code, body);
    progress.callers.clear();
    if (listening()) {
        Record& entry = record(RecordKind::ended);
        entry.message_kind = running_->message.kind;
        entry.message = running_->message.id;
        entry.peer = running_->message.from;
        entry.outcome = outcome;
        entry.code = code;
        entry.value = body;
    }
    for (Fiber& each : running_->fibers) each.ended = true;
    InstructionId last = state == SagaNote::completed     ? saga().on_completed
                         : state == SagaNote::compensated ? saga().on_compensated
                                                          : saga().on_parked;
    if (!last) return;
    Fiber& first = running_->fibers[0];
    first.pc = last;
    first.slots = progress.frame;
    first.undo = Index<void>::absent;
    first.attempts = 0;
    first.ended = false;
}

// The row of the instance: {state, epoch, log: [{step, record}, ...]}, and `left` once parked.
void Execution::saga_note(std::uint32_t step, SagaNote note) {
    const SagaProgress& progress = *running_->saga;
    const program::Saga& spec = saga();
    if (listening()) {
        Record& entry = record(RecordKind::saga_logged);
        entry.saga = progress.saga;
        entry.step = step;
        entry.key = progress.key;
        entry.note = note;
    }
    const Rows& table = service_.tables[program_[spec.table].local];
    const Value& row = *table.find(progress.key);
    std::span<const Value> old = row.find(std::string_view("log"))->items();
    std::vector<Value> log(old.begin(), old.end());
    log.push_back(Value::map({{"step", spec.steps[step].name}, {"record", saga_note_name(note)}}));
    put_row(spec.table, progress.key,
            Value::merged(row, Value::map({{"log", Value::list(std::span(log))}})));
}

void Execution::saga_state(SagaNote state) {
    const SagaProgress& progress = *running_->saga;
    const program::Saga& spec = saga();
    if (listening()) {
        Record& entry = record(RecordKind::saga_state);
        entry.saga = progress.saga;
        entry.key = progress.key;
        entry.note = state;
    }
    Value set = Value::map(
        {{"state", saga_note_name(state)}, {"epoch", static_cast<std::int64_t>(progress.epoch)}});
    const Value* row = service_.tables[program_[spec.table].local].find(progress.key);
    if (!row) {
        put_row(spec.table, progress.key,
                Value::merged(set, Value::map({{"log", Value::list({})}})));
        return;
    }
    if (state == SagaNote::parked) {
        std::vector<Value> left;
        for (const Undo& undo : progress.undos) {
            if (left_over(undo)) left.emplace_back(spec.steps[undo.step].name);
        }
        set = Value::merged(set, Value::map({{"left", Value::list(std::span(left))}}));
    }
    put_row(spec.table, progress.key, Value::merged(*row, set));
}

}  // namespace sagalab::world
