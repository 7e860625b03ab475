#include "world/canonical.h"

#include <algorithm>

#include "world/digests.h"
#include "world/moves.h"
#include "world/retry.h"

namespace sagalab::world {
namespace {

bool is_late(const Link& link, const Message& message) { return link.late || message.late; }

// What is late comes now at the earliest.
Nanos comes_at(const World& world, const Link& link, const Message& message) {
    return is_late(link, message) ? std::max(world.clock, message.arrival) : message.arrival;
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
        Words words;
        // Beside times that names hold, one that is relative would say nothing.
        words.add(traits_.ids ? static_cast<std::uint64_t>(world_.clock) : clock(world_.clock));
        words.add(origin_ == 0 ? 1U : 0U);
        if (traits_.ids) words.add(static_cast<std::uint64_t>(base_));
        for (const Cow<Service>& each : world_.services) words.add(known_or_new(each));
        return words.hash();
    }

private:
    // Kept with the service where nobody else can look at it yet; where it hangs on what another
    // service holds, it is not kept.
    Hash128 known_or_new(const Cow<Service>& each) {
        Service::Hashed& known = each->hashed;
        if (known.base == base_ && known.origin == origin_) return known.hash;
        foreign_ = false;
        const Hash128 hash = service(*each);
        if (!foreign_ && each.unique()) known = {hash, base_, origin_};
        return hash;
    }

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

    static void slots(Words& words, const Slots& values) {
        for (const Value& value : values) words.add(value.digest());
        words.add(values.size());
    }

    // Who waits for the answer to this call; all who do not are alike.
    Hash128 waiter(ServiceId service, const Hash128& call) const {
        if (traits_.ids) return call;
        foreign_ = true;
        const Service& caller = *world_.services[service.value];
        const Wait* wait = caller.waits.find(call);
        if (!wait) return {};
        const Cow<Running>* found = caller.handlers.find(wait->handler);
        if (!found) return {};
        return running(caller, wait->handler, **found).with(std::uint64_t{wait->fiber} + 1);
    }

    // What there is to it but when it comes.
    void content(Words& words, const Message& message) const {
        if (traits_.ids) words.add(message.id);
        if (traits_.causes) words.add(message.cause);
        if (message.kind == MessageKind::call) words.add(waiter(message.from, message.id));
        if (message.kind == MessageKind::reply) words.add(waiter(message.to, message.answers));
        bool counted =
            message.kind != MessageKind::call || message.by_bus || traits_.attempts || traits_.ids;
        std::uint64_t attempt = counted ? message.attempt : 1;
        words.add(std::uint64_t{message.operation.value} << 32U | message.from.value);
        words.add(attempt << 32U | std::uint64_t{message.copy} << 16U |
                  std::uint64_t(message.kind) << 12U | std::uint64_t(message.outcome) << 8U |
                  (message.timed ? 16U : 0U) | (message.late ? 8U : 0U) |
                  (message.durable ? 4U : 0U) | (message.by_bus ? 2U : 0U) |
                  (message.held ? 1U : 0U));
        words.add(message.saga).add(std::uint64_t{message.epoch});
        words.add(std::uint64_t{message.correlation.item} << 40U | message.correlation.firing);
        payload(words, message);
        words.add(message.note.digest());
    }

    // How it came does not matter any more.
    static Message arrived(Message message) {
        message.timed = false;
        message.late = false;
        message.held = false;
        return message;
    }

    void payload(Words& words, const Message& message) const {
        bool feed =
            message.operation && program_[message.operation].kind == program::OperationKind::feed;
        if (feed) {
            entry(words, message.payload);
        } else {
            words.add(message.payload.digest());
        }
    }

    // An entry of an event log; when it was written only where that can be read.
    void entry(Words& words, const Value& value) const {
        if (traits_.times || !value.is(Value::Kind::map)) {
            words.add(value.digest());
            return;
        }
        for (std::string_view key : {"event", "stream", "version", "revision", "data"}) {
            const Value* part = value.find(key);
            words.add(part ? part->digest() : Hash128());
        }
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
    void tries(Words& words, const Fiber& each) const {
        const program::Instruction& at = program_[each.pc];
        bool calls = at.op == program::Op::call && at.call != Index<void>::absent;
        if (!calls) {
            words.add(std::uint64_t{each.attempts});
            return;
        }
        const program::Call& call = program_.calls[at.call];
        if (ends_by_time(call.retry) && each.attempts != 0) words.add(relative(each.begun));
        words.add(saturated(each.attempts, call.retry));
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

    void fiber(Words& words, const Service& service, const Running& running,
               const Fiber& each) const {
        words.add(std::uint64_t{each.pc.value});
        tries(words, each);
        words.add(generation(service, running, each) << 32U | each.keys);
        if (traits_.ids) words.add(each.wait);
        const Wait* wait = each.wait.zero() ? nullptr : service.waits.find(each.wait);
        words.add(wait ? named(wait->due) : 1);
        // Where the wait has an end, it tells when it began.
        if (each.waits_for != WaitKind::none && (!wait || wait->due >= at_will)) {
            words.add(named(each.since));
        }
        words.add(std::uint64_t{each.undo} << 8U | std::uint64_t(each.waits_for) << 1U |
                  (each.ended ? 1U : 0U));
        words.add(std::uint64_t{each.parent} << 32U | each.branch << 16U | each.branches)
            .add(relative(each.resume_at));
        slots(words, each.slots);
        words.add(each.result.digest());
    }

    void saga(Words& words, const Service& service, const Running& running) const {
        const SagaProgress& saga = *running.saga;
        words.add(std::uint64_t{saga.saga.value} << 32U | saga.epoch).add(saga.key.digest());
        const Hash128* owner = service.sagas.find(saga_name(program_[saga.saga], saga.key));
        bool owns = owner && *owner == running.id;
        words.add(std::uint64_t(saga.mode) << 8U | std::uint64_t(saga.outcome) << 2U |
                  (owns ? 2U : 0U) | (saga.pivot_passed ? 1U : 0U));
        words.add((saga.deadline_passed ? 1U : 0U) | (saga.suspended ? 2U : 0U))
            .add(saga.deadline.zero() ? 0 : relative(saga.deadline_due));
        const program::Saga& spec = program_[saga.saga];
        const program::LogUse use = traits_.logs[saga.saga.value];
        words.add(std::uint64_t{saga.current})
            .add(logged(saga.step_attempts, spec.retriable_retry, use))
            .add(std::uint64_t{saga.caught.value} << 32U | saga.keys_caught);
        words.add(saga.appends_caught.hash128({})).add(saga.undos.size());
        for (const Undo& undo : saga.undos) {
            words.add(std::uint64_t{undo.step}).add(logged(undo.attempts, spec.undo_retry, use));
            words.add(std::uint64_t(undo.note) << 2U | (undo.due ? 2U : 0U) |
                      (undo.done ? 1U : 0U));
            if (ends_by_time(spec.undo_retry)) words.add(relative(undo.begun));
            words.add(undo.appends.hash128({}));
            slots(words, undo.slots);
        }
        for (const Caller& caller : saga.callers) {
            words.add(waiter(caller.service, caller.call)).add(caller.service.value);
        }
        words.add(std::uint64_t{saga.parked_step}).add(saga.code.digest());
        slots(words, saga.frame);
    }

    Hash128 running(const Service& service, const Hash128& key, const Running& each) const {
        Words words;
        words.add(std::uint64_t{each.handler.value});
        content(words, each.message);
        if (traits_.ids) words.add(key).add(each.known_as);
        words.add((each.lasting ? 2U : 0U) | (each.link == Index<void>::absent ? 1U : 0U));
        words.add(each.forced.digest());
        words.add(std::uint64_t{each.replica} << 1U | (each.answered ? 1U : 0U));
        words.add(each.appends.hash128({}));
        const Wait* deadline = each.deadline.zero() ? nullptr : service.waits.find(each.deadline);
        words.add(deadline ? named(deadline->due) : 1).add(each.reads.size());
        for (const program::StreamRead& read : each.reads) {
            words.add(std::uint64_t{read.aggregate}).add(read.key.digest());
            words.add(std::uint64_t(read.version));
        }
        for (const Value& name : each.partial) words.add(name.digest());
        words.add(each.partial.size());
        if (each.ending) {
            const Ending& ending = *each.ending;
            words.add(std::uint64_t(ending.outcome) << 8U | std::uint64_t(ending.stage));
            words.add(ending.code.digest()).add(ending.body.digest());
        }
        if (each.held) {
            words.add(each.held->rows.size());
            for (const HeldRow& row : each.held->rows) {
                words.add(row.key.digest()).add(row.after.digest());
            }
            for (const Send& send : each.held->sends) content(words, send.message);
        }
        words.add(each.fibers.size());
        for (const Fiber& own : each.fibers) fiber(words, service, each, own);
        if (each.saga) saga(words, service, each);
        return words.hash();
    }

    Hash128 in_flight(std::uint64_t way, const Link& link, const Message& message) const {
        Words words;
        words.add(way);
        // The time that a route has counts from when it should have come.
        bool routed =
            message.operation && program_[message.operation].kind == program::OperationKind::route;
        if (routed) words.add(relative(message.arrival));
        if (is_late(link, message)) foreign_ = true;
        words.add(relative(comes_at(world_, link, message)));
        content(words, message);
        return words.hash();
    }

    Hash128 link(const Link& each) const {
        const std::uint64_t way =
            std::uint64_t{each.from.value} << 2U | (each.late ? 2U : 0U) | (each.ordered ? 1U : 0U);
        bool holds = each.busy || each.again || !each.queue.empty();
        if (!each.ordered) {
            Hash128 sum;
            each.queue.for_each(
                [&](const Message& message) { sum += in_flight(way, each, message); });
            return sum;
        }
        if (!holds && clock(each.last) == 0) return {};
        Words words;
        words.add(way).add(clock(each.last)).add(each.busy ? 1U : 0U).add(each.key.digest());
        if (each.again) words.add(in_flight(~way, each, *each.again));
        each.queue.for_each(
            [&](const Message& message) { words.add(in_flight(way, each, message)); });
        return words.hash();
    }

    Hash128 timers(const Service& service) const {
        Hash128 sum;
        service.timers.for_each([&](const Timer& timer) {
            if (timer.kind == TimerKind::wait || !service.live(timer)) return;
            bool sends_what_it_has = timer.kind == TimerKind::scheduled;
            bool counted = timer.kind == TimerKind::firing;
            Words words;
            words.add(sends_what_it_has || counted ? relative(timer.due) : named(timer.due));
            words.add(std::uint64_t(timer.kind) << 32U | timer.of);
            if (const Message* later = service.scheduled.find(timer.wait)) content(words, *later);
            sum += words.hash();
        });
        return sum;
    }

    void replica(Words& words, const Replica& each) const {
        words.add(std::uint64_t{each.busy} << 2U | (each.still ? 2U : 0U) | (each.up ? 1U : 0U))
            .add(relative(each.restart_at));
        if (!each.up) words.add(clock(each.down_since));
        if (!each.up && traits_.ids) words.add(static_cast<std::uint64_t>(each.down_since));
        words.add(each.queue.size()).add(each.breakers.size());
        each.queue.for_each([&](const Queued& queued) {
            content(words, queued.message);
            words.add(queued.forced.digest());
        });
        for (std::size_t i = 0; i < each.breakers.size(); ++i) {
            const BreakerState& breaker = each.breakers[i];
            words.add(std::uint64_t(breaker.mode) << 32U | breaker.failures.size())
                .add(std::uint64_t{breaker.probes} << 32U | breaker.successes)
                .add(clock(breaker.open_until));
            if (program_.breakers[i].within == never) continue;
            for (Nanos failure : breaker.failures) words.add(relative(failure));
        }
        Hash128 limits;
        each.limits.for_each([&](const Value& key, Nanos full) {
            if (clock(full) == 0) return;
            limits += Words().add(key.digest()).add(clock(full)).hash();
        });
        words.add(limits);
    }

    Hash128 stream(const Value& key, const Stream& each) const {
        Words words;
        words.add(key.digest());
        for (const program::StoredEvent& event : each.events()) {
            words.add(event.id).add(std::uint64_t{event.event.value} << 32U | event.revision);
            if (traits_.times) words.add(std::uint64_t(event.time));
            words.add(event.data.digest());
        }
        words.add(std::uint64_t(each.snapshot.version)).add(each.snapshot.state.digest());
        return words.hash();
    }

    void projection(Words& words, const Projection& each) const {
        words.add(each.progress.hash128({}));
        words.add(each.log ? each.log->size() + 1 : 0);
        if (each.log) {
            for (const Value& logged : *each.log) entry(words, logged);
        }
        if (!each.rebuild) return;
        words.add(digest_of(each.rebuild->rows)).add(each.rebuild->position);
        words.add(relative(each.rebuild->due)).add(each.rebuild->progress.hash128({}));
    }

    Hash128 memory(const Service& service) const {
        Hash128 sum;
        for (const DeadLetter& dead : service.dead_letters) {
            Words words;
            words.add(2U);
            content(words, arrived(dead.message));
            sum += words.add(dead.code.digest()).hash();
        }
        for (const Hash128& sequence : service.set_aside) sum += sequence;
        Nanos window = program_[service.id].inbox_window;
        service.inbox.for_each([&](const Hash128& key, const Remembered& known) {
            Words words;
            words.add(key).add(known.code.digest()).add(known.body.digest());
            words.add(std::uint64_t(known.outcome));
            if (window != never) words.add(relative(known.time));
            sum += words.hash();
        });
        service.in_progress.for_each([&](const Hash128& key, const InProgress& each) {
            Words words;
            words.add(3U).add(key);
            for (const Queued& copy : each.copies) content(words, copy.message);
            sum += words.hash();
        });
        service.epochs.for_each([&](const Hash128& key, std::uint32_t epoch) {
            sum += key.with(std::uint64_t{epoch});
        });
        service.parked.for_each([&](const Value& name, const Cow<Running>& each) {
            sum += running(service, {}, *each).with(name.hash128());
        });
        return sum;
    }

    Hash128 rows(const program::Table& spec, const Rows& table) const {
        return spec.saga ? digest_of_sagas(table, traits_.logs[spec.saga.value]) : digest_of(table);
    }

    // A fault that counts nothing strikes always: only whether it has.
    static void strikes(Words& words, const program::Fault& fault, const FaultCount& count) {
        words.add(std::uint64_t{std::min(count.strikes, std::max(fault.times, 1U))});
        bool drawn = fault.millionths < 1'000'000;
        if (fault.nth == 0 && !drawn) return;
        words.add(count.links.size());
        for (const FaultCount::OfSender& of : count.links) {
            std::uint32_t matches = drawn ? of.matches : std::min(of.matches, fault.nth);
            words.add(std::uint64_t{of.from.value} << 32U | matches);
        }
    }

    Hash128 service(const Service& each) const {
        Words words;
        const std::vector<TableId>& tables = program_[each.id].tables;
        for (std::size_t i = 0; i < tables.size(); ++i) {
            words.add(rows(program_[tables[i]], each.tables[i]));
        }
        Hash128 sum;
        each.handlers.for_each([&](const Hash128& key, const Cow<Running>& waiting) {
            sum += running(each, key, *waiting);
        });
        words.add(sum).add(each.ended_sagas.fingerprint());
        for (std::size_t i = 0; i < each.faults.size(); ++i) {
            strikes(words, program_.faults[i], each.faults[i]);
        }
        for (const Firing& firing : each.firings) words.add(firing.count);
        for (const Streams& streams : each.streams) {
            Hash128 all;
            streams.for_each([&](const Value& key, const Stream& one) { all += stream(key, one); });
            words.add(all);
        }
        for (const Projection& own : each.projections) projection(words, own);
        for (const Replica& own : each.replicas) replica(words, own);
        words.add(each.outbox.size());
        each.outbox.for_each([&](const Send& send) { content(words, send.message); });
        words.add(memory(each)).add(std::uint64_t{each.next_replica}).add(each.cut_from.size());
        for (ServiceId other : each.cut_from) words.add(std::uint64_t{other.value});
        Hash128 links;
        for (const Link& own : each.mailbox.links()) links += link(own);
        return words.add(timers(each)).add(links).hash();
    }

    const Program& program_;
    const Traits& traits_;
    const World& world_;
    Nanos base_;
    Nanos origin_ = 0;  // what times are relative to
    mutable bool foreign_ = false;
};

}  // namespace

Hash128 canonical_hash(const Program& program, const Traits& traits, const World& world) {
    return Canonical(program, traits, world).run();
}

}  // namespace sagalab::world
