#include <utility>

#include "world/execute.h"
#include "world/retry.h"

namespace sagalab::world {

using program::Instruction;
using trace::Record;
using trace::RecordKind;

// One attempt: the message leaves, and the fiber waits for the reply or the timeout. The next
// attempt comes here again; only the idempotency key links the attempts.
Execution::Flow Execution::call(const Instruction& instruction) {
    const program::Call& spec = program_.calls[instruction.call];
    Value payload = evaluate(instruction.data);
    if (payload.is_error()) return broken(payload);
    Value key;
    if (spec.idempotency_key) {
        key = evaluate(spec.idempotency_key);
        if (key.is_error()) return broken(key);
    } else if (running_->saga) {
        key = default_key(instruction);
    }
    Message message = outgoing(MessageKind::call, spec.operation, std::move(payload));
    message.note = std::move(key);
    message.by_bus = spec.via_bus;
    if (spec.gateway != Index<void>::absent && !address(spec, message)) {
        return broken(message.payload);
    }
    if (fiber().attempts++ == 0) fiber().begun = now_;
    if (spec.breaker && !breaker_lets(spec.breaker)) {
        return call_ended(instruction, Outcome::failed, Value("BreakerOpen"), Value());
    }
    message.attempt = earlier_attempts() + fiber().attempts;
    await(WaitKind::reply, message.id, add_saturating(now_, spec.timeout));
    emit(std::move(message), here());
    return Flow::waits;
}

// "OrderSaga.PlaceOrder/o-1/2/PaymentService.PayOrder": saga, instance, number of the step,
// operation; "#2" for the second key of a step. Every attempt has the same.
Value Execution::default_key(const Instruction& instruction) {
    const SagaProgress& progress = *running_->saga;
    if (fiber().attempts == 0) ++fiber().keys;
    std::uint32_t undo = fiber().undo;
    std::size_t number = undo != Index<void>::absent ? undo + 1 : progress.undos.size();
    OperationId operation = instruction.call != Index<void>::absent
                                ? program_.calls[instruction.call].operation
                                : instruction.operation;
    std::string text = program_[saga().operation].label + '/';
    text += std::string(progress.key.text()) + '/' + std::to_string(number);
    text += (undo != Index<void>::absent ? "/undo/" : "/") + program_[operation].label;
    if (fiber().keys > 1) text += '#' + std::to_string(fiber().keys);
    // Branches count apart.
    for (std::size_t at = fiber_; running_->fibers[at].parent < unobserved;) {
        const Fiber& branch = running_->fibers[at];
        at = branch.parent;
        const Instruction& step = program_[running_->fibers[at].pc];
        text += '/';
        text += program_.parallels[step.call].branches[branch.branch].name.text();
    }
    return Value(text);
}

void Execution::take_reply(Message&& message, std::uint32_t link) {
    bool cut = !program_.partitions.empty() || !service_.cut_from.empty();
    if (cut && cut_off(message, link)) return;
    if (reply_lost(message)) return;
    const Wait* waits = service_.waits.find(message.answers);
    const Cow<Running>* waiting = waits ? service_.handlers.find(waits->handler) : nullptr;
    if (Nanos until = waiting ? paused_until((*waiting)->replica) : 0; until != 0) {
        come_at(std::move(message), link, until);
        return;
    }
    const Wait* found = service_.waits.find(message.answers);
    Running running;
    if (!found || !reclaim(found->handler, running)) {
        if (listening()) describe(record(RecordKind::late), message);
        return;
    }
    running_ = &running;
    fiber_ = found->fiber;
    if (fenced(running)) return;
    stop_waiting(fiber());
    if (listening()) describe(record(RecordKind::returned), message);
    // What a saga's step was refused has no effect to undo; a handler cannot know.
    bool effect = message.outcome != Outcome::failed;
    if (running.saga && message.outcome == Outcome::rejected) effect = false;
    running.lasting = running.lasting || effect;
    Flow flow = call_ended(program_[here()], message.outcome, message.note, message.payload);
    if (flow == Flow::next) advance();
    run_ready(running);
    park(running);
}

// The call has come to an end, for this attempt at least.
Execution::Flow Execution::call_ended(const Instruction& instruction, Outcome outcome,
                                      const Value& code, const Value& body) {
    const program::Call& spec = program_.calls[instruction.call];
    if (fiber().generation != 0) breaker_hears(spec.breaker, outcome);
    if (outcome != Outcome::succeeded && retry_call(instruction, outcome, code)) return Flow::waits;
    if (interest_.coverage) {
        reached(interest_.coverage->own(here()), static_cast<std::uint32_t>(outcome));
    }
    fiber().attempts = 0;
    fiber().result = outcome == Outcome::succeeded ? body : Value();
    if (spec.settled) {
        bind(instruction, settled(spec, outcome, code, body));
        return Flow::next;
    }
    if (outcome == Outcome::succeeded) {
        bind(instruction, body);
        return Flow::next;
    }
    if (spec.fallback && outcome != Outcome::rejected) {
        if (interest_.coverage) reached(interest_.coverage->fallback(here()));
        Value value = evaluate(spec.fallback);
        if (value.is_error()) return broken(value);
        bind(instruction, std::move(value));
        return Flow::next;
    }
    return failed(instruction, {outcome, code, body});
}

void Execution::bind(const Instruction& instruction, Value value) {
    if (instruction.slot != Index<void>::absent) slots()[instruction.slot] = std::move(value);
}

bool Execution::retry_call(const Instruction& instruction, Outcome outcome, const Value& code) {
    const program::Call& spec = program_.calls[instruction.call];
    if (!spec.retry) return false;
    const program::Retry& retry = program_.retries[spec.retry.value];
    if (!names(retry, outcome, code)) return false;
    Hash128 wait = next_id(here());
    Nanos again = add_saturating(now_, retry_delay(retry, fiber().attempts, program_.seed, wait));
    if (!may_retry(retry, fiber().attempts, fiber().begun, again)) return false;
    await(WaitKind::retry, wait, again);
    if (listening()) {
        Record& entry = record(RecordKind::retrying);
        entry.operation = spec.operation;
        entry.peer = program_[spec.operation].service;
        entry.attempt = fiber().attempts;
        entry.outcome = outcome;
        entry.code = code;
        entry.time = again;
    }
    return true;
}

void Execution::take_wait(const Timer& timer) {
    Wait wait = *service_.waits.find(timer.wait);
    Running running;
    if (!reclaim(wait.handler, running)) return;
    running_ = &running;
    fiber_ = 0;
    if (fenced(running)) return;
    if (wait.fiber == Index<void>::absent) {
        service_.waits.erase(timer.wait);
        if (running.saga) {
            deadline_passed();
        } else {
            route_timed_out();
        }
        run_ready(running);
        park(running);
        return;
    }
    fiber_ = wait.fiber;
    WaitKind kind = fiber().waits_for;
    stop_waiting(fiber());
    if (kind == WaitKind::pause) {
        if (listening()) record(RecordKind::resumed);
        advance();
    } else if (kind == WaitKind::stall) {
        held_no_longer();
        if (running.saga) go_on_undoing();
    } else if (kind == WaitKind::undo) {
        start_undo(fiber().undo, fiber_);
    } else if (kind == WaitKind::reply || kind == WaitKind::event) {
        timed_out(kind, timer.wait);
    }
    run_ready(running);
    park(running);
}

// What was waited for has not come in time: now the outcome is unknown.
void Execution::timed_out(WaitKind kind, const Hash128& wait) {
    const Instruction& instruction = program_[here()];
    bool call = kind == WaitKind::reply;
    if (listening()) {
        const program::Call* spec = call ? &program_.calls[instruction.call] : nullptr;
        Record& entry = record(RecordKind::timed_out);
        entry.operation = spec ? spec->operation : instruction.operation;
        if (entry.operation) entry.peer = program_[entry.operation].service;
        if (spec && spec->gateway != Index<void>::absent) {
            entry.peer = program_.gateways[spec->gateway].service;
        }
        entry.message = wait;
    }
    Value code("Timeout");
    if (call) running_->lasting = true;
    Flow flow = call ? call_ended(instruction, Outcome::unknown, code, Value())
                     : failed(instruction, {Outcome::unknown, code, {}});
    if (flow == Flow::next) advance();
}

void Execution::await(WaitKind kind, const Hash128& wait, Nanos due) {
    fiber().wait = wait;
    fiber().waits_for = kind;
    fiber().since = now_;
    set_wait(wait, static_cast<std::uint32_t>(fiber_), due);
}

void Execution::set_wait(const Hash128& wait, std::uint32_t fiber, Nanos due) {
    service_.waits.put(wait, Wait{running_->id, fiber, due});
    if (due != never) service_.set_timer(due, round_at(due), wait);
}

void Execution::stop_waiting(Fiber& fiber) {
    if (fiber.waits_for == WaitKind::event) stop_awaiting(fiber.wait);
    if (!fiber.wait.zero()) service_.waits.erase(fiber.wait);
    fiber.wait = Hash128();
    fiber.waits_for = WaitKind::none;
}

// Nobody waits for its call any more, if it has one: its outcome stays unknown, to a breaker too.
void Execution::stop_fiber(std::size_t index) {
    std::size_t before = std::exchange(fiber_, index);
    if (fiber().generation != 0) {
        breaker_hears(program_.calls[program_[here()].call].breaker, Outcome::unknown);
    }
    if (fiber().waits_for != WaitKind::none) stop_waiting(fiber());
    fiber_ = before;
}

void Execution::reply_to(const Caller& caller, Outcome outcome, const Value& code, Value body) {
    Message message = outgoing(MessageKind::reply, caller.operation, std::move(body));
    message.to = caller.service;
    message.answers = caller.call;
    message.correlation = caller.correlation;
    message.outcome = outcome;
    message.note = code;
    message.by_bus = caller.by_bus;
    emit(std::move(message), running_ && !running_->fibers.empty() ? here() : InstructionId());
}

Message Execution::outgoing(MessageKind kind, OperationId operation, Value payload) {
    Message message;
    message.id = next_id(running_ && !running_->fibers.empty() ? here() : InstructionId());
    message.cause = cause_;
    if (running_) {
        message.correlation = running_->message.correlation;
        message.during = running_->message.operation;
    }
    message.payload = std::move(payload);
    message.arrival = now_;
    message.operation = operation;
    message.from = service_.id;
    if (operation) message.to = program_[operation].service;
    message.round = round_;
    message.kind = kind;
    return message;
}

void Execution::emit(Message&& message, InstructionId by) {
    if (running_ && running_->saga) {
        message.saga = saga_name(saga(), running_->saga->key).hash();
        message.epoch = running_->saga->epoch;
    }
    if (message.kind != MessageKind::reply && transacts()) {
        held_.push_back({std::move(message), by, 0});
    } else if (message.durable && running_) {
        service_.outbox.push_back({std::move(message), by, 0});
    } else {
        leave({std::move(message), by, 0});
    }
}

Hash128 Execution::next_id(InstructionId by) {
    std::uint64_t step = by ? program_[by].identity : 0;
    return cause_.with(step + ids_++);
}

}  // namespace sagalab::world
