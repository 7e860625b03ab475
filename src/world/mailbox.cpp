#include "world/mailbox.h"

#include <algorithm>

namespace sagalab::world {

bool lane_less(const Value& a, const Value& b) {
    if (a.is_null() || b.is_null()) return a.is_null() && !b.is_null();
    return key_less(a, b);
}

std::uint32_t Mailbox::new_link(ServiceId from, const Lane& lane) {
    Link link;
    link.from = from;
    link.ordered = lane.ordered;
    link.key = lane.key;
    links_.push_back(std::move(link));
    turns_.emplace_back();
    return static_cast<std::uint32_t>(links_.size());
}

std::uint32_t Mailbox::link_for(ServiceId from, const Lane& lane) {
    if (!lane.key.is_null()) {
        bool added = false;
        Hash128 name = lane.key.hash128(Hash128{}.with(std::uint64_t{from.value}));
        std::uint32_t& at = keyed_.at_or_added(name, added);
        if (added) at = new_link(from, lane);
        return at - 1;
    }
    std::size_t at = std::size_t{from.value} * 2 + (lane.ordered ? 1 : 0);
    if (at >= index_.size()) index_.resize(at + 1);
    if (index_[at] == 0) index_[at] = new_link(from, lane);
    return index_[at] - 1;
}

void Mailbox::push(Message message, const Lane& lane) {
    std::uint32_t at = link_for(message.from, lane);
    Link& link = links_[at];
    message.number = link.sent++;
    bool first = link.queue.empty();
    if (lane.ordered) {
        link.queue.push_back(std::move(message));
    } else {
        Nanos arrival = message.arrival;
        enter(link, std::move(message));
        first = first || link.queue.front().arrival >= arrival;
    }
    ++size_;
    if (first) update(at);
}

void Mailbox::restore(Message message, const Lane& lane) {
    std::uint32_t at = link_for(message.from, lane);
    Link& link = links_[at];
    if (lane.ordered) {
        std::uint32_t number = message.number;
        link.queue.insert(std::move(message), [=](const Message& other) {
            return static_cast<std::int32_t>(other.number - number) > 0;
        });
    } else {
        enter(link, std::move(message));
    }
    ++size_;
    update(at);
}

// Into an unordered link, in its order whenever the message comes.
void Mailbox::enter(Link& link, Message&& message) {
    Nanos arrival = message.arrival;
    std::uint32_t round = message.round;
    std::uint32_t number = message.number;
    link.queue.insert(std::move(message), [=](const Message& other) {
        if (other.arrival != arrival) return other.arrival > arrival;
        if (other.round != round) return other.round > round;
        return static_cast<std::int32_t>(other.number - number) > 0;
    });
}

Turn Mailbox::turn_of(std::uint32_t at, const Message& message) const {
    const Link& link = links_[at];
    if (!link.ordered || message.arrival > link.last) return {message.arrival, message.round, at};
    std::uint32_t own = message.arrival == link.last ? message.round : 0;
    return {link.last, std::max(own, link.last_round), at};
}

std::optional<Turn> Mailbox::next() const {
    if (heap_.empty()) return std::nullopt;
    return turns_[heap_.front()];
}

Message Mailbox::take(std::uint32_t at, std::size_t n) {
    Link& link = links_[at];
    --size_;
    if (link.ordered) {
        link.busy = true;
        Message message = link.again ? std::move(*link.again) : link.queue.pop_front();
        link.again.reset();
        if (link.queue.empty()) link.late = false;
        update(at);
        return message;
    }
    Message message = link.queue.take_at(n);
    if (n == 0) update(at);
    return message;
}

void Mailbox::acknowledge(std::uint32_t at, Nanos time, std::uint32_t round) {
    Link& link = links_[at];
    if (!link.ordered) return;
    link.busy = false;
    link.last = time;
    link.last_round = round;
    update(at);
}

void Mailbox::put_back(std::uint32_t at, Message message) {
    Link& link = links_[at];
    if (link.ordered) {
        link.busy = false;
        link.again = std::move(message);
        ++size_;
        update(at);
        return;
    }
    enter(link, std::move(message));
    ++size_;
    update(at);
}

void Mailbox::make_late(std::uint32_t at, std::size_t n) {
    Link& link = links_[at];
    if (link.ordered) {
        link.late = true;
        return;
    }
    Message message = link.queue.take_at(n);
    message.late = true;
    enter(link, std::move(message));
    update(at);
}

void Mailbox::hold_until(Nanos time, const std::function<bool(const Message&)>& held) {
    for (std::uint32_t at = 0; at < links_.size(); ++at) {
        Link& link = links_[at];
        if (link.ordered) {
            const Message* first = link.first();
            if (first && held(*first)) link.last = std::max(link.last, time);
        } else {
            std::vector<Message> all;
            while (!link.queue.empty()) all.push_back(link.queue.pop_front());
            for (Message& message : all) {
                if (held(message)) message.arrival = std::max(message.arrival, time);
                enter(link, std::move(message));
            }
        }
        update(at);
    }
}

Hash128 Mailbox::fingerprint() const {
    Hash128 sum;
    for (const Link& link : links_) {
        Hash128 hash =
            Hash128{}.with(std::uint64_t{link.from.value} << 1U | (link.ordered ? 1U : 0U));
        if (link.again) hash = link.again->hash128(hash.with(std::uint64_t{7}));
        bool holds = link.busy || link.again || !link.queue.empty();
        if (!holds && link.last == 0) continue;
        if (link.ordered) {
            hash = hash.with(std::uint64_t{link.last_round} << 1U | (link.busy ? 1U : 0U));
            hash = link.key.hash128(hash.with(std::uint64_t(link.last)));
            link.queue.for_each([&](const Message& message) { hash = message.hash128(hash); });
            sum += hash.with(std::uint64_t{1});
        } else {
            link.queue.for_each([&](const Message& message) { sum += message.hash128(hash); });
        }
    }
    return sum;
}

bool Mailbox::before(std::uint32_t a, std::uint32_t b) const {
    const Turn& x = turns_[a];
    const Turn& y = turns_[b];
    if (x.time != y.time) return x.time < y.time;
    if (x.round != y.round) return x.round < y.round;
    if (links_[a].from != links_[b].from) return links_[a].from < links_[b].from;
    if (links_[a].ordered != links_[b].ordered) return links_[b].ordered;
    return lane_less(links_[a].key, links_[b].key);
}

void Mailbox::place(std::size_t at, std::uint32_t link) {
    heap_[at] = link;
    links_[link].position = static_cast<std::uint32_t>(at + 1);
}

void Mailbox::sift_up(std::size_t at) {
    std::uint32_t link = heap_[at];
    while (at > 0 && before(link, heap_[(at - 1) / 2])) {
        place(at, heap_[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    place(at, link);
}

void Mailbox::sift_down(std::size_t at) {
    std::uint32_t link = heap_[at];
    for (;;) {
        std::size_t child = 2 * at + 1;
        if (child >= heap_.size()) break;
        if (child + 1 < heap_.size() && before(heap_[child + 1], heap_[child])) ++child;
        if (!before(heap_[child], link)) break;
        place(at, heap_[child]);
        at = child;
    }
    place(at, link);
}

void Mailbox::update(std::uint32_t at) {
    Link& link = links_[at];
    const Message* first = link.first();
    if (!first) {
        turns_[at] = Turn{never, 0, at};
        if (link.position == 0) return;
        std::size_t hole = link.position - 1;
        link.position = 0;
        std::uint32_t last = heap_.back();
        heap_.pop_back();
        if (last == at) return;
        place(hole, last);
        sift_up(hole);
        sift_down(links_[last].position - 1);
        return;
    }
    turns_[at] = turn_of(at, *first);
    if (link.position == 0) {
        heap_.push_back(at);
        sift_up(heap_.size() - 1);
        return;
    }
    if (heap_.size() == 1) return;
    sift_up(link.position - 1);
    sift_down(link.position - 1);
}

}  // namespace sagalab::world
