#include <algorithm>
#include <utility>
#include <vector>

#include "world/execute.h"

namespace sagalab::world {

using program::Instruction;
using trace::RecordKind;

// Waits for an event that fits; one that came before does not count.
Execution::Flow Execution::await_event(const Instruction& instruction) {
    Awaiting entry{instruction.operation, next_id(here())};
    await(WaitKind::event, entry.wait, add_saturating(now_, instruction.time));
    std::vector<Awaiting>& awaiting = service_.awaiting;
    awaiting.insert(std::lower_bound(awaiting.begin(), awaiting.end(), entry), entry);
    return Flow::waits;
}

void Execution::stop_awaiting(const Hash128& wait) {
    std::erase_if(service_.awaiting, [&](const Awaiting& each) { return each.wait == wait; });
}

// Every handler that awaits an event like this one goes on.
void Execution::wake(const Message& event) {
    std::vector<Hash128> waits;
    for (const Awaiting& each : service_.awaiting) {
        if (each.event == event.operation) waits.push_back(each.wait);
    }
    for (const Hash128& wait : waits) {
        const Wait* found = service_.waits.find(wait);
        Running running;
        if (!found || !reclaim(found->handler, running)) continue;
        running_ = &running;
        fiber_ = service_.waits.find(wait)->fiber;
        if (fenced(running)) {
            stop_awaiting(wait);
            continue;
        }
        const Instruction& instruction = program_[here()];
        Value fits(true);
        if (instruction.key) {
            slots()[instruction.call] = event.payload;
            fits = evaluate(instruction.key);
            slots()[instruction.call] = Value();
        }
        if (fits.is_error()) {
            stop_waiting(fiber());
            broken(fits);
        } else if (fits.is(Value::Kind::boolean) && fits.truth()) {
            stop_waiting(fiber());
            bind(instruction, event.payload);
            if (listening()) record(RecordKind::resumed).message = event.id;
            advance();
        }
        run_ready(running);
        park(running);
    }
}

}  // namespace sagalab::world
