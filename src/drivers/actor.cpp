#include "drivers/actor.h"

namespace sagalab::drivers {

namespace {

constexpr std::size_t batch_size = 1024;

}  // namespace

void Actor::receive(world::Message&& message, world::Lane&& lane) {
    if (open_) {
        incoming_.emplace_back(std::move(message), std::move(lane));
    } else {
        service_->write().mailbox.push(std::move(message), lane);
    }
}

bool Actor::busy() const { return load() >= (loops_ ? 64U : 512U); }

bool Actor::heavy() const {
    constexpr std::uint64_t many = 64;  // instructions an item
    std::uint64_t work = batches_[0].effects.work + batches_[1].effects.work;
    return load() >= 16 && work > many * taken_;
}

void Actor::open(const Bound& bound) {
    bound_ = bound;
    open_ = true;
}

void Actor::close() {
    open_ = false;
    world::Service& service = service_->write();
    for (auto& [message, lane] : incoming_) service.mailbox.push(std::move(message), lane);
    incoming_.clear();
}

void Actor::run(const program::Program& program, const world::Interest& interest,
                const world::Lookahead& lookahead) {
    Batch& batch = following();
    batch.effects.clear();
    batch.reactions.clear();
    batch.settled = 0;
    world::Service& service = service_->write();
    // One timer is a window of its own where messages may arrive in the instant they are sent.
    std::size_t most = bound_.inclusive && bound_.timer ? 1 : batch_size;
    world::Service::Next next = service.next();
    while (bound_.holds(next) && batch.reactions.size() < most) {
        if (!next.timer) lookahead.before_taking(service, next.link);
        batch.reactions.push_back(
            world::react(program, interest, service, {next.timer, next.link, 0}, batch.effects));
        next = service.next();
    }
    taken_ += batch.reactions.size();
    batch.more = most > 1 && bound_.holds(next);
    batch.ready.store(true, std::memory_order_release);
    batch.ready.notify_all();
}

}  // namespace sagalab::drivers
