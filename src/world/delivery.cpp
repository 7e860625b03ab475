#include <algorithm>
#include <utility>

#include "world/arrivals.h"
#include "world/execute.h"
#include "world/settle.h"

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

bool Execution::take_message(Message&& message, std::uint32_t link) {
    if (turn_away(message, link)) return false;
    bool outages = !program_.faults.empty() || !service_.cut_from.empty();
    if (outages && (stands_still(message, link) || cut_off(message, link))) {
        return false;
    }
    return deliver(std::move(message), link);
}

bool Execution::deliver(Message&& message, std::uint32_t link) {
    if (effects_.variant) {
        Strike struck = strike_by_adversary(message, link);
        if (struck != Strike::passes) return struck == Strike::answered;
    }
    if (!program_.faults.empty()) {
        Strike struck = strike(message, link);
        if (struck != Strike::passes) return struck == Strike::answered;
    }
    if (!service_.set_aside.empty() && set_aside(message, link)) return false;
    if (listening()) describe(record(RecordKind::delivered), message);
    switch (program_[message.operation].kind) {
        case program::OperationKind::route:
            if (watched() && crashes_before(handler_for(program_, message.operation, service_.id),
                                            message, link)) {
                return false;
            }
            request(std::move(message), link);
            return true;
        case program::OperationKind::feed:
            if (watched() &&
                crashes_before(program_[message.operation].handlers.front(), message, link)) {
                return false;
            }
            take_feed(std::move(message), link);
            return true;
        case program::OperationKind::admin: operate(std::move(message), link); return true;
        default: break;
    }
    HandlerId handler = handler_for(program_, message.operation, service_.id);
    if (watched() && crashes_before(handler, message, link)) return false;
    if (program_[service_.id].inbox && (stale(message, link) || known(message, link))) return false;
    if (!service_.awaiting.empty() && message.kind == MessageKind::event) wake(message);
    admit(handler, std::move(message), link);
    return true;
}

void Execution::take_timer(const Timer& timer) {
    if (!program_.faults.empty() && put_off(timer)) return;
    switch (timer.kind) {
        case TimerKind::wait: take_wait(timer); break;
        case TimerKind::firing: fire(timer.of); break;
        case TimerKind::scheduled: send_scheduled(timer.wait); break;
        case TimerKind::worker: next_queued(timer.of); break;
        case TimerKind::fault: fault_begins(FaultId(timer.of)); break;
        case TimerKind::restart: restart(timer.of); break;
        case TimerKind::lease: take_over(timer.of); break;
        case TimerKind::rebuild:
            if (service_.up()) rebuild_step(timer.of);
            break;
    }
}

// The next firing is set before this one begins: a handler that loops for ever is not its business.
void Execution::fire(std::uint32_t own) {
    Firing& firing = service_.firings[own];
    const program::WorkItem& item = program_.workload[firing.item];
    Message message;
    message.id = cause_;
    message.correlation.item = firing.item;
    message.correlation.firing = firing.count;
    message.arrival = now_;
    std::uint64_t count = firing.count++;
    Nanos due = firing_due(program_, item, firing.count, now_);
    if (due != never) service_.set_timer(due, 0, TimerKind::firing, own);
    if (!item.job) {
        fire_client(item, std::move(message), count);
    } else if (service_.up()) {
        admit(item.handler, std::move(message), Index<void>::absent);
    }
}

void Execution::fire_client(const program::WorkItem& item, Message&& message, std::uint64_t count) {
    Running& running = start(item.handler, std::move(message), Index<void>::absent, 0);
    if (item.counter_slot != Index<void>::absent) {
        running.fibers[0].slots[item.counter_slot] = Value(static_cast<std::int64_t>(count));
    }
    run_ready(running);
    park(running);
}

void Execution::begin(HandlerId handler, Message&& message, std::uint32_t link,
                      std::uint32_t replica) {
    Running& running = start(handler, std::move(message), link, replica);
    running_ = &running;
    fiber_ = 0;
    if (interest_.coverage) reached(interest_.coverage->handler(handler));
    const bool works = works_first();
    if (program_[handler].kind == program::HandlerKind::route) enter_route();
    note_begun();
    if (!works && !pass(program::PointKind::after_dedup)) run_ready(running);
    park(running);
}

Running& Execution::start(HandlerId handler, Message&& message, std::uint32_t link,
                          std::uint32_t replica) {
    Running& running = effects_.scratch;
    running.id = cause_;
    running.replica = replica;
    running.answered = false;
    running.ending = {};
    running.held = {};
    running.known_as = Hash128();
    running.appends.clear();
    running.reads.clear();
    running.partial.clear();
    running.deadline = Hash128();
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
    first.result = Value();
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
    if (stopped_.now) {
        roll_back();
    } else if (!rows_.empty() || !held_.empty() || !streams_.empty()) {
        put_aside();
    } else if (!service_.outbox.empty() && !running.ending) {
        relay();
        service_.outbox = {};
    }
    running_ = nullptr;
    if (!waits) {
        running.saga = {};
        running.fibers.resize(1);
        running.fibers[0].slots.clear();
    } else {
        Hash128 id = running.id;
        service_.handlers.put(id, Cow<Running>(std::move(running)));
        service_.cost += handler_cost;
    }
    if (stopped_.now) carry_out_stop();
}

// The end of a handler that is no saga.
Execution::Flow Execution::end_handler(Outcome outcome, const Value& code, Value body) {
    Ending& ending = running_->ending.emplace();
    ending.outcome = outcome;
    ending.code = code;
    ending.body = std::move(body);
    bool route = program_[running_->handler].kind == program::HandlerKind::route;
    if (!route) inject_rejection(ending.outcome, ending.code, ending.body);
    bool client = program_[running_->handler].kind == program::HandlerKind::client;
    bool plain = !watched() && !program_[service_.id].outbox && !program_[service_.id].inbox &&
                 service_.outbox.empty();
    if (!client && !plain) return finish();
    answer_end();
    return Flow::ended;
}

void Execution::answer_end() {
    fiber().ended = true;
    Running& running = *running_;
    running.answered = true;
    Ending ending = std::move(*running.ending);
    running.ending = {};
    Outcome outcome = ending.outcome;
    const Value& code = ending.code;
    Value body = std::move(ending.body);
    if (program_[running.handler].kind != program::HandlerKind::client) release();
    release_copies();
    if (program_[running.handler].kind == program::HandlerKind::route) {
        end_route(outcome, code, std::move(body));
        return;
    }
    Value reason = code;
    bool call = running.message.kind == MessageKind::call && running.link != Index<void>::absent;
    // Technical failure is known to be without effect only while there was none.
    if (call && outcome == Outcome::failed && running.lasting) outcome = Outcome::unknown;
    report_end(outcome, reason, body);
    // The bus repeats what failed; its caller hears of what came of it in the end.
    bool answers = call && (!running.message.by_bus || outcome == Outcome::succeeded ||
                            outcome == Outcome::rejected);
    if (answers) {
        if (outcome == Outcome::succeeded) reason = Value();  // why it stopped is its own business
        reply_to(caller_of(running.message), outcome, reason, std::move(body));
        if (running.message.by_bus) acknowledge(running.link);
    } else {
        finish_delivery(outcome, reason);
    }
}

// "before receive": it has not begun; who called will know that.
bool Execution::crashes_before(HandlerId handler, Message& message, std::uint32_t link) {
    if (!handler) return false;
    Running running;
    running.handler = handler;
    running.id = cause_;
    running.fibers.resize(1);
    running.fibers[0].pc = program_[handler].entry;
    running.message = message;
    running.replica = service_.replicas.size() > 1 ? coming_replica() : 0;
    running_ = &running;
    fiber_ = 0;
    bool stops = pass(program::PointKind::before_receive);
    running_ = nullptr;
    if (!stops) return false;
    lose_message(std::move(message), link, false);
    carry_out_stop();
    return true;
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

void Execution::deliver_again(Message&& message, std::uint32_t link, const Value& code,
                              bool in_time) {
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
        message.timed = in_time;
        put_back(std::move(message), link);
        return;
    }
    if (topic.dead_letter == program::DeadLetterMode::sequence) {
        park_sequence(sequence_of(message));
    }
    bury(std::move(message), code);
    acknowledge(link);
}

void Execution::bury(Message&& message, const Value& code) {
    Record& entry = record(RecordKind::dead_letter);
    describe(entry, message);
    entry.code = code;
    if (program_[message.operation].kind == program::OperationKind::feed) bury_entry(message);
    service_.dead_letters.push_back({std::move(message), code});
    service_.cost += message_cost;
}

void Execution::park_sequence(const Hash128& sequence) {
    std::vector<Hash128>& known = service_.set_aside;
    auto at = std::lower_bound(known.begin(), known.end(), sequence);
    if (at == known.end() || *at != sequence) known.insert(at, sequence);
}

// What a poisoned message holds up where sequences are parked: those of its key, by its sender.
Hash128 Execution::sequence_of(const Message& message) {
    Hash128 name = Hash128{}.with(std::uint64_t{message.from.value});
    if (program_[message.operation].kind == program::OperationKind::feed) {
        const Value* stream = message.payload.find("stream");
        name = name.with(std::uint64_t{message.operation.value} + 1);
        return stream ? stream->hash128(name) : name;
    }
    return lane_of(program_, message).key.hash128(name);
}

// What follows a dead letter of its sequence is one too.
bool Execution::set_aside(const Message& message, std::uint32_t link) {
    const program::Topic& topic = program_.bus.topics[message.operation.value];
    bool bus = message.kind != MessageKind::call || message.by_bus;
    if (!bus || topic.dead_letter != program::DeadLetterMode::sequence) return false;
    const std::vector<Hash128>& known = service_.set_aside;
    if (!std::binary_search(known.begin(), known.end(), sequence_of(message))) return false;
    bury(Message(message), Value("SequenceParked"));
    acknowledge(link);
    return true;
}

void Execution::put_back(Message&& message, std::uint32_t link) {
    service_.mailbox.put_back(link, std::move(message));
    service_.cost += message_cost;
}

void Execution::acknowledge(std::uint32_t link) {
    service_.mailbox.acknowledge(link, now_, round_);
}

}  // namespace sagalab::world
