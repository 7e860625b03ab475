#include "world/world.h"

#include <algorithm>
#include <utility>

#include "world/arrivals.h"

namespace sagalab::world {
namespace {

// Puts messages in flight at once.
class Direct : public Outlet {
public:
    Direct(World& world, trace::Sink* sink) : world_(world), sink_(sink) {}

    void place(Message&& message, Lane&& lane) override {
        Service& service = world_.change(message.to);
        service.mailbox.push(std::move(message), lane);
    }
    void take(const trace::Record& record) override {
        if (sink_) sink_->take(record);
    }

private:
    World& world_;
    trace::Sink* sink_;
};

void messages_of(const Service& service, std::vector<Choice>& choices) {
    const std::vector<Link>& links = service.mailbox.links();
    for (std::uint32_t at = 0; at < links.size(); ++at) {
        const Link& link = links[at];
        if (!link.first()) continue;
        std::size_t nth = 0;
        auto add = [&](const Message& message) {
            Turn turn = service.mailbox.turn_of(at, message);
            choices.push_back({
                service.id,
                {false, at, nth++},
                turn.time,
                turn.round,
                link.from,
                link.ordered,
                link.key,
            });
        };
        if (link.ordered) {
            add(*link.first());
        } else {
            link.queue.for_each(add);
        }
    }
}

}  // namespace

Service& World::change(ServiceId service) {
    Service& own = services[service.value].write();
    own.hashed = {};
    return own;
}

Hash128 World::fingerprint() const {
    Hash128 hash;
    for (const Cow<Service>& service : services) hash = hash.with(service->fingerprint());
    return hash;
}

World initial_world(const Program& program) {
    World world;
    for (std::size_t i = 0; i < program.services.size(); ++i) {
        world.services.emplace_back(initial_service(program, ServiceId(i)));
    }
    for (std::size_t i = 0; i < program.workload.size(); ++i) {
        const program::WorkItem& item = program.workload[i];
        Service& client = world.change(item.client);
        const auto own = static_cast<std::uint32_t>(client.firings.size());
        client.firings.push_back({static_cast<std::uint32_t>(i), 0});
        const Nanos due = firing_due(program, item, 0, 0);
        if (due != never) client.set_timer(due, 0, TimerKind::firing, own);
    }
    return world;
}

bool Choice::before(const Choice& other) const {
    if (time != other.time) return time < other.time;
    if (pick.timer != other.pick.timer) return !pick.timer;
    if (round != other.round) return round < other.round;
    if (service != other.service) return service < other.service;
    if (from != other.from) return from < other.from;
    if (ordered != other.ordered) return !ordered;
    if (lane_less(lane, other.lane)) return true;
    if (lane_less(other.lane, lane)) return false;
    return pick.nth < other.pick.nth;
}

std::vector<Choice> enabled(const World& world) {
    std::vector<Choice> choices;
    for (const Cow<Service>& shared : world.services) {
        messages_of(*shared, choices);
        if (const Timer* timer = shared->first_timer()) {
            choices.push_back({shared->id, {true}, timer->due, timer->round, {}, false, {}});
        }
    }
    std::sort(choices.begin(), choices.end(),
              [](const Choice& a, const Choice& b) { return a.before(b); });
    return choices;
}

Reaction react_and_settle(const Program& program, const Interest& interest, World& world,
                          ServiceId service, const Pick& pick, Effects& effects,
                          trace::Sink* sink) {
    Reaction reaction = react(program, interest, world.change(service), pick, effects);
    Direct outlet(world, sink);
    settle(program, interest, effects, 0, 0, reaction, outlet);
    return reaction;
}

Reaction apply(const Program& program, const Interest& interest, World& world, const Choice& choice,
               trace::Sink* sink) {
    Effects effects;
    return react_and_settle(program, interest, world, choice.service, choice.pick, effects, sink);
}

}  // namespace sagalab::world
