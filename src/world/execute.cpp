#include "world/execute.h"

#include <algorithm>
#include <utility>

#include "base/random.h"

namespace sagalab::world {

using program::Instruction;
using program::Op;
using trace::Record;
using trace::RecordKind;
using trace::SagaNote;

Outcome outcome_of(const Value& word) {
    for (Outcome outcome : {Outcome::succeeded, Outcome::rejected, Outcome::failed}) {
        if (word == Value(program::outcome_name(outcome))) return outcome;
    }
    return Outcome::unknown;
}

// Runs every fiber that can run, until all of them wait or have ended. A fiber may start others.
void Execution::run_ready(Running& running) {
    running_ = &running;
    if (stopped_.now) return;
    for (std::size_t i = 0; i < running.fibers.size();) {
        const Fiber& fiber = running.fibers[i];
        if (fiber.ended || fiber.waits_for != WaitKind::none) {
            ++i;
            continue;
        }
        run_fiber(i);
        if (stopped_.now) return;
        i = 0;
    }
}

void Execution::run_fiber(std::size_t index) {
    fiber_ = index;
    for (;;) {
        ++effects_.work;
        Flow flow = step(program_[here()]);
        if (flow == Flow::next) {
            if (advance()) return;
        } else if (flow == Flow::waits) {
            bool stands_still = stopped_.now || running_->ending;  // that is no wait of its own
            bool open = !rows_.empty() || !held_.empty() || !service_.outbox.empty();
            if (open && !stands_still) commit_before_wait();
            return;
        } else if (flow != Flow::jumped) {
            return;
        }
    }
}

// Past the instruction, and past its point; true where the fiber stands still there.
bool Execution::advance() {
    InstructionId at = here();
    ++fiber().pc.value;
    if (!watched()) return false;
    const Instruction& instruction = program_[at];
    if (instruction.op == Op::step_begin) return pass_record(instruction.step, SagaNote::started);
    if (instruction.op == Op::step_end) return pass_record(instruction.step, last_note_);
    return pass(program::PointKind::after_step, at);
}

// The instruction switch: one row an instruction.
Execution::Flow Execution::step(const Instruction& instruction) {
    switch (instruction.op) {
        case Op::insert: return insert(instruction);
        case Op::update:
        case Op::upsert: return update(instruction);
        case Op::erase: return erase(instruction);
        case Op::publish:
        case Op::send: return publish(instruction);
        case Op::call: return call(instruction);
        case Op::reply:
        case Op::reject:
        case Op::fail:
        case Op::stop: return ending(instruction);
        case Op::jump: return jump(instruction.target);
        case Op::jump_unless: return jump_unless(instruction);
        case Op::for_begin: return for_begin(instruction);
        case Op::for_next: return for_next(instruction);
        case Op::let: return let(instruction);
        case Op::wait: return wait(instruction);
        case Op::log: return log(instruction);
        case Op::assert_that: return assert_that(instruction);
        case Op::step_begin: return step_begin(instruction);
        case Op::step_end: return step_end(instruction);
        case Op::note_reply: return note_reply(instruction);
        case Op::append: return append(instruction);
        case Op::choose: return choose(instruction);
        case Op::parallel: return parallel(instruction);
        case Op::await_event: return await_event(instruction);
        case Op::operate: return send_command(instruction);
        case Op::count_next: return count_next(instruction);
        case Op::end: break;
    }
    // A branch that says nothing is worth what its last call was.
    bool is_branch = fiber().parent != Index<void>::absent;
    return end_fiber(Outcome::succeeded, Value(), is_branch ? fiber().result : Value());
}

Execution::Flow Execution::jump(InstructionId target) {
    fiber().pc = target;
    return Flow::jumped;
}

Value Execution::evaluate(ExpressionId expression) {
    program::Environment environment;
    environment.slots = slots().data();
    environment.tables = service_.tables.data();
    if (program_[running_->handler].tracks_reads) environment.reads = &running_->reads;
    if (!program_[expression].reads_meta)
        return program::evaluate(program_, expression, environment);

    const Message& message = running_->message;
    program::Meta meta;
    meta.id = message.id;
    meta.causation = message.cause;
    if (message.operation) meta.type = program_[message.operation].name;
    if (message.from) meta.from = program_[message.from].display;
    meta.correlation = correlation_name(program_, message.correlation);
    meta.idempotency_key = message.note;
    meta.attempt = message.attempt;
    meta.time = now_;
    meta.epoch = running_->saga ? running_->saga->epoch : 0;
    environment.meta = &meta;
    return program::evaluate(program_, expression, environment);
}

Execution::Flow Execution::broken(const Value& error) {
    if (listening()) {
        Record& entry = record(RecordKind::logged);
        entry.value = Value("error: " + std::string(error.error_message()));
        entry.code = Value(error.error_code());
    }
    return end_fiber(Outcome::failed, Value(error.error_code()), Value());
}

// An error of a step: its `onError` takes it, or the handler ends with it.
Execution::Flow Execution::failed(const Instruction& instruction, const Failure& failure) {
    bool untold = !instruction.on_error || (running_->saga && pivot_unknown(failure.outcome));
    if (untold) return unhandled(failure);
    const program::Catch& handlers = program_[instruction.on_error];
    for (const program::CatchArm& arm : handlers.arms) {
        using Match = program::CatchArm::Match;
        bool fits = arm.match == Match::any ||
                    (arm.match == Match::outcome && arm.outcome == failure.outcome) ||
                    (arm.match == Match::code && arm.code == failure.code);
        if (!fits) continue;
        if (handlers.error_slot != Index<void>::absent) {
            slots()[handlers.error_slot] =
                Value::map({{"outcome", program::outcome_name(failure.outcome)},
                            {"code", failure.code},
                            {"body", failure.body}});
        }
        if (interest_.coverage) {
            const auto at = static_cast<std::size_t>(&instruction - program_.code.data());
            const auto nth = static_cast<std::uint32_t>(&arm - handlers.arms.data());
            reached(interest_.coverage->first_arm(InstructionId(at)), nth);
        }
        fiber().pc = arm.target;
        return running_->saga && note_step_error(failure.outcome) ? Flow::waits : Flow::jumped;
    }
    return unhandled(failure);
}

// An error that nobody handles takes back what is uncommitted, whatever its outcome; a `reject`
// step is an answer and keeps it.
Execution::Flow Execution::unhandled(const Failure& failure) {
    if (fiber().parent == Index<void>::absent) roll_back();
    return end_fiber(failure.outcome, failure.code, failure.body);
}

Execution::Flow Execution::jump_unless(const Instruction& instruction) {
    Value condition = evaluate(instruction.key);
    if (condition.is_error()) return broken(condition);
    if (!condition.is(Value::Kind::boolean)) {
        return broken(Value::error("ExpressionError", "the condition of an if is no bool"));
    }
    if (interest_.coverage) reached(interest_.coverage->own(here()), condition.truth() ? 0 : 1);
    return condition.truth() ? Flow::next : jump(instruction.target);
}

Execution::Flow Execution::for_begin(const Instruction& instruction) {
    Value list = evaluate(instruction.key);
    if (list.is_error()) return broken(list);
    if (!list.is(Value::Kind::list)) {
        return broken(Value::error("ExpressionError", "what a for goes through is no list"));
    }
    if (list.items().empty()) return jump(instruction.target);
    Slots& frame = slots();
    frame[instruction.slot] = list.items()[0];
    frame[instruction.slot + 1] = std::move(list);
    frame[instruction.slot + 2] = Value(0);
    return Flow::next;
}

Execution::Flow Execution::for_next(const Instruction& instruction) {
    Slots& frame = slots();
    std::int64_t position = frame[instruction.slot + 2].integer() + 1;
    std::span<const Value> items = frame[instruction.slot + 1].items();
    if (position >= static_cast<std::int64_t>(items.size())) return Flow::next;
    frame[instruction.slot] = items[static_cast<std::size_t>(position)];
    frame[instruction.slot + 2] = Value(position);
    return jump(instruction.target);
}

// `publish` and `send`: both leave over the bus.
Execution::Flow Execution::publish(const Instruction& instruction) {
    Value payload = evaluate(instruction.data);
    if (payload.is_error()) return broken(payload);
    MessageKind kind = instruction.op == Op::publish ? MessageKind::event : MessageKind::send;
    Message message = outgoing(kind, instruction.operation, std::move(payload));
    if (kind == MessageKind::send && running_->saga) message.note = default_key(instruction);
    if (!transacts()) running_->lasting = true;
    if (instruction.time > 0) {
        schedule(std::move(message), instruction.time);
    } else {
        emit(std::move(message), here());
    }
    return Flow::next;
}

// `after`: the message is kept, durable, until it leaves. With an outbox, from the commit on.
void Execution::schedule(Message&& message, Nanos after) {
    message.durable = true;
    message.arrival = add_saturating(now_, after);
    if (transacts()) {
        held_.push_back({std::move(message), here(), 0});
    } else {
        keep_until_due(std::move(message));
    }
}

void Execution::keep_until_due(Message&& message) {
    Nanos due = message.arrival;
    if (listening()) {
        Record& entry = record(RecordKind::scheduled);
        describe(entry, message);
        entry.peer = message.to;
    }
    service_.set_timer(due, round_at(due), TimerKind::scheduled, 0, message.id);
    service_.scheduled.put(message.id, message);
    service_.cost += message_cost;
}

void Execution::send_scheduled(const Hash128& id) {
    const Message* found = service_.scheduled.find(id);
    if (!found) return;
    if (!service_.up()) {
        Nanos due = service_.up_at();
        if (due != never) service_.set_timer(due, 0, TimerKind::scheduled, 0, id);
        return;
    }
    Message message = *found;
    service_.scheduled.erase(id);
    service_.cost -= message_cost;
    message.arrival = now_;
    message.round = round_;
    emit(std::move(message), InstructionId());
}

// An open choice: the first, or by the seed.
Execution::Flow Execution::choose(const Instruction& instruction) {
    Value list = evaluate(instruction.data);
    if (list.is_error()) return broken(list);
    if (!list.is(Value::Kind::list) || list.items().empty()) {
        return broken(Value::error("ExpressionError", "there is nothing to choose from"));
    }
    std::uint64_t which = 0;
    if (effects_.variant) {
        std::vector<std::uint8_t>& passed = effects_.passed.options;
        const std::vector<std::uint8_t>& wanted = effects_.variant->options;
        if (passed.size() < wanted.size()) which = wanted[passed.size()];
        which = std::min<std::uint64_t>(which, list.items().size() - 1);
        passed.push_back(
            static_cast<std::uint8_t>(std::min<std::size_t>(list.items().size(), 255)));
    } else if (program_.random) {
        which = scale(draw(program_.seed, Purpose::choice, next_id(here())), list.items().size());
    }
    if (interest_.coverage) {
        reached(interest_.coverage->own(here()), static_cast<std::uint32_t>(which));
    }
    slots()[instruction.slot] = list.items()[which];
    if (listening()) record(RecordKind::chosen).value = list.items()[which];
    return Flow::next;
}

// Once more around, until the counter has reached its bound.
Execution::Flow Execution::count_next(const Instruction& instruction) {
    Value& counter = slots()[instruction.slot];
    counter = Value(counter.integer() + 1);
    return counter.integer() < instruction.time ? jump(instruction.target) : Flow::next;
}

// An operator's command goes over the bus to the service that it is for.
Execution::Flow Execution::send_command(const Instruction& instruction) {
    Value payload = instruction.data ? evaluate(instruction.data) : Value::map({});
    if (payload.is_error()) return broken(payload);
    const program::Operator& command = program_.operators[instruction.call];
    emit(outgoing(MessageKind::send, command.operation, std::move(payload)), here());
    return Flow::next;
}

Execution::Flow Execution::let(const Instruction& instruction) {
    Value value = evaluate(instruction.key);
    if (value.is_error()) return broken(value);
    slots()[instruction.slot] = std::move(value);
    return Flow::next;
}

Execution::Flow Execution::log(const Instruction& instruction) {
    Value text = evaluate(instruction.key);
    if (text.is_error()) return broken(text);
    if (listening()) record(RecordKind::logged).value = std::move(text);
    return Flow::next;
}

Execution::Flow Execution::assert_that(const Instruction& instruction) {
    Value truth = evaluate(instruction.key);
    if (truth.is_error()) return broken(truth);
    if (truth.is(Value::Kind::boolean) && truth.truth()) return Flow::next;
    Value message = instruction.data ? evaluate(instruction.data) : Value();
    if (message.is_error()) return broken(message);
    Record& entry = record(RecordKind::assertion);
    entry.value = std::move(message);
    return Flow::next;
}

Execution::Flow Execution::wait(const Instruction& instruction) {
    await(WaitKind::pause, next_id(here()), add_saturating(now_, instruction.time));
    return Flow::waits;
}

// The client keeps the answer to a workload item under its name.
Execution::Flow Execution::note_reply(const Instruction& instruction) {
    Value name = evaluate(instruction.key);
    if (name.is_error()) return broken(name);
    Record& entry = record(RecordKind::replied);
    entry.key = name.is(Value::Kind::string) ? name : Value(name.json());
    entry.value = slots()[instruction.slot];
    entry.time = fiber().begun;
    entry.outcome = outcome_of(*entry.value.find("outcome"));
    entry.code = *entry.value.find("code");
    return Flow::next;
}

// `reply`, `reject`, `fail`, `stop`.
Execution::Flow Execution::ending(const Instruction& instruction) {
    Value code;
    if (instruction.op != Op::reply && instruction.key) code = evaluate(instruction.key);
    if (code.is_error()) return broken(code);
    Value body = instruction.data ? evaluate(instruction.data) : Value();
    if (body.is_error()) return broken(body);
    switch (instruction.op) {
        case Op::reject: return end_fiber(Outcome::rejected, code, std::move(body));
        case Op::fail: return end_fiber(Outcome::failed, code, std::move(body));
        case Op::stop: return end_fiber(Outcome::succeeded, code, Value());
        default: break;
    }
    // The reply of a route may say its status.
    Value status = instruction.key ? evaluate(instruction.key) : Value();
    if (status.is_error()) return broken(status);
    return end_fiber(Outcome::succeeded, status, std::move(body));
}

Record& Execution::record(RecordKind kind) {
    Record& entry = effects_.records.emplace_back();
    entry.kind = kind;
    entry.at = now_;
    entry.service = service_.id;
    entry.cause = cause_;
    if (running_) {
        entry.correlation = correlation_name(program_, running_->message.correlation);
        entry.operation = running_->message.operation;
        if (fiber_ < running_->fibers.size()) entry.instruction = fiber().pc;
    }
    return entry;
}

void Execution::describe(Record& entry, const Message& message) const {
    entry.message = message.id;
    entry.message_kind = message.kind;
    entry.operation = message.operation;
    entry.peer = message.from;
    entry.attempt = message.attempt;
    entry.correlation = correlation_name(program_, message.correlation);
    entry.value = message.payload;
    entry.time = message.arrival;
    if (message.kind == MessageKind::reply) {
        entry.outcome = message.outcome;
        entry.code = message.note;
    }
}

}  // namespace sagalab::world
