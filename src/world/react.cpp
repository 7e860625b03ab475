#include "world/react.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "world/execute.h"

namespace sagalab::world {
namespace {

// What a timer's handling is named by, and by what it was caused.
void name_timer(const Program& program, const Service& service, const Timer& timer,
                Reaction& reaction) {
    switch (timer.kind) {
        case TimerKind::firing: {
            const Firing& firing = service.firings[timer.of];
            reaction.id = hash_text128(program.workload[firing.item].name).with(firing.count);
            break;
        }
        case TimerKind::wait:
            reaction.id = timer.wait.with(std::uint64_t(timer.due));
            reaction.cause = service.waits.find(timer.wait)->handler;
            break;
        case TimerKind::worker: {
            const Queue<Queued>& queue = service.replicas[timer.of].queue;
            if (queue.empty()) break;
            reaction.id = queue.front().message.delivery_id();
            reaction.cause = queue.front().message.cause;
            break;
        }
        default:
            reaction.id = timer.wait.with(std::uint64_t(timer.due))
                              .with(std::uint64_t(timer.kind) << 32U | timer.of)
                              .with(std::uint64_t{service.id.value});
    }
}

void react_to_timer(const Program& program, const Interest& interest, Service& service,
                    const Pick& pick, Effects& effects, Reaction& reaction) {
    Timer timer = pick.nth == 0 ? service.timers.pop() : service.timers.take(pick.nth);
    reaction.time = timer.due == at_will ? pick.not_before : timer.due;
    reaction.timer = true;
    reaction.round = timer.round;
    name_timer(program, service, timer, reaction);
    Execution execution(program, interest, service, effects,
                        {reaction.time, reaction.round, reaction.id});
    execution.take_timer(timer);
}

void react_to_message(const Program& program, const Interest& interest, Service& service,
                      const Pick& pick, Effects& effects, Reaction& reaction) {
    const Link& link = service.mailbox.links()[pick.link];
    const Message& first = pick.nth == 0 ? *link.first() : link.queue.at(pick.nth);
    Turn turn = service.mailbox.turn_of(pick.link, first);
    reaction.time = std::max(turn.time, pick.not_before);
    reaction.round = turn.round;
    reaction.from = link.from;
    reaction.ordered = link.ordered;
    Message message = service.mailbox.take(pick.link, pick.nth);
    reaction.id = message.delivery_id();
    reaction.cause = message.cause;
    reaction.operation = message.operation;
    Execution execution(program, interest, service, effects,
                        {reaction.time, reaction.round, reaction.id});
    if (message.kind == MessageKind::reply) {
        execution.take_reply(std::move(message), pick.link);
    } else {
        reaction.handled = execution.take_message(std::move(message), pick.link);
    }
}

std::string_view word(Pick::Move move) {
    switch (move) {
        case Pick::Move::crash: return "crash";
        case Pick::Move::restart: return "restart";
        case Pick::Move::stand_still: return "stand still";
        default: return "go on";
    }
}

// A replica goes down, or comes up again, stands still, or goes on, because an adversary wants it.
void react_to_move(const Program& program, const Interest& interest, Service& service,
                   const Pick& pick, Effects& effects, Reaction& reaction) {
    const auto replica = static_cast<std::uint32_t>(pick.nth);
    reaction.time = pick.not_before;
    if (pick.move == Pick::Move::restart) {
        reaction.time = std::max(pick.not_before, service.replicas[replica].down_since);
    }
    reaction.timer = true;
    reaction.id = hash_text128(word(pick.move))
                      .with(std::uint64_t{service.id.value} << 32U | replica)
                      .with(std::uint64_t(reaction.time));
    Execution execution(program, interest, service, effects, {reaction.time, 0, reaction.id});
    switch (pick.move) {
        case Pick::Move::crash: execution.crash_now(replica); break;
        case Pick::Move::restart: execution.restart_now(replica, pick.not_before); break;
        case Pick::Move::stand_still: execution.stand_still(replica); break;
        default: execution.go_on(replica); break;
    }
}

}  // namespace

Reaction react(const Program& program, const Interest& interest, Service& service, const Pick& pick,
               Effects& effects) {
    Reaction reaction;
    reaction.service = service.id;
    std::uint64_t cost = service.cost;
    if (effects.variant) effects.passed.clear();
    if (pick.move != Pick::Move::none) {
        react_to_move(program, interest, service, pick, effects, reaction);
    } else if (pick.timer) {
        react_to_timer(program, interest, service, pick, effects, reaction);
    } else {
        react_to_message(program, interest, service, pick, effects, reaction);
    }
    service.drop_dead_timers();
    reaction.cost = static_cast<std::int64_t>(service.cost - cost);
    reaction.sends_end = static_cast<std::uint32_t>(effects.sends.size());
    reaction.records_end = static_cast<std::uint32_t>(effects.records.size());
    return reaction;
}

}  // namespace sagalab::world
