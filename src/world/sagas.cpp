#include <utility>

#include "world/execute.h"
#include "world/retry.h"

namespace sagalab::world {

using program::Instruction;
using program::StepKind;
using trace::Record;
using trace::RecordKind;
using trace::SagaNote;

namespace {

SagaNote note_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::succeeded: return SagaNote::succeeded;
        case Outcome::rejected: return SagaNote::rejected;
        case Outcome::failed: return SagaNote::failed;
        case Outcome::unknown: break;
    }
    return SagaNote::unknown;
}

}  // namespace

void Execution::begin_saga(HandlerId handler, Message&& message, std::uint32_t link,
                           std::uint32_t replica) {
    SagaId id = program_[handler].saga;
    const program::Saga& spec = program_[id];
    Running& running = start(handler, std::move(message), link, replica);
    running_ = &running;
    Value key = evaluate(spec.id);
    if (key.is_error() || !key.is(Value::Kind::string)) {
        Value code("ExpressionError");
        ++service_.replicas[replica].busy;
        end_handler(Outcome::failed, code, Value());
        running_ = nullptr;
        return;
    }
    Value name = saga_name(spec, key);
    if (join_saga(name, running.message, link)) {
        running_ = nullptr;
        return;
    }
    if (interest_.coverage) reached(interest_.coverage->handler(handler));
    SagaProgress& progress = running.saga.emplace();
    progress.saga = id;
    progress.key = key;
    const Message& first = running.message;
    bool call = first.kind == MessageKind::call;
    if (call) progress.callers.push_back(caller_of(first));
    if (!call || first.by_bus) acknowledge(link);  // it is in the log now
    service_.sagas.put(name, running.id);
    saga_state(SagaNote::running);
    if (spec.deadline != never) {
        progress.deadline = next_id(here());
        progress.deadline_due = add_saturating(now_, spec.deadline);
        set_wait(progress.deadline, Index<void>::absent, progress.deadline_due);
    }
    fiber_ = 0;
    if (!works_first() && !pass(program::PointKind::after_dedup)) run_ready(running);
    park(running);
}

// A start with an id that is there joins the running saga, or is answered from its end.
bool Execution::join_saga(const Value& name, const Message& message, std::uint32_t link) {
    Caller caller = caller_of(message);
    bool call = message.kind == MessageKind::call;
    if (const SagaEnd* end = service_.ended_sagas.find(name)) {
        if (call) reply_to(caller, end->outcome, end->code, end->body);
    } else if (const Hash128* instance = service_.sagas.find(name)) {
        Cow<Running>* running = service_.handlers.change(*instance);
        if (call) running->write().saga->callers.push_back(caller);
    } else {
        return false;
    }
    if (!call || message.by_bus) acknowledge(link);
    return true;
}

Execution::Flow Execution::step_begin(const Instruction& instruction) {
    SagaProgress& progress = *running_->saga;
    if (progress.current == Index<void>::absent) {
        progress.current = static_cast<std::uint32_t>(progress.undos.size());
        progress.step_begin = here();
        Undo undo;
        undo.step = instruction.step;
        progress.undos.push_back(std::move(undo));
    }
    progress.undos[progress.current].note = SagaNote::started;
    progress.caught = {};
    progress.undos[progress.current].appends.clear();
    fiber().keys = 0;
    running_->lasting = false;
    saga_note(instruction.step, SagaNote::started, progress.step_attempts + 1);
    return Flow::next;
}

Execution::Flow Execution::step_end(const Instruction&) {
    SagaProgress& progress = *running_->saga;
    Undo& undo = progress.undos[progress.current];
    last_note_ = SagaNote::none;
    if (undo.note == SagaNote::started) {
        note_step(SagaNote::succeeded);
        last_note_ = SagaNote::succeeded;
    }
    undo.slots = slots();
    if (saga().steps[undo.step].kind == StepKind::pivot && undo.note == SagaNote::succeeded) {
        progress.pivot_passed = true;
    }
    progress.current = Index<void>::absent;
    progress.caught = {};
    progress.step_attempts = 0;
    return Flow::next;
}

void Execution::note_step(SagaNote note) {
    SagaProgress& progress = *running_->saga;
    if (progress.current == Index<void>::absent) return;
    Undo& undo = progress.undos[progress.current];
    undo.note = note;
    undo.slots = slots();
    saga_note(undo.step, note, progress.step_attempts + 1);
}

// An error that the step's own `onError` took. What a group handles inside itself is its own
// business. True: the saga stands still there. What is in the log is never worked out again: after
// a crash the step goes on in its `onError`.
bool Execution::note_step_error(Outcome outcome) {
    const program::SagaStep* step = current_step();
    if (!step || step->group) return false;
    SagaProgress& progress = *running_->saga;
    note_step(note_of(outcome));
    if (fiber().parent == Index<void>::absent) {
        progress.caught = here();
        progress.keys_caught = fiber().keys;
        progress.appends_caught = progress.undos[progress.current].appends;
    }
    return pass_record(progress.undos[progress.current].step, note_of(outcome));
}

// The step that runs, going forward; or null.
const program::SagaStep* Execution::current_step() const {
    const SagaProgress& progress = *running_->saga;
    bool inside = progress.mode == SagaMode::forward && progress.current != Index<void>::absent;
    return inside ? &saga().steps[progress.undos[progress.current].step] : nullptr;
}

// A pivot with unknown outcome is tried until it is known, whatever `onError` says.
bool Execution::pivot_unknown(Outcome outcome) const {
    const program::SagaStep* step = current_step();
    return step && step->kind == StepKind::pivot && outcome == Outcome::unknown;
}

// How often the step or undo that runs was tried before.
std::uint32_t Execution::earlier_attempts() {
    if (!running_->saga) return 0;
    const SagaProgress& progress = *running_->saga;
    std::uint32_t undo = fiber().undo;
    return undo != Index<void>::absent ? progress.undos[undo].attempts : progress.step_attempts;
}

// A fiber has come to its end: of a handler, of a saga's steps, of an undo.
Execution::Flow Execution::end_fiber(Outcome outcome, const Value& code, Value body) {
    if (fiber().parent == unobserved) {
        fiber().ended = true;
        return Flow::ended;
    }
    if (fiber().parent != Index<void>::absent) return branch_ended(outcome, code, std::move(body));
    if (!running_->saga) return end_handler(outcome, code, std::move(body));
    switch (running_->saga->mode) {
        case SagaMode::undoing: undo_ended(outcome, code); break;
        case SagaMode::after_end: fiber().ended = true; break;
        case SagaMode::forward:
            if (outcome != Outcome::succeeded) return saga_error(outcome, code);
            finish_saga(SagaNote::completed, outcome, Value(), std::move(body));
    }
    return Flow::ended;
}

Execution::Flow Execution::saga_error(Outcome outcome, const Value& code) {
    SagaProgress& progress = *running_->saga;
    SagaNote recorded = SagaNote::none;
    if (progress.current != Index<void>::absent) {
        // A group that has had an effect, and what is unknown at the last, may have to be undone.
        const program::SagaStep& step = *current_step();
        SagaNote& noted = progress.undos[progress.current].note;
        SagaNote note = step.group && running_->lasting ? SagaNote::unknown : note_of(outcome);
        if (noted == SagaNote::started || (note == SagaNote::unknown && noted != note)) {
            note_step(note);
            recorded = note;
        }
        if (retry_step(outcome)) {
            pass_record(progress.undos[progress.current].step, recorded);
            return Flow::waits;
        }
    }
    if (progress.deadline_passed) {
        compensate(Outcome::unknown, Value("DeadlineExceeded"), recorded);
    } else {
        compensate(outcome, code, recorded);
    }
    return Flow::ended;
}

// A retriable step is tried until it succeeds, a pivot with unknown outcome until it is known.
bool Execution::retry_step(Outcome outcome) {
    SagaProgress& progress = *running_->saga;
    StepKind kind = saga().steps[progress.undos[progress.current].step].kind;
    bool again =
        kind == StepKind::retriable || (kind == StepKind::pivot && outcome == Outcome::unknown);
    if (!again) return false;
    const program::Retry& retry = program_.retries[saga().retriable_retry.value];
    Hash128 wait = next_id(here());
    Nanos due = retry_delay(retry, ++progress.step_attempts, program_.seed, wait);
    due = add_saturating(now_, due);
    fiber().pc = progress.step_begin;
    fiber().attempts = 0;
    progress.caught = {};
    await(WaitKind::step, wait, due);
    if (listening()) {
        Record& entry = record(RecordKind::retrying);
        entry.saga = progress.saga;
        entry.step = progress.undos[progress.current].step;
        entry.key = progress.key;
        entry.attempt = progress.step_attempts;
        entry.outcome = outcome;
        entry.time = due;
    }
    return true;
}

// Its fibers stand where they are; what they were waiting for comes too late.
void Execution::stop_saga(Running& running) {
    for (std::size_t i = 0; i < running.fibers.size(); ++i) {
        Fiber& each = running.fibers[i];
        if (each.parent == unobserved) continue;
        stop_fiber(i);
        each.attempts = 0;
        each.branches = 0;
        if (each.parent != Index<void>::absent) each.ended = true;
    }
}

// Before the pivot the deadline undoes what was done; after it, it only reports. While the pivot is
// under way nobody knows which of the two it is: its outcome decides.
void Execution::deadline_passed() {
    SagaProgress& progress = *running_->saga;
    progress.deadline = Hash128();
    fiber_ = 0;
    if (progress.mode != SagaMode::forward) return;
    const program::SagaStep* step = current_step();
    bool at_pivot = step && step->kind == StepKind::pivot;
    progress.deadline_passed = at_pivot;
    if (progress.pivot_passed || at_pivot) {
        if (!listening()) return;
        Record& entry = record(RecordKind::saga_state);
        entry.saga = progress.saga;
        entry.key = progress.key;
        entry.note = SagaNote::deadline;
        return;
    }
    stop_saga(*running_);
    SagaNote recorded = SagaNote::none;
    if (progress.current != Index<void>::absent &&
        progress.undos[progress.current].note == SagaNote::started) {
        note_step(SagaNote::unknown);
        recorded = SagaNote::unknown;
    }
    compensate(Outcome::unknown, Value("DeadlineExceeded"), recorded);
}

}  // namespace sagalab::world
