// What is on its way to one service, link by link.
//
// A link is one sender, one receiver and one lane: ordered (events and sends on a FIFO bus; of a
// bus with order per key, one lane a key) or unordered (calls, replies, buses without order). On an
// ordered link only the first message can be taken, and the next comes when that one is
// acknowledged; a message that must come again stays first. The canonical order of what could be
// taken is (time, round, sender, lane, number), with the unordered lane first, then by key.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/keyed_map.h"
#include "base/queue.h"
#include "world/message.h"

namespace sagalab::world {

struct Lane {
    bool ordered = false;
    Value key;  // null: all that is ordered
};

// The canonical order of lanes of one link: without key first, then by key.
bool lane_less(const Value& a, const Value& b);

struct Link {
    ServiceId from;
    bool ordered = false;
    Value key;                     // of its lane
    bool busy = false;             // ordered: the first message is being handled
    bool late = false;             // ordered: all that is on it, until it is empty
    std::optional<Message> again;  // ordered: the first message, to be delivered once more
    Queue<Message> queue;          // unordered: by arrival, round and number
    Nanos last = 0;                // ordered: the latest arrival or acknowledgement so far
    std::uint32_t last_round = 0;
    std::uint32_t sent = 0;      // messages so far: the number of the next
    std::uint32_t position = 0;  // in Mailbox's heap, plus one; 0: not there

    [[nodiscard]] const Message* first() const {
        if (busy) return nullptr;
        if (again) return &*again;
        return queue.empty() ? nullptr : &queue.front();
    }
};

// When and in which order a message may be taken.
struct Turn {
    Nanos time = never;
    std::uint32_t round = 0;
    std::uint32_t link = 0;
};

class Mailbox {
public:
    // Puts a message on its link. Its arrival is set: on an ordered link it is at least that of
    // the message before it.
    void push(Message message, const Lane& lane);

    // The first message in canonical order, or nothing to be taken at all.
    [[nodiscard]] std::optional<Turn> next() const;
    [[nodiscard]] Turn turn_of(std::uint32_t link, const Message& message) const;

    // Takes the first message of a link, or the n-th of an unordered one; an ordered link is busy
    // until `acknowledge` or `put_back`.
    Message take(std::uint32_t link, std::size_t n = 0);
    void acknowledge(std::uint32_t link, Nanos time, std::uint32_t round);
    // The message comes again at `message.arrival`.
    void put_back(std::uint32_t link, Message message);
    // What is first on an ordered link, and all behind it, or the n-th of an unordered one.
    void make_late(std::uint32_t link, std::size_t n);
    // Messages of which `held` is true are not there before `time`: something has kept them away
    // until then. Of an ordered link the first one speaks for all.
    void hold_until(Nanos time, const std::function<bool(const Message&)>& held);
    // A message that had left its link altogether comes once more, before all that were sent later.
    void restore(Message message, const Lane& lane);

    [[nodiscard]] const std::vector<Link>& links() const { return links_; }
    [[nodiscard]] std::size_t size() const { return size_; }  // messages waiting
    [[nodiscard]] Hash128 fingerprint() const;

private:
    std::uint32_t link_for(ServiceId from, const Lane& lane);
    std::uint32_t new_link(ServiceId from, const Lane& lane);
    static void enter(Link& link, Message&& message);
    [[nodiscard]] bool before(std::uint32_t a, std::uint32_t b) const;
    void update(std::uint32_t link);  // after its first message changed
    void place(std::size_t at, std::uint32_t link);
    void sift_up(std::size_t at);
    void sift_down(std::size_t at);

    std::vector<Link> links_;
    std::vector<std::uint32_t> index_;  // by sender and discipline: position in links_, plus one
    KeyedMap<std::uint32_t, Hash128> keyed_;  // by sender and key: the same
    std::vector<std::uint32_t> heap_;         // links with a first message, the earliest on top
    std::vector<Turn> turns_;                 // of each link, for the heap
    std::size_t size_ = 0;
};

}  // namespace sagalab::world
