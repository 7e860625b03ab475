#include <algorithm>
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

// Takes out how the last attempt at this step began and ended.
void forget_attempt(std::vector<Value>& log, const Value& step) {
    for (int records = 0; records < 2; ++records) {
        auto last = std::find_if(log.rbegin(), log.rend(),
                                 [&](const Value& record) { return *record.find("step") == step; });
        if (last != log.rend()) log.erase(std::next(last).base());
    }
}

bool left_over(const Undo& undo) { return undo.due && undo.note != SagaNote::undo_finished; }

}  // namespace

// From here the saga goes backwards. After the pivot there is nothing to undo: it parks.
// `recorded`: what the log just said of the step that ended it, or none.
void Execution::compensate(Outcome outcome, const Value& code, SagaNote recorded) {
    SagaProgress& progress = *running_->saga;
    progress.frame = slots();
    progress.outcome = outcome;
    progress.code = code;
    progress.parked_step = progress.current;
    progress.current = Index<void>::absent;
    progress.caught = {};
    progress.step_attempts = 0;
    if (progress.pivot_passed) {
        finish_saga(SagaNote::parked, Outcome::unknown, Value("Parked"), Value());
        return;
    }
    progress.mode = SagaMode::undoing;
    saga_state(SagaNote::compensating);
    for (Undo& undo : progress.undos) undo.due = is_due(saga(), undo);
    bool noted = recorded != SagaNote::none;
    if (noted && pass_record(progress.undos[progress.parked_step].step, recorded)) return;
    next_undo();
}

// In reverse: the last one that is left, in the saga's own fiber. In parallel: all at once.
void Execution::next_undo() {
    SagaProgress& progress = *running_->saga;
    bool parallel = saga().order == CompensationOrder::parallel;
    if (gave_up()) return end_compensation();
    bool any = false;
    for (std::size_t i = progress.undos.size(); i-- > 0;) {
        if (!progress.undos[i].due || progress.undos[i].done) continue;
        std::size_t at = any ? free_fiber() : 0;
        running_->fibers[at] = Fiber();
        start_undo(static_cast<std::uint32_t>(i), at);
        any = true;
        if (!parallel || stopped_.now) return;
    }
    if (!any) end_compensation();
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
    fiber.keys = 0;
    if (interest_.coverage) reached(interest_.coverage->compensation(progress.saga, undo.step));
    undo.note = SagaNote::undo_started;
    undo.appends.clear();
    if (undo.attempts == 0) undo.begun = now_;
    saga_note(undo.step, SagaNote::undo_started, undo.attempts + 1);
    fiber_ = at;
    pass_record(undo.step, SagaNote::undo_started);
}

bool Execution::undo_is_due(const Undo& undo) const { return is_due(saga(), undo); }

void Execution::undo_ended(Outcome outcome, const Value& code) {
    Undo& undo = running_->saga->undos[fiber().undo];
    ++undo.attempts;
    bool finished = outcome == Outcome::succeeded;
    undo.note = finished ? SagaNote::undo_finished : SagaNote::undo_failed;
    undo.done = true;
    Hash128 wait;
    if (!finished) {
        const program::Retry& retry = program_.retries[saga().undo_retry.value];
        wait = next_id(here());
        Nanos due = add_saturating(now_, retry_delay(retry, undo.attempts, program_.seed, wait));
        bool again = saga().on_failure == UndoFailure::retry_then_park &&
                     names(retry, outcome, code) &&
                     may_retry(retry, undo.attempts, undo.begun, due);
        undo.done = !again;
        if (again) fiber().resume_at = due;
    }
    saga_note(undo.step, undo.note, undo.attempts);
    if (!pass_record(undo.step, undo.note)) after_undo(wait);
}

// How the undo ended is in the log: it is tried again, or the next one begins.
void Execution::after_undo(const Hash128& wait) {
    SagaProgress& progress = *running_->saga;
    if (!progress.undos[fiber().undo].done) {
        await(WaitKind::undo, wait, std::max(std::exchange(fiber().resume_at, never), now_));
        return;
    }
    fiber().ended = true;
    if (saga().order == CompensationOrder::reverse) return next_undo();
    for (const Undo& other : progress.undos) {
        if (other.due && !other.done) return;
    }
    end_compensation();
}

// In reverse, one that cannot be undone keeps those before it from being undone, if it is said so.
bool Execution::gave_up() const {
    if (saga().order != CompensationOrder::reverse) return false;
    if (saga().on_failure == UndoFailure::go_on) return false;
    const std::vector<Undo>& undos = running_->saga->undos;
    return std::any_of(undos.begin(), undos.end(), [](const Undo& undo) {
        return undo.due && undo.done && undo.note == SagaNote::undo_failed;
    });
}

// After it was held at a record of its log.
void Execution::go_on_undoing() {
    const SagaProgress& progress = *running_->saga;
    if (progress.mode != SagaMode::undoing) return;
    if (fiber().undo == Index<void>::absent) return next_undo();
    SagaNote note = progress.undos[fiber().undo].note;
    bool recorded = note == SagaNote::undo_finished || note == SagaNote::undo_failed;
    if (recorded && fiber().parent == Index<void>::absent) after_undo(next_id(here()));
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
    if (state == SagaNote::parked) keep_parked();
    if (progress.mode == SagaMode::forward && state == SagaNote::completed) {
        progress.frame = slots();
    }
    progress.mode = SagaMode::after_end;
    saga_state(state);
    Value reason = code;
    inject_rejection(outcome, reason, body);
    if (!progress.deadline.zero()) service_.waits.erase(progress.deadline);
    Value name = saga_name(saga(), progress.key);
    service_.sagas.erase(name);
    service_.ended_sagas.put(name, SagaEnd{outcome, reason, body});
    for (const Caller& caller : progress.callers) reply_to(caller, outcome, reason, body);
    progress.callers.clear();
    report_end(outcome, reason, body);
    for (Fiber& each : running_->fibers) {
        if (each.parent == unobserved) continue;
        if (each.waits_for != WaitKind::none) stop_waiting(each);
        each.ended = true;
    }
    running_->answered = true;
    release();
    InstructionId last = state == SagaNote::completed     ? saga().on_completed
                         : state == SagaNote::compensated ? saga().on_compensated
                                                          : saga().on_parked;
    if (!last) return;
    progress.step_begin = last;
    running_->appends.clear();
    Fiber& first = running_->fibers[0];
    first.pc = last;
    first.slots = progress.frame;
    first.undo = Index<void>::absent;
    first.attempts = 0;
    first.ended = false;
}

// For an operator, who may say that it goes on.
void Execution::keep_parked() {
    Running copy = *running_;
    SagaProgress& progress = *copy.saga;
    progress.deadline = Hash128();
    progress.callers.clear();
    for (Fiber& each : copy.fibers) {
        each.wait = Hash128();
        each.waits_for = WaitKind::none;
    }
    copy.fibers.resize(1);
    copy.fibers[0].ended = false;
    copy.fibers[0].attempts = 0;
    service_.parked.put(saga_name(saga(), progress.key), Cow<Running>(std::move(copy)));
}

// The row of the instance: {state, epoch, log: [{step, record}, ...]}, and `left` once parked.
// After many attempts a further one takes the place of the one before it in the log, so that what
// is tried for a long time does not make it long.
void Execution::saga_note(std::uint32_t step, SagaNote note, std::uint32_t attempt) {
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
    std::span<const Value> old = row.find("log")->items();
    std::vector<Value> log(old.begin(), old.end());
    Value name(spec.steps[step].name);
    bool begins = note == SagaNote::started || note == SagaNote::undo_started;
    if (attempt > attempts_kept && begins) forget_attempt(log, name);
    Value entry = Value::map({{"step", name}, {"record", saga_note_name(note)}});
    if (attempt > 1) {
        Value number(static_cast<std::int64_t>(attempt));
        entry = Value::merged(entry, Value::map({{"attempt", number}}));
    }
    log.push_back(std::move(entry));
    put_row(spec.table, progress.key,
            Value::merged(row, Value::map({{"log", Value::list(std::span(log))}})));
}

// Somebody has taken it up again: the row says under which epoch.
void Execution::saga_epoch() {
    const SagaProgress& progress = *running_->saga;
    const program::Saga& spec = saga();
    if (listening()) {
        Record& entry = record(RecordKind::saga_state);
        entry.saga = progress.saga;
        entry.key = progress.key;
        entry.note = SagaNote::resumed;
        entry.attempt = progress.epoch;
    }
    const Value& row = *service_.tables[program_[spec.table].local].find(progress.key);
    Value epoch(static_cast<std::int64_t>(progress.epoch));
    put_row(spec.table, progress.key, Value::merged(row, Value::map({{"epoch", epoch}})));
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
