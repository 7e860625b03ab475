#include "world/moves.h"

#include <algorithm>
#include <utility>

namespace sagalab::world {
namespace {

// When a replica would restart if nobody decided: what people expect to see first.
constexpr Nanos usual_downtime = 100 * millisecond;

bool by_wire(const Message& message) {
    return message.kind == MessageKind::reply ||
           (message.kind == MessageKind::call && !message.by_bus);
}

class Enumeration {
public:
    Enumeration(const World& world, std::vector<Item>& found) : world_(world), found_(found) {}

    void run() {
        for (const Cow<Service>& service : world_.services) {
            messages_of(*service);
            timers_of(*service);
            replicas_of(*service);
        }
    }

private:
    void messages_of(const Service& service) {
        const std::vector<Link>& links = service.mailbox.links();
        bool down = !service.up() && service.up_at() >= at_will;
        for (std::uint32_t at = 0; at < links.size(); ++at) {
            const Link& link = links[at];
            if (!link.again && link.queue.empty()) continue;
            std::size_t nth = 0;
            bool behind = link.busy;
            auto add = [&](const Message& message) {
                Item item;
                item.message = &message;
                item.service = service.id;
                item.from = link.from;
                item.ordered = link.ordered;
                item.pick.link = at;
                item.pick.nth = link.ordered ? 0 : nth;
                Turn turn = service.mailbox.turn_of(at, message);
                item.time = turn.time;
                item.round = turn.round;
                item.kind = message.late || link.late ? Item::Kind::late
                            : message.timed           ? Item::Kind::timed
                                                      : Item::Kind::flight;
                item.blocked = behind || (down && !by_wire(message));
                if (item.kind == Item::Kind::late) item.pick.not_before = world_.clock;
                found_.push_back(item);
                ++nth;
                if (link.ordered) behind = true;
            };
            if (link.again) add(*link.again);
            link.queue.for_each(add);
        }
    }

    void timers_of(const Service& service) {
        std::size_t position = 0;
        service.timers.for_each([&](const Timer& timer) {
            std::size_t at = position++;
            if (!service.live(timer)) return;
            Item item;
            item.timer = &timer;
            item.service = service.id;
            item.pick.timer = true;
            item.pick.nth = at;
            item.kind = timer.due == at_will ? Item::Kind::free : Item::Kind::timed;
            item.time = timer.due;
            item.round = timer.round;
            if (item.kind == Item::Kind::free) {
                item.pick.not_before = std::max(world_.clock, waits_since(service, timer));
                item.time = item.pick.not_before + usual_downtime;
            }
            found_.push_back(item);
        });
    }

    void replicas_of(const Service& service) {
        for (std::size_t at = 0; at < service.replicas.size(); ++at) {
            const Replica& replica = service.replicas[at];
            if (replica.up || replica.restart_at != at_will) continue;
            Item item;
            item.kind = Item::Kind::free;
            item.service = service.id;
            item.pick.move = Pick::Move::restart;
            item.pick.nth = at;
            item.pick.not_before = world_.clock;
            item.time = std::max(world_.clock, replica.down_since) + usual_downtime;
            found_.push_back(item);
        }
    }

    const World& world_;
    std::vector<Item>& found_;
};

void enable(std::vector<Item>& found) {
    Nanos due = never;
    Nanos arrival = never;
    for (const Item& item : found) {
        if (item.blocked) continue;
        if (item.kind == Item::Kind::timed) due = std::min(due, item.time);
        if (item.kind == Item::Kind::flight) arrival = std::min(arrival, item.time);
    }
    for (Item& item : found) {
        bool turn = item.kind != Item::Kind::timed || (item.time == due && arrival >= due);
        item.enabled = !item.blocked && turn;
    }
}

// Nobody will ask what time it is.
void forget_clock(World& world) {
    if (world.clock == 0) return;
    for (const Cow<Service>& service : world.services) {
        for (const Replica& replica : service->replicas) {
            if (!replica.up && replica.restart_at == at_will) return;
        }
        for (const Link& link : service->mailbox.links()) {
            if (link.late && (link.again || !link.queue.empty())) return;
            bool late = false;
            link.queue.for_each([&](const Message& message) { late = late || message.late; });
            if (late) return;
        }
        bool stalled = false;
        service->timers.for_each([&](const Timer& timer) {
            stalled = stalled || (timer.due == at_will && service->live(timer));
        });
        if (stalled) return;
    }
    world.clock = 0;
}

}  // namespace

bool Item::before(const Item& other) const {
    if (time != other.time) return time < other.time;
    bool own = message == nullptr;
    if (own != (other.message == nullptr)) return !own;
    if (round != other.round) return round < other.round;
    if (service != other.service) return service < other.service;
    if (from != other.from) return from < other.from;
    if (own) {
        if ((timer != nullptr) != (other.timer != nullptr)) return timer != nullptr;
        if (timer != nullptr) return timer->number < other.timer->number;
        return pick.nth < other.pick.nth;
    }
    if (ordered != other.ordered) return !ordered;
    if (message->id != other.message->id) return message->id < other.message->id;
    return message->delivery_id() < other.message->delivery_id();
}

std::vector<Item> items(const Program&, const World& world, bool reorder) {
    std::vector<Item> found;
    Enumeration(world, found).run();
    enable(found);
    std::sort(found.begin(), found.end(), [](const Item& a, const Item& b) { return a.before(b); });
    if (reorder) return found;
    bool first = true;
    for (Item& item : found) {
        bool free = item.kind == Item::Kind::free || item.kind == Item::Kind::late;
        if (item.enabled && !free) item.enabled = std::exchange(first, false);
    }
    return found;
}

Reaction step(const Program& program, const Interest& interest, World& world, const Item& item,
              Effects& effects, trace::Sink* sink) {
    effects.clear();
    bool timed = item.kind == Item::Kind::timed;
    Reaction reaction =
        react_and_settle(program, interest, world, item.service, item.pick, effects, sink);
    if (timed) world.clock = std::max(world.clock, reaction.time);
    forget_clock(world);
    return reaction;
}

void make_late(World& world, const Item& item) {
    world.services[item.service.value].write().mailbox.make_late(item.pick.link, item.pick.nth);
}

Nanos waits_since(const Service& service, const Timer& timer) {
    const Wait* wait = service.waits.find(timer.wait);
    const Cow<Running>* found = wait ? service.handlers.find(wait->handler) : nullptr;
    return found && wait->fiber < (*found)->fibers.size() ? (*found)->fibers[wait->fiber].since : 0;
}

Nanos rests_since(const Service& service, std::uint32_t replica) {
    Nanos since = 0;
    service.handlers.for_each([&](const Hash128&, const Cow<Running>& running) {
        if (running->replica != replica) return;
        for (const Fiber& fiber : running->fibers) since = std::max(since, fiber.since);
    });
    return since;
}

bool has_volatile(const Service& service, std::uint32_t at) {
    const Replica& replica = service.replicas[at];
    if (!replica.up) return false;
    if (!replica.queue.empty() || !replica.breakers.empty() || !replica.limits.empty()) return true;
    bool held = false;
    service.handlers.for_each([&](const Hash128&, const Cow<Running>& running) {
        held = held || running->replica == at;
    });
    return held;
}

}  // namespace sagalab::world
