#include <utility>

#include "world/execute.h"

namespace sagalab::world {

using trace::Record;
using trace::RecordKind;

namespace {

HandlerId handler_for(const Program& program, OperationId operation, ServiceId service) {
    for (HandlerId handler : program[operation].handlers) {
        if (program[handler].service == service) return handler;
    }
    return {};
}

}  // namespace

bool Execution::deliver(Message&& message, std::uint32_t link) {
    if (!program_.faults.empty()) {
        Strike struck = strike(message, link);
        if (struck != Strike::passes) return struck == Strike::answered;
    }
    if (listening()) describe(record(RecordKind::delivered), message);
    HandlerId handler = handler_for(program_, message.operation, service_.id);
    if (program_[handler].kind == program::HandlerKind::saga) {
        begin_saga(handler, std::move(message), link);
    } else {
        begin(handler, std::move(message), link);
    }
    return true;
}

void Execution::fire_workload() {
    const program::WorkItem& item = program_.workload[service_.item];
    Message message;
    message.id = cause_;
    message.correlation.item = service_.item;
    message.correlation.firing = service_.firings;
    message.arrival = now_;
    Running& running = start(item.handler, std::move(message), Index<void>::absent);
    if (item.counter_slot != Index<void>::absent) {
        running.fibers[0].slots[item.counter_slot] =
            Value(static_cast<std::int64_t>(service_.firings));
    }
    ++service_.firings;
    if (service_.firings < item.times) {
        Nanos due = add_saturating(now_, item.every);
        service_.set_timer(due, 0, Hash128());
    }
    run_ready(running);
    park(running);
}

void Execution::begin(HandlerId handler, Message&& message, std::uint32_t link) {
    Running& running = start(handler, std::move(message), link);
    run_ready(running);
    park(running);
}

Running& Execution::start(HandlerId handler, Message&& message, std::uint32_t link) {
    Running& running = effects_.scratch;
    running.id = cause_;
    running.handler = handler;
    running.link = link;
    running.lasting = false;
    running.forced = std::move(forced_);
    running.fibers.resize(1);
    Fiber& first = running.fibers[0];
    first.pc = program_[handler].entry;
    first.ended = false;
    first.attempts = 0;
    first.keys = 0;
    first.undo = Index<void>::absent;
    first.slots.clear();
    first.slots.resize(program_[handler].slots);
    first.slots[0] = std::move(message.payload);
    running.message = std::move(message);
    return running;
}

// Takes a waiting handler out of the service, to go on with it.
bool Execution::reclaim(const Hash128& handler, Running& running) {
    Cow<Running>* found = service_.handlers.change(handler);
    if (!found) return false;
    if (found->unique()) {
        running = std::move(found->write());
    } else {
        running = **found;
    }
    service_.handlers.erase(handler);
    service_.cost -= handler_cost;
    return true;
}

// Puts it back unless it has ended altogether.
void Execution::park(Running& running) {
    bool waits = false;
    for (const Fiber& fiber : running.fibers) waits = waits || !fiber.ended;
    running_ = nullptr;
    if (!waits) {
        running.saga = {};
        running.fibers[0].slots.clear();
        return;
    }
    Hash128 id = running.id;
    service_.handlers.put(id, Cow<Running>(std::move(running)));
    service_.cost += handler_cost;
}

// The end of a handler that is no saga.
Execution::Flow Execution::end_handler(Outcome outcome, const Value& code, Value body) {
    fiber().ended = true;
    Running& running = *running_;
    Value reason = code;
    inject_rejection(outcome, reason, body);
    bool call = running.message.kind == MessageKind::call && running.link != Index<void>::absent;
    // Technical failure is known to be without effect only while there was none.
    if (call && outcome == Outcome::failed && running.lasting) outcome = Outcome::unknown;
    report_end(outcome, reason, body);
    if (call) {
        const Message& message = running.message;
        if (outcome == Outcome::succeeded) reason = Value();  // why it stopped is its own business
        reply_to({message.id, message.from, message.operation, message.correlation}, outcome,
                 reason, std::move(body));
    } else {
        finish_delivery(outcome, reason);
    }
    return Flow::ended;
}

// A rejection that a fault injects after the effects takes the place of a success.
void Execution::inject_rejection(Outcome& outcome, Value& code, Value& body) {
    if (running_->forced.is_null() || outcome != Outcome::succeeded) return;
    outcome = Outcome::rejected;
    code = running_->forced;
    body = Value();
}

void Execution::report_end(Outcome outcome, const Value& code, const Value& body) {
    if (!listening()) return;
    Record& entry = record(RecordKind::ended);
    entry.message_kind = running_->message.kind;
    entry.message = running_->message.id;
    entry.peer = running_->message.from;
    entry.outcome = outcome;
    entry.code = code;
    entry.value = body;
}

// An event or a send has been handled: acknowledged, or to be delivered again.
void Execution::finish_delivery(Outcome outcome, const Value& code) {
    Running& running = *running_;
    if (running.link == Index<void>::absent) return;
    bool send = running.message.kind == MessageKind::send;
    if (outcome == Outcome::succeeded || (send && outcome == Outcome::rejected)) {
        acknowledge(running.link);
        return;
    }
    Message message = std::move(running.message);
    message.payload = running.fibers[0].slots[0];
    deliver_again(std::move(message), running.link, code);
}

void Execution::deliver_again(Message&& message, std::uint32_t link, const Value& code) {
    const program::Topic& topic = program_.bus.topics[message.operation.value];
    if (!topic.at_least_once) {
        acknowledge(link);
        return;
    }
    if (message.attempt < topic.max_deliveries) {
        Nanos again = add_saturating(now_, topic.redeliver_after);
        if (listening()) {
            Record& entry = record(RecordKind::redelivering);
            describe(entry, message);
            entry.time = again;
            entry.code = code;
        }
        ++message.attempt;
        message.arrival = again;
        message.round = round_at(again);
        message.held = false;
        put_back(std::move(message), link);
        return;
    }
    Record& entry = record(RecordKind::dead_letter);
    describe(entry, message);
    entry.code = code;
    acknowledge(link);
}

void Execution::put_back(Message&& message, std::uint32_t link) {
    service_.mailbox.put_back(link, std::move(message));
    service_.cost += message_cost;
}

void Execution::acknowledge(std::uint32_t link) {
    service_.mailbox.acknowledge(link, now_, round_);
}

}  // namespace sagalab::world
