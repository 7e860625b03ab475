#include <utility>

#include "world/execute.h"

namespace sagalab::world {

using trace::Record;
using trace::RecordKind;

// By the idempotency key if there is one, else by the message itself; of one operation.
Hash128 Execution::inbox_key(const Message& message) const {
    if (message.kind == MessageKind::event || message.note.is_null()) return message.id;
    return message.note.hash128(hash_text128(program_[message.operation].label));
}

// Has the message been handled, or is it being handled? Then this copy is dealt with here.
bool Execution::known(Message& message, std::uint32_t link) {
    Hash128 key = inbox_key(message);
    if (InProgress* running = service_.in_progress.change(key)) {
        running->copies.push_back({HandlerId(), std::move(message), link, Value()});
        return true;
    }
    const Remembered* found = service_.inbox.find(key);
    if (!found) return false;
    Nanos window = program_[service_.id].inbox_window;
    if (window != never && add_saturating(found->time, window) < now_) {
        service_.inbox.erase(key);
        return false;
    }
    answer_known(message, link, *found);
    return true;
}

void Execution::answer_known(const Message& message, std::uint32_t link, const Remembered& known) {
    if (listening()) {
        Record& entry = record(RecordKind::deduplicated);
        describe(entry, message);
        entry.outcome = known.outcome;
        entry.code = known.code;
    }
    if (message.kind == MessageKind::call) {
        reply_to(caller_of(message), known.outcome, known.code, known.body);
    }
    acknowledge(link);
}

// The handler that begins will be remembered.
void Execution::note_begun() {
    running_->known_as = Hash128();
    const Message& message = running_->message;
    bool remembers = program_[service_.id].inbox && running_->link != Index<void>::absent &&
                     program_[running_->handler].kind != program::HandlerKind::route;
    if (!remembers) return;
    running_->known_as = inbox_key(message);
    service_.in_progress.put(running_->known_as, InProgress());
}

// Part of the handler's commit: success and rejection are remembered, failures are not.
void Execution::remember() {
    if (running_->known_as.zero()) return;
    const Ending& ending = *running_->ending;
    Outcome outcome = ending.outcome;
    // An event that is rejected is a delivery that failed.
    bool event = running_->message.kind == MessageKind::event;
    if (event && outcome != Outcome::succeeded) return;
    Value code = outcome == Outcome::succeeded ? Value() : ending.code;
    service_.inbox.put(running_->known_as, {outcome, code, ending.body, now_});
    service_.cost += row_cost;
}

// The handler has ended: who waited for it gets its answer, or is handled after all.
void Execution::release_copies() {
    if (running_->known_as.zero()) return;
    Hash128 key = std::exchange(running_->known_as, Hash128());
    InProgress* found = service_.in_progress.change(key);
    if (!found) return;
    std::vector<Queued> copies = std::move(found->copies);
    service_.in_progress.erase(key);
    const Remembered* remembered = service_.inbox.find(key);
    for (Queued& copy : copies) {
        if (remembered) {
            answer_known(copy.message, copy.link, *remembered);
        } else {
            copy.message.arrival = now_;
            copy.message.round = round_ + 1;
            copy.message.timed = false;
            put_back(std::move(copy.message), copy.link);
        }
    }
}

// A crash ends what was in progress; its copies come again like everything unacknowledged.
void Execution::lose_copies(const Hash128& key) {
    if (key.zero()) return;
    InProgress* found = service_.in_progress.change(key);
    if (!found) return;
    std::vector<Queued> copies = std::move(found->copies);
    service_.in_progress.erase(key);
    for (Queued& copy : copies) lose_message(std::move(copy.message), copy.link, true);
}

// What an older run of a saga's orchestrator sends is refused where a newer one has been heard.
bool Execution::stale(const Message& message, std::uint32_t link) {
    if (message.saga == 0 || !program_[service_.id].inbox) return false;
    if (!program_[message.from].fencing) return false;
    bool added = false;
    std::uint32_t& epoch = service_.epochs.at_or_added(Hash128{message.saga, 1}, added);
    if (added || message.epoch >= epoch) {
        epoch = message.epoch;
        return false;
    }
    if (listening()) {
        Record& entry = record(RecordKind::fenced);
        describe(entry, message);
        entry.code = Value("StaleEpoch");
    }
    if (message.kind == MessageKind::call) {
        reply_to(caller_of(message), Outcome::rejected, Value("StaleEpoch"), Value());
    }
    acknowledge(link);
    return true;
}

}  // namespace sagalab::world
