#include <algorithm>
#include <utility>
#include <vector>

#include "world/execute.h"
#include "world/retry.h"
#include "world/settle.h"

namespace sagalab::world {

using program::Operator;
using trace::SagaNote;

// An operator's command. What it names may not be there any more: then nothing happens.
void Execution::operate(Message&& message, std::uint32_t link) {
    const Operator& command = program_.operators[program_[message.operation].target];
    acknowledge(link);
    switch (command.verb) {
        case Operator::Verb::rebuild: rebuild(command.projection); break;
        case Operator::Verb::redrive: redrive(command.type); break;
        case Operator::Verb::resume:
            move_saga(command.saga, *message.payload.find("id"), false);
            break;
        case Operator::Verb::compensate:
            move_saga(command.saga, *message.payload.find("id"), true);
            break;
    }
}

// Dead letters once more, in their old order. Where what follows was set aside with the first, it
// comes with it, whatever its type.
void Execution::redrive(OperationId type) {
    std::vector<DeadLetter> all = std::move(service_.dead_letters);
    service_.dead_letters.clear();
    service_.set_aside.clear();
    std::vector<Hash128> begun;  // sequences whose first letter comes once more
    for (DeadLetter& dead : all) {
        Message& message = dead.message;
        const program::Topic& topic = program_.bus.topics[message.operation.value];
        bool whole = topic.dead_letter == program::DeadLetterMode::sequence;
        Hash128 sequence = whole ? sequence_of(message) : Hash128();
        bool follows = whole && std::find(begun.begin(), begun.end(), sequence) != begun.end();
        bool stays = whole && std::binary_search(service_.set_aside.begin(),
                                                 service_.set_aside.end(), sequence);
        if (!follows && (stays || (type && !is_of_type(message, type)))) {
            if (whole) park_sequence(sequence);
            service_.dead_letters.push_back(std::move(dead));
            continue;
        }
        if (whole && !follows) begun.push_back(sequence);
        come_once_more(std::move(message));
    }
}

void Execution::come_once_more(Message&& message) {
    message.attempt = 1;
    message.arrival = now_;
    message.round = round_ + 1;
    message.held = false;
    message.timed = false;
    Lane lane = lane_of(program_, message);
    service_.mailbox.restore(std::move(message), lane);
}

// Entries of an event log are of the type of their event.
bool Execution::is_of_type(const Message& message, OperationId type) const {
    if (message.operation == type) return true;
    if (program_[message.operation].kind != program::OperationKind::feed) return false;
    return *message.payload.find("event") == Value(program_[type].name);
}

// A parked saga goes on where it was, or is undone; one that runs can only be undone. Nothing moves
// one that has ended otherwise.
void Execution::move_saga(SagaId id, const Value& key, bool undo) {
    if (!key.is(Value::Kind::string)) return;
    Value name = saga_name(program_[id], key);
    Running running;
    if (const Cow<Running>* parked = service_.parked.find(name)) {
        running = **parked;
        service_.parked.erase(name);
        service_.ended_sagas.erase(name);
        // What runs at its end may not be over yet: that is another handler.
        running.id = running.id.with(std::uint64_t{running.saga->epoch} + 1);
    } else if (const Hash128* instance = service_.sagas.find(name); instance && undo) {
        if (!reclaim(*instance, running)) return;
        running_ = &running;
        if (!running.saga->suspended) {
            stop_saga(running);
            --service_.replicas[running.replica].busy;
        }
    } else {
        return;
    }
    running_ = &running;
    fiber_ = 0;
    if (!service_.replicas[running.replica].up) running.replica = next_replica();
    SagaProgress& progress = *running.saga;
    service_.sagas.put(name, running.id);
    if (undo) {
        ask_to_undo(running);
    } else if (progress.mode == SagaMode::forward) {
        progress.current = progress.parked_step;
    } else {
        for (Undo& each : progress.undos) {
            each.done = each.note == SagaNote::undo_finished;
            each.attempts = each.done ? each.attempts : 0;
        }
    }
    resume(running);
    run_ready(running);
    park(running);
}

// Everything that may have had an effect is to be undone, whatever was passed.
void Execution::ask_to_undo(Running& running) {
    SagaProgress& progress = *running.saga;
    if (progress.mode == SagaMode::forward) {
        progress.code = Value("Compensated");
        progress.outcome = Outcome::rejected;
        progress.frame = running.fibers[0].slots;
        progress.current = Index<void>::absent;
        progress.caught = {};
        progress.step_attempts = 0;
    }
    progress.mode = SagaMode::undoing;
    saga_state(SagaNote::compensating);
    for (Undo& each : progress.undos) {
        if (each.note == SagaNote::started) each.note = SagaNote::unknown;
        each.due = each.due || (each.note != SagaNote::undo_finished && undo_is_due(each));
        each.done = each.note == SagaNote::undo_finished;
        if (!each.done) each.attempts = 0;
    }
}

}  // namespace sagalab::world
