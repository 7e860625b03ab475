#include <algorithm>
#include <utility>
#include <vector>

#include "world/execute.h"
#include "world/retry.h"
#include "world/seeds.h"

namespace sagalab::world {

using program::Fault;
using program::FaultKind;
using trace::Record;
using trace::RecordKind;

namespace {

// Sagas that the replica was running: by name and key, so that what follows does not depend on the
// order in which they began.
std::vector<Hash128> suspended_sagas(const Service& service, std::uint32_t replica) {
    struct Found {
        SagaId saga;
        Value key;
        Hash128 handler;
    };
    std::vector<Found> found;
    service.handlers.for_each([&](const Hash128& id, const Cow<Running>& running) {
        if (!running->saga || running->replica != replica || !(*running->saga).suspended) return;
        found.push_back({(*running->saga).saga, (*running->saga).key, id});
    });
    std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
        return a.saga != b.saga ? a.saga < b.saga : key_less(a.key, b.key);
    });
    std::vector<Hash128> handlers;
    for (const Found& each : found) handlers.push_back(each.handler);
    return handlers;
}

}  // namespace

// A scripted fault that strikes at a time.
void Execution::fault_begins(FaultId id) {
    const Fault& fault = program_[id];
    if (fault.kind == FaultKind::pause) return pause_begins(id);
    bool any = false;
    Nanos back = fault.restart_after == never ? never : add_saturating(now_, fault.restart_after);
    for (std::uint32_t i = 0; i < service_.replicas.size(); ++i) {
        if (fault.replica != 0 && fault.replica != i + 1) continue;
        if (!service_.replicas[i].up) continue;
        if (!any) {
            ++service_.faults[id.value].strikes;
            if (listening()) record(RecordKind::fault).fault = id;
            any = true;
        }
        crash(i, back);
    }
}

// What is volatile is lost; what was not acknowledged comes again; who called learns of it.
void Execution::crash(std::uint32_t at, Nanos restart_at) {
    Replica& replica = service_.replicas[at];
    if (!replica.up) return;
    replica.up = false;
    replica.still = false;
    replica.restart_at = restart_at;
    replica.down_since = now_;
    if (listening()) {
        Record& entry = record(RecordKind::crashed);
        entry.attempt = at + 1;
        entry.time = restart_at;
    }
    std::vector<Hash128> lost;
    service_.handlers.for_each([&](const Hash128& id, const Cow<Running>& running) {
        if (running->replica == at) lost.push_back(id);
    });
    std::sort(lost.begin(), lost.end());
    for (const Hash128& id : lost) {
        Running running;
        if (!reclaim(id, running)) continue;
        running_ = &running;
        lose(running);
        running_ = nullptr;
    }
    lose_queue(at);
    replica.busy = 0;
    replica.limits = {};
    replica.breakers.clear();
    for (Projection& projection : service_.projections) {
        if (projection.rebuild && !service_.up()) projection.rebuild.emplace();
    }
    bool by_itself = restart_at != never && restart_at != at_will;
    if (by_itself) service_.set_timer(restart_at, 0, TimerKind::restart, at);
    if (service_.up()) {
        // The outbox is the service's: another replica sends what this one has committed.
        relay();
        service_.outbox = {};
        Nanos expires = add_saturating(now_, program_[service_.id].lease);
        service_.set_timer(expires, 0, TimerKind::lease, at);
    }
}

void Execution::lose(Running& running) {
    if (running.saga) return suspend(running);
    for (Fiber& each : running.fibers) {
        if (each.waits_for != WaitKind::none) stop_waiting(each);
    }
    if (!running.deadline.zero()) service_.waits.erase(running.deadline);
    lose_copies(running.known_as);
    if (running.answered || running.link == Index<void>::absent) return;
    Message message = std::move(running.message);
    message.payload = running.fibers[0].slots[0];
    running.message.correlation = message.correlation;
    lose_message(std::move(message), running.link, true);
}

// Who called learns of it one latency later: unknown if it had begun. The bus delivers again.
void Execution::lose_message(Message&& message, std::uint32_t link, bool begun) {
    if (message.by_wire()) {
        reply_to(caller_of(message), begun ? Outcome::unknown : Outcome::failed, Value("Crashed"),
                 Value());
        acknowledge(link);
    } else {
        deliver_again(std::move(message), link, Value("Crashed"), false);
    }
}

// A saga is in its log: it goes on from there when somebody takes it up.
void Execution::suspend(Running& running) {
    SagaProgress& progress = *running.saga;
    bool between_steps =
        progress.mode == SagaMode::forward && progress.current == Index<void>::absent;
    for (Fiber& each : running.fibers) {
        if (each.waits_for == WaitKind::none) continue;
        if (const Wait* wait = service_.waits.find(each.wait)) each.resume_at = wait->due;
        if (!between_steps || each.waits_for != WaitKind::pause) each.resume_at = never;
        stop_waiting(each);
    }
    running.fibers.resize(1);
    running.fibers[0].ended = false;
    running.fibers[0].attempts = 0;
    running.fibers[0].branches = 0;
    if (!progress.deadline.zero()) service_.waits.erase(progress.deadline);
    progress.suspended = true;
    Hash128 id = running.id;
    service_.handlers.put(id, Cow<Running>(std::move(running)));
    service_.cost += handler_cost;
}

void Execution::lose_queue(std::uint32_t at) {
    Queue<Queued> queue = std::exchange(service_.replicas[at].queue, {});
    while (!queue.empty()) {
        Queued queued = queue.pop_front();
        service_.cost -= message_cost;
        if (queued.link == Index<void>::absent) continue;
        lose_message(std::move(queued.message), queued.link, false);
    }
}

void Execution::crash_now(std::uint32_t replica) {
    Nanos after = effects_.variant ? effects_.variant->restart_after : at_will;
    crash(replica, after >= at_will ? after : add_saturating(now_, after));
}

// What the bus holds is not there before the last timer that has fired meanwhile; when the service
// went down does not matter to it, so that sending to a service and its restart commute.
void Execution::restart_now(std::uint32_t replica, Nanos clock) {
    bool was_down = !service_.up();
    service_.replicas[replica].restart_at = now_;
    restart(replica);
    if (!was_down) return;
    service_.mailbox.hold_until(clock, [](const Message& each) { return !each.by_wire(); });
}

void Execution::restart(std::uint32_t at) {
    Replica& replica = service_.replicas[at];
    if (replica.up || replica.restart_at > now_) return;
    Hash128 cause = std::exchange(
        cause_, hash_text128("restart").with(service_.id.value).with(at).with(std::uint64_t(now_)));
    bool was_down = !service_.up();
    replica.up = true;
    replica.restart_at = never;
    if (listening()) record(RecordKind::restarted).attempt = at + 1;
    if (was_down) {
        refold(program_, service_);
        relay();
        service_.outbox = {};
        for (std::uint32_t i = 0; i < program_.projections.size(); ++i) {
            const program::Projection& spec = program_.projections[i];
            bool own = program_[spec.table].service == service_.id;
            if (own && service_.projections[spec.local].rebuild) {
                rebuild_later(i, now_);
            }
        }
    }
    resume_sagas(at, at);
    running_ = nullptr;
    cause_ = cause;
}

// Somebody else is up when the lease expires: the sagas are theirs from now on.
void Execution::take_over(std::uint32_t at) {
    if (!service_.up()) return;
    if (!service_.replicas[at].up) return resume_sagas(at, next_replica());
    if (paused_until(at) == 0) return;
    std::vector<Cow<Running>> owned;
    service_.handlers.for_each([&](const Hash128&, const Cow<Running>& running) {
        bool saga = running->saga && running->replica == at;
        if (saga && (*running->saga).mode != SagaMode::after_end && owns_saga(*running)) {
            owned.push_back(running);
        }
    });
    std::sort(owned.begin(), owned.end(), [](const Cow<Running>& a, const Cow<Running>& b) {
        return key_less((*a->saga).key, (*b->saga).key);
    });
    std::uint32_t replica = next_replica();
    for (const Cow<Running>& each : owned) take_saga_from(each, replica);
}

// The one who owned it stands still and knows nothing: from now on there are two who think that
// the saga is theirs, and the epoch tells them apart.
void Execution::take_saga_from(const Cow<Running>& owner, std::uint32_t replica) {
    Running running = *owner;
    for (Fiber& each : running.fibers) {
        const Wait* wait = service_.waits.find(each.wait);
        bool pause = wait && each.waits_for == WaitKind::pause &&
                     (*running.saga).current == Index<void>::absent;
        if (pause) each.resume_at = wait->due;
        each.wait = Hash128();
        each.waits_for = WaitKind::none;
    }
    running.id = running.id.with(std::uint64_t{(*running.saga).epoch} + 1);
    running.replica = replica;
    running.fibers.resize(1);
    running.fibers[0].ended = false;
    running.fibers[0].attempts = 0;
    running.fibers[0].branches = 0;
    running_ = &running;
    if (!running.saga->deadline.zero()) running.saga->deadline = next_id(InstructionId());
    service_.sagas.put(saga_name(saga(), running.saga->key), running.id);
    resume(running);
    run_ready(running);
    park(running);
}

// No other run of the orchestrator has taken it over.
bool Execution::owns_saga(const Running& running) const {
    const SagaProgress& progress = *running.saga;
    const Hash128* owner = service_.sagas.find(saga_name(program_[progress.saga], progress.key));
    return owner && *owner == running.id;
}

// Another run of the orchestrator has the saga: what this one wants to write is refused.
bool Execution::fenced(const Running& running) {
    if (!running.saga || !program_[service_.id].fencing) return false;
    const SagaProgress& progress = *running.saga;
    if (progress.mode == SagaMode::after_end || owns_saga(running)) return false;
    if (listening()) {
        Record& entry = record(RecordKind::fenced);
        entry.saga = progress.saga;
        entry.key = progress.key;
        entry.attempt = progress.epoch;
        entry.code = Value("StaleEpoch");
    }
    for (const Fiber& each : running.fibers) {
        if (!each.wait.zero()) service_.waits.erase(each.wait);
    }
    if (!progress.deadline.zero()) service_.waits.erase(progress.deadline);
    if (running_) release();
    running_ = nullptr;
    return true;
}

void Execution::resume_sagas(std::uint32_t of, std::uint32_t replica) {
    for (const Hash128& id : suspended_sagas(service_, of)) {
        Running running;
        if (!reclaim(id, running)) continue;
        running.replica = replica;
        running_ = &running;
        resume(running);
        run_ready(running);
        park(running);
    }
}

// From the log, under a higher epoch: a step that was begun is issued again, and so is an undo.
void Execution::resume(Running& running) {
    SagaProgress& progress = *running.saga;
    progress.suspended = false;
    ++progress.epoch;
    if (progress.mode == SagaMode::after_end) {
        running.appends.clear();
    } else {
        ++service_.replicas[running.replica].busy;
    }
    fiber_ = 0;
    if (!progress.deadline.zero()) {
        set_wait(progress.deadline, Index<void>::absent, std::max(progress.deadline_due, now_));
    }
    saga_epoch();
    if (progress.mode == SagaMode::undoing) {
        fiber().ended = true;
        next_undo();
    } else if (progress.mode == SagaMode::after_end || progress.current != Index<void>::absent) {
        fiber().pc = progress.caught ? progress.caught : progress.step_begin;
        fiber().keys = progress.caught ? progress.keys_caught : 0;
        if (progress.caught) progress.undos[progress.current].appends = progress.appends_caught;
    } else if (fiber().resume_at != never) {
        Nanos due = std::max(std::exchange(fiber().resume_at, never), now_);
        await(WaitKind::pause, next_id(here()), due);
    }
}

// Nobody is up: a call is refused, a bus message waits until somebody is.
bool Execution::turn_away(Message& message, std::uint32_t link) {
    if (service_.up()) return false;
    if (service_.up_at() <= now_) {  // a message comes before the timer of the same instant
        for (std::uint32_t i = 0; i < service_.replicas.size(); ++i) {
            if (service_.replicas[i].restart_at <= now_) restart(i);
        }
        return false;
    }
    if (message.by_wire()) {
        refuse(message, Outcome::failed, Value("Unavailable"), link);
        return true;
    }
    message.arrival = service_.up_at();
    message.round = round_at(message.arrival);
    message.timed = true;
    put_back(std::move(message), link);
    return true;
}

}  // namespace sagalab::world
