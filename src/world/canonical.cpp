#include "world/canonical.h"

#include <algorithm>

#include "world/moves.h"
#include "world/retry.h"

namespace sagalab::world {
namespace {

// What is late comes now at the earliest.
Nanos comes_at(const World& world, const Link& link, const Message& message) {
    bool late = link.late || message.late;
    return late ? std::max(world.clock, message.arrival) : message.arrival;
}

// The earliest time of anything pending; `never` where nothing is: then no clock matters. What may
// happen at will happens now.
Nanos base_of(const World& world) {
    Nanos base = never;
    auto see = [&](Nanos time) {
        if (time < at_will) base = std::min(base, time);
    };
    for (const Cow<Service>& service : world.services) {
        for (const Link& link : service->mailbox.links()) {
            auto see_message = [&](const Message& message) { see(comes_at(world, link, message)); };
            if (link.again) see_message(*link.again);
            link.queue.for_each(see_message);
        }
        service->timers.for_each([&](const Timer& timer) {
            if (service->live(timer))
                see(timer.due != at_will ? timer.due
                                         : std::max(world.clock, waits_since(*service, timer)));
        });
        if (!service->cut_from.empty()) see(world.clock);
        for (const Replica& replica : service->replicas) {
            bool at_rest = !replica.up && replica.restart_at == at_will;
            if (at_rest) see(std::max(world.clock, replica.down_since));
            if (replica.still) see(world.clock);
        }
    }
    return base;
}

class Canonical {
public:
    Canonical(const Program& program, const Traits& traits, const World& world)
        : program_(program), traits_(traits), world_(world), base_(base_of(world)) {
        if (base_ >= traits.clock_matters) origin_ = base_;
    }

    Hash128 run() {
        // Beside times that names hold, one that is relative would say nothing.
        Hash128 hash = Hash128{}.with(traits_.ids ? static_cast<std::uint64_t>(world_.clock)
                                                  : clock(world_.clock));
        hash = hash.with(origin_ == 0 ? 1U : 0U);
        if (traits_.ids) hash = hash.with(static_cast<std::uint64_t>(base_));
        for (const Cow<Service>& each : world_.services) hash = hash.with(service(*each));
        return hash;
    }

private:
    [[nodiscard]] std::uint64_t relative(Nanos time) const {
        if (time >= at_will) return static_cast<std::uint64_t>(time);
        return base_ == never ? 0 : static_cast<std::uint64_t>(time - origin_);
    }
    // Of what only matters where it is later than all that comes.
    [[nodiscard]] std::uint64_t clock(Nanos time) const {
        return time <= base_ ? 0 : relative(time);
    }

    // Of a timer whose time its handling, and all that is sent there, is named by.
    [[nodiscard]] std::uint64_t named(Nanos time) const {
        return traits_.ids ? static_cast<std::uint64_t>(time) : relative(time);
    }

    Hash128 slots(Hash128 hash, const Slots& values) const {
        for (const Value& value : values) hash = value.hash128(hash);
        return hash.with(values.size());
    }

    // Who waits for the answer to this call; all who do not are alike.
    Hash128 waiter(ServiceId service, const Hash128& call) const {
        if (traits_.ids) return call;
        const Service& caller = *world_.services[service.value];
        const Wait* wait = caller.waits.find(call);
        if (!wait) return {};
        const Cow<Running>* found = caller.handlers.find(wait->handler);
        if (!found) return {};
        return running(caller, wait->handler, **found).with(std::uint64_t{wait->fiber} + 1);
    }

    // What there is to it but when it comes.
    Hash128 content(Hash128 hash, const Message& message) const {
        if (traits_.ids) hash = hash.with(message.id);
        if (traits_.causes) hash = hash.with(message.cause);
        if (message.kind == MessageKind::call) hash = hash.with(waiter(message.from, message.id));
        if (message.kind == MessageKind::reply)
            hash = hash.with(waiter(message.to, message.answers));
        bool counted =
            message.kind != MessageKind::call || message.by_bus || traits_.attempts || traits_.ids;
        std::uint64_t attempt = counted ? message.attempt : 1;
        hash = hash.with(std::uint64_t{message.operation.value} << 32U | message.from.value);
        hash = hash.with(attempt << 32U | std::uint64_t{message.copy} << 16U |
                         std::uint64_t(message.kind) << 12U | std::uint64_t(message.outcome) << 8U |
                         (message.timed ? 16U : 0U) | (message.late ? 8U : 0U) |
                         (message.durable ? 4U : 0U) | (message.by_bus ? 2U : 0U) |
                         (message.held ? 1U : 0U));
        hash = hash.with(message.saga).with(std::uint64_t{message.epoch});
        hash =
            hash.with(std::uint64_t{message.correlation.item} << 40U | message.correlation.firing);
        return message.note.hash128(payload(hash, message));
    }

    // How it came does not matter any more.
    static Message arrived(Message message) {
        message.timed = false;
        message.late = false;
        message.held = false;
        return message;
    }

    Hash128 payload(Hash128 hash, const Message& message) const {
        bool feed =
            message.operation && program_[message.operation].kind == program::OperationKind::feed;
        return feed ? entry(hash, message.payload) : message.payload.hash128(hash);
    }

    // An entry of an event log; when it was written only where that can be read.
    Hash128 entry(Hash128 hash, const Value& value) const {
        if (traits_.times || !value.is(Value::Kind::map)) return value.hash128(hash);
        for (std::string_view key : {"event", "stream", "version", "revision", "data"}) {
            if (const Value* part = value.find(key)) hash = part->hash128(hash);
        }
        return hash;
    }

    // A try more or less is the same where the pause has reached its longest.
    [[nodiscard]] std::uint64_t saturated(std::uint32_t attempts, PolicyId policy) const {
        if (!policy || attempts == 0 || traits_.attempts) return attempts;
        const program::Retry& retry = program_.retries[policy.value];
        if (retry.max_attempts != 0) return attempts;
        Nanos longest = retry_delay(retry, attempts, 0, {});
        std::uint32_t same = attempts;
        while (same > 1 && retry_delay(retry, same - 1, 0, {}) == longest) --same;
        return same;
    }

    // Of a step or undo, which are in the log.
    [[nodiscard]] std::uint64_t logged(std::uint32_t attempts, PolicyId policy,
                                       program::LogUse use) const {
        using program::LogUse;
        if (use == LogUse::everything) return attempts;
        std::uint64_t same = saturated(attempts, policy);
        if (use == LogUse::nothing) return same;
        return same << 32U | std::min(attempts, attempts_kept + 1);
    }

    [[nodiscard]] bool ends_by_time(PolicyId policy) const {
        return policy && program_.retries[policy.value].max_elapsed != never;
    }

    // Of the call at which it stands.
    Hash128 tries(Hash128 hash, const Fiber& each) const {
        const program::Instruction& at = program_[each.pc];
        bool calls = at.op == program::Op::call && at.call != Index<void>::absent;
        if (!calls) return hash.with(std::uint64_t{each.attempts});
        const program::Call& call = program_.calls[at.call];
        if (ends_by_time(call.retry) && each.attempts != 0) hash = hash.with(relative(each.begun));
        return hash.with(saturated(each.attempts, call.retry));
    }

    // Only whether the breaker has changed since it let the call through.
    [[nodiscard]] std::uint64_t generation(const Service& service, const Running& running,
                                           const Fiber& each) const {
        const program::Instruction& at = program_[each.pc];
        bool calls = at.op == program::Op::call && at.call != Index<void>::absent;
        if (each.generation == 0 || !calls) return each.generation;
        const PolicyId policy = program_.calls[at.call].breaker;
        const auto& breakers = service.replicas[running.replica].breakers;
        if (!policy || policy.value >= breakers.size()) return 2;
        return breakers[policy.value].generation == each.generation ? 1 : 2;
    }

    Hash128 fiber(Hash128 hash, const Service& service, const Running& running,
                  const Fiber& each) const {
        hash = tries(hash.with(std::uint64_t{each.pc.value}), each);
        hash = hash.with(generation(service, running, each) << 32U | each.keys);
        if (traits_.ids) hash = hash.with(each.wait);
        const Wait* wait = each.wait.zero() ? nullptr : service.waits.find(each.wait);
        hash = hash.with(wait ? named(wait->due) : 1);
        // Where the wait has an end, it tells when it began.
        if (each.waits_for != WaitKind::none && (!wait || wait->due >= at_will)) {
            hash = hash.with(named(each.since));
        }
        hash = hash.with(std::uint64_t{each.undo} << 8U | std::uint64_t(each.waits_for) << 1U |
                         (each.ended ? 1U : 0U));
        hash = hash.with(std::uint64_t{each.parent} << 32U | each.branch << 16U | each.branches)
                   .with(relative(each.resume_at));
        return each.result.hash128(slots(hash, each.slots));
    }

    Hash128 saga(Hash128 hash, const Service& service, const Running& running) const {
        const SagaProgress& saga = *running.saga;
        hash = saga.key.hash128(hash.with(std::uint64_t{saga.saga.value} << 32U | saga.epoch));
        const Hash128* owner = service.sagas.find(saga_name(program_[saga.saga], saga.key));
        bool owns = owner && *owner == running.id;
        hash = hash.with(std::uint64_t(saga.mode) << 8U | std::uint64_t(saga.outcome) << 2U |
                         (owns ? 2U : 0U) | (saga.pivot_passed ? 1U : 0U));
        hash = hash.with((saga.deadline_passed ? 1U : 0U) | (saga.suspended ? 2U : 0U))
                   .with(saga.deadline.zero() ? 0 : relative(saga.deadline_due));
        const program::Saga& spec = program_[saga.saga];
        const program::LogUse use = traits_.logs[saga.saga.value];
        hash = hash.with(std::uint64_t{saga.current})
                   .with(logged(saga.step_attempts, spec.retriable_retry, use))
                   .with(std::uint64_t{saga.caught.value} << 32U | saga.keys_caught);
        hash = saga.appends_caught.hash128(hash);
        for (const Undo& undo : saga.undos) {
            hash = hash.with(std::uint64_t{undo.step})
                       .with(logged(undo.attempts, spec.undo_retry, use));
            hash = hash.with(std::uint64_t(undo.note) << 2U | (undo.due ? 2U : 0U) |
                             (undo.done ? 1U : 0U));
            if (ends_by_time(spec.undo_retry)) hash = hash.with(relative(undo.begun));
            hash = slots(undo.appends.hash128(hash), undo.slots);
        }
        for (const Caller& caller : saga.callers) {
            hash = hash.with(waiter(caller.service, caller.call)).with(caller.service.value);
        }
        return slots(saga.code.hash128(hash.with(std::uint64_t{saga.parked_step})), saga.frame);
    }

    Hash128 running(const Service& service, const Hash128& key, const Running& each) const {
        Hash128 hash = content(Hash128{}.with(std::uint64_t{each.handler.value}), each.message);
        if (traits_.ids) hash = hash.with(key).with(each.known_as);
        hash = each.forced.hash128(
            hash.with((each.lasting ? 2U : 0U) | (each.link == Index<void>::absent ? 1U : 0U)));
        hash = each.appends.hash128(
            hash.with(std::uint64_t{each.replica} << 1U | (each.answered ? 1U : 0U)));
        const Wait* deadline = each.deadline.zero() ? nullptr : service.waits.find(each.deadline);
        hash = hash.with(deadline ? named(deadline->due) : 1);
        for (const program::StreamRead& read : each.reads) {
            hash = read.key.hash128(hash.with(std::uint64_t{read.aggregate}))
                       .with(std::uint64_t(read.version));
        }
        for (const Value& name : each.partial) hash = name.hash128(hash);
        if (each.ending) {
            const Ending& ending = *each.ending;
            hash = ending.body.hash128(ending.code.hash128(
                hash.with(std::uint64_t(ending.outcome) << 8U | std::uint64_t(ending.stage))));
        }
        if (each.held) {
            for (const HeldRow& row : each.held->rows)
                hash = row.after.hash128(row.key.hash128(hash));
            for (const Send& send : each.held->sends) hash = content(hash, send.message);
        }
        for (const Fiber& own : each.fibers) hash = fiber(hash, service, each, own);
        return each.saga ? saga(hash, service, each) : hash;
    }

    Hash128 link(const Link& each) const {
        Hash128 hash = Hash128{}.with(std::uint64_t{each.from.value} << 2U | (each.late ? 2U : 0U) |
                                      (each.ordered ? 1U : 0U));
        auto in_flight = [&](Hash128 start, const Message& message) {
            // The time that a route has counts from when it should have come.
            bool routed = message.operation &&
                          program_[message.operation].kind == program::OperationKind::route;
            if (routed) start = start.with(relative(message.arrival));
            return content(start.with(relative(comes_at(world_, each, message))), message);
        };
        bool holds = each.busy || each.again || !each.queue.empty();
        if (!each.ordered) {
            Hash128 sum;
            each.queue.for_each([&](const Message& message) { sum += in_flight(hash, message); });
            return sum;
        }
        if (!holds && clock(each.last) == 0) return {};
        hash = each.key.hash128(hash.with(clock(each.last)).with(each.busy ? 1U : 0U));
        if (each.again) hash = in_flight(hash.with(std::uint64_t{7}), *each.again);
        each.queue.for_each([&](const Message& message) { hash = in_flight(hash, message); });
        return hash.with(std::uint64_t{1});
    }

    Hash128 timers(const Service& service) const {
        Hash128 sum;
        service.timers.for_each([&](const Timer& timer) {
            if (timer.kind == TimerKind::wait || !service.live(timer)) return;
            bool sends_what_it_has = timer.kind == TimerKind::scheduled;
            bool counted = timer.kind == TimerKind::firing;
            Hash128 hash = Hash128{}.with(sends_what_it_has || counted ? relative(timer.due)
                                                                       : named(timer.due));
            hash = hash.with(std::uint64_t(timer.kind) << 32U | timer.of);
            if (const Message* later = service.scheduled.find(timer.wait)) {
                hash = content(hash, *later);
            }
            sum += hash;
        });
        return sum;
    }

    Hash128 replica(Hash128 hash, const Replica& each) const {
        hash =
            hash.with(std::uint64_t{each.busy} << 2U | (each.still ? 2U : 0U) | (each.up ? 1U : 0U))
                .with(relative(each.restart_at));
        if (!each.up) hash = hash.with(clock(each.down_since));
        if (!each.up && traits_.ids) hash = hash.with(static_cast<std::uint64_t>(each.down_since));
        each.queue.for_each([&](const Queued& queued) {
            hash = queued.forced.hash128(content(hash, queued.message));
        });
        for (std::size_t i = 0; i < each.breakers.size(); ++i) {
            const BreakerState& breaker = each.breakers[i];
            hash = hash.with(std::uint64_t(breaker.mode) << 32U | breaker.failures.size())
                       .with(std::uint64_t{breaker.probes} << 32U | breaker.successes)
                       .with(clock(breaker.open_until));
            if (program_.breakers[i].within == never) continue;
            for (Nanos failure : breaker.failures) hash = hash.with(relative(failure));
        }
        Hash128 limits;
        each.limits.for_each([&](const Value& key, Nanos full) {
            if (clock(full) != 0) limits += key.hash128().with(clock(full));
        });
        return hash.with(limits);
    }

    Hash128 stream(Hash128 hash, const Stream& each) const {
        for (const program::StoredEvent& event : each.events()) {
            hash =
                hash.with(event.id).with(std::uint64_t{event.event.value} << 32U | event.revision);
            if (traits_.times) hash = hash.with(std::uint64_t(event.time));
            hash = event.data.hash128(hash);
        }
        return each.snapshot.state.hash128(hash.with(std::uint64_t(each.snapshot.version)));
    }

    Hash128 projection(Hash128 hash, const Projection& each) const {
        hash = each.progress.hash128(hash);
        if (each.log) {
            for (const Value& logged : *each.log) hash = entry(hash, logged);
        }
        if (!each.rebuild) return hash;
        hash = hash.with(each.rebuild->rows.fingerprint()).with(each.rebuild->position);
        return each.rebuild->progress.hash128(hash.with(relative(each.rebuild->due)));
    }

    Hash128 memory(const Service& service) const {
        Hash128 sum;
        for (const DeadLetter& dead : service.dead_letters) {
            sum += dead.code.hash128(content({}, arrived(dead.message))).with(std::uint64_t{2});
        }
        for (const Hash128& sequence : service.set_aside) sum += sequence;
        Nanos window = program_[service.id].inbox_window;
        service.inbox.for_each([&](const Hash128& key, const Remembered& known) {
            Hash128 hash = known.body.hash128(known.code.hash128(key.hash128()));
            hash = hash.with(std::uint64_t(known.outcome));
            sum += window == never ? hash : hash.with(relative(known.time));
        });
        service.in_progress.for_each([&](const Hash128& key, const InProgress& each) {
            Hash128 hash = key.hash128().with(std::uint64_t{3});
            for (const Queued& copy : each.copies) hash = content(hash, copy.message);
            sum += hash;
        });
        service.epochs.for_each([&](const Hash128& key, std::uint32_t epoch) {
            sum += key.with(std::uint64_t{epoch});
        });
        service.parked.for_each([&](const Value& name, const Cow<Running>& each) {
            sum += running(service, {}, *each).with(name.hash128());
        });
        return sum;
    }

    // A row {state, epoch, log, left} of a saga.
    static Hash128 saga_row(Hash128 hash, const Value& row, program::LogUse use) {
        for (const MapEntry& part : row.entries()) {
            hash = part.key.hash128(hash);
            if (part.key.text() != "log") {
                hash = part.value.hash128(hash);
            } else if (use == program::LogUse::records) {
                for (const Value& entry : part.value.items()) {
                    for (std::string_view key : {"step", "record"})
                        hash = entry.find(key)->hash128(hash);
                }
            }
        }
        return hash;
    }

    Hash128 table(const program::Table& spec, const Rows& rows) const {
        const program::LogUse use =
            spec.saga ? traits_.logs[spec.saga.value] : program::LogUse::everything;
        if (use == program::LogUse::everything) return rows.fingerprint();
        Hash128 sum;
        rows.for_each([&](const Value& key, const Value& row) {
            sum += saga_row(key.hash128(), row, use).with(std::uint64_t{1});
        });
        return sum;
    }

    // A fault that counts nothing strikes always: only whether it has.
    static Hash128 strikes(Hash128 hash, const program::Fault& fault, const FaultCount& count) {
        hash = hash.with(std::uint64_t{std::min(count.strikes, std::max(fault.times, 1U))});
        bool drawn = fault.millionths < 1'000'000;
        if (fault.nth == 0 && !drawn) return hash;
        for (const FaultCount::OfSender& of : count.links) {
            std::uint32_t matches = drawn ? of.matches : std::min(of.matches, fault.nth);
            hash = hash.with(std::uint64_t{of.from.value} << 32U | matches);
        }
        return hash;
    }

    Hash128 service(const Service& each) const {
        Hash128 hash;
        const std::vector<TableId>& tables = program_[each.id].tables;
        for (std::size_t i = 0; i < tables.size(); ++i) {
            hash = hash.with(table(program_[tables[i]], each.tables[i]));
        }
        Hash128 sum;
        each.handlers.for_each([&](const Hash128& key, const Cow<Running>& waiting) {
            sum += running(each, key, *waiting);
        });
        hash = hash.with(sum).with(each.ended_sagas.fingerprint());
        for (std::size_t i = 0; i < each.faults.size(); ++i) {
            hash = strikes(hash, program_.faults[i], each.faults[i]);
        }
        for (const Firing& firing : each.firings) hash = hash.with(firing.count);
        for (const Streams& streams : each.streams) {
            Hash128 all;
            streams.for_each([&](const Value& key, const Stream& one) {
                all += stream(key.hash128(), one).with(std::uint64_t{1});
            });
            hash = hash.with(all);
        }
        for (const Projection& own : each.projections) hash = projection(hash, own);
        for (const Replica& own : each.replicas) hash = replica(hash, own);
        each.outbox.for_each([&](const Send& send) { hash = content(hash, send.message); });
        hash = hash.with(memory(each)).with(std::uint64_t{each.next_replica});
        for (ServiceId other : each.cut_from) hash = hash.with(std::uint64_t{other.value});
        Hash128 links;
        for (const Link& own : each.mailbox.links()) links += link(own);
        return hash.with(timers(each)).with(links);
    }

    const Program& program_;
    const Traits& traits_;
    const World& world_;
    Nanos base_;
    Nanos origin_ = 0;  // what times are relative to
};

}  // namespace

Hash128 canonical_hash(const Program& program, const Traits& traits, const World& world) {
    return Canonical(program, traits, world).run();
}

}  // namespace sagalab::world
