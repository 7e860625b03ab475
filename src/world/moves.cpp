#include "world/moves.h"

#include <algorithm>
#include <utility>

namespace sagalab::world {
namespace {

// When a replica would restart if nobody decided: what people expect to see first.
constexpr Nanos usual_downtime = 100 * millisecond;

// What the bus keeps until the way is there again, and what a relay would send again until then.
bool waits_for_way(const Program& program, const Service& service, const Message& message) {
    return !message.by_wire() && service.is_cut_from(message.from) &&
           (message.durable || program.bus.topics[message.operation.value].at_least_once);
}

class Enumeration {
public:
    Enumeration(const Program& program, const World& world, std::vector<Item>& found)
        : program_(program), world_(world), found_(found) {}

    void run() {
        for (const Cow<Service>& service : world_.services) {
            messages_of(*service);
            timers_of(*service);
            replicas_of(*service);
            ways_of(*service);
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
                item.blocked = behind || (down && !message.by_wire()) || service.held(message) ||
                               waits_for_way(program_, service, message);
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
            item.blocked = service.held(timer);
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
            if (replica.still) move(service.id, Pick::Move::go_on).pick.nth = at;
            if (replica.up || replica.restart_at != at_will) continue;
            Item& item = move(service.id, Pick::Move::restart);
            item.pick.nth = at;
            item.time = std::max(world_.clock, replica.down_since) + usual_downtime;
        }
    }

    // Each way that is cut, once.
    void ways_of(const Service& service) {
        for (ServiceId other : service.cut_from) {
            if (service.id < other) move(service.id, Pick::Move::heal).from = other;
        }
    }

    Item& move(ServiceId service, Pick::Move move) {
        Item item;
        item.kind = Item::Kind::free;
        item.service = service;
        item.pick.move = move;
        item.pick.not_before = world_.clock;
        item.time = world_.clock + usual_downtime;
        found_.push_back(item);
        return found_.back();
    }

    const Program& program_;
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
        if (!service->cut_from.empty()) return;
        for (const Replica& replica : service->replicas) {
            if (replica.still || (!replica.up && replica.restart_at == at_will)) return;
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

void join(std::vector<ServiceId>& cut, ServiceId other) {
    cut.insert(std::lower_bound(cut.begin(), cut.end(), other), other);
}

// When the first message that is on its way from one to the other would be there; `never` if none
// is.
Nanos first_arrival(const World& world, ServiceId from, ServiceId to) {
    const Mailbox& mailbox = world.services[to.value]->mailbox;
    Nanos first = never;
    for (std::uint32_t at = 0; at < mailbox.links().size(); ++at) {
        const Link& link = mailbox.links()[at];
        const Message* message = link.from == from ? link.first() : nullptr;
        if (message) first = std::min(first, mailbox.turn_of(at, *message).time);
    }
    return first;
}

// A cut is told as late as it can be: when it matters.
Reaction tell(const World& world, ServiceId a, ServiceId b, bool is_cut, const Interest& interest,
              trace::Sink* sink) {
    Reaction reaction;
    reaction.time = world.clock;
    Nanos arrival = std::min(first_arrival(world, a, b), first_arrival(world, b, a));
    if (is_cut && arrival != never) reaction.time = std::max(reaction.time, arrival);
    reaction.timer = true;
    reaction.service = a;
    reaction.id = hash_text128(is_cut ? "cut" : "heal")
                      .with(std::uint64_t{a.value} << 32U | b.value)
                      .with(std::uint64_t(reaction.time));
    if (!sink || !interest.everything) return reaction;
    trace::Record record;
    record.kind = is_cut ? trace::RecordKind::cut : trace::RecordKind::healed;
    record.at = reaction.time;
    record.service = a;
    record.peer = b;
    record.cause = reaction.id;
    sink->take(record);
    return reaction;
}

// What the bus has kept is there now.
void heal_end(Service& service, ServiceId other, Nanos clock) {
    service.mailbox.hold_until(
        clock, [&](const Message& message) { return message.from == other && !message.by_wire(); });
    std::erase(service.cut_from, other);
}

Reaction heal(World& world, const Item& item, const Interest& interest, trace::Sink* sink) {
    heal_end(world.change(item.service), item.from, world.clock);
    heal_end(world.change(item.from), item.service, world.clock);
    return tell(world, item.service, item.from, false, interest, sink);
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
        if (pick.move != other.pick.move) return pick.move < other.pick.move;
        return pick.nth < other.pick.nth;
    }
    if (ordered != other.ordered) return !ordered;
    if (message->id != other.message->id) return message->id < other.message->id;
    return message->delivery_id() < other.message->delivery_id();
}

std::vector<Item> items(const Program& program, const World& world, bool reorder) {
    std::vector<Item> found;
    Enumeration(program, world, found).run();
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
    effects.passed.clear();
    bool timed = item.kind == Item::Kind::timed;
    bool heals = item.pick.move == Pick::Move::heal;
    Reaction reaction =
        heals ? heal(world, item, interest, sink)
              : react_and_settle(program, interest, world, item.service, item.pick, effects, sink);
    if (timed) world.clock = std::max(world.clock, reaction.time);
    forget_clock(world);
    return reaction;
}

void make_late(World& world, const Item& item) {
    world.change(item.service).mailbox.make_late(item.pick.link, item.pick.nth);
}

Reaction cut(World& world, ServiceId a, ServiceId b, const Interest& interest, trace::Sink* sink) {
    join(world.change(a).cut_from, b);
    join(world.change(b).cut_from, a);
    return tell(world, a, b, true, interest, sink);
}

bool is_cut_off(const World& world, const Message& message) {
    return world.services[message.to.value]->is_cut_from(message.from);
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
