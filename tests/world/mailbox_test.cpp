#include "world/mailbox.h"

#include <algorithm>

#include "support/catch.h"

using namespace sagalab;
using namespace sagalab::world;

namespace {

Message message(std::uint64_t name, std::uint32_t from, Nanos arrival, std::uint32_t round = 0) {
    Message out;
    out.id = Hash128{}.with(name);
    out.from = ServiceId(from);
    out.to = ServiceId(0U);
    out.operation = OperationId(0U);
    out.arrival = arrival;
    out.round = round;
    return out;
}

bool is(const Message& found, std::uint64_t name) { return found.id == Hash128{}.with(name); }

// Takes what comes first, and acknowledges it at its time.
std::uint64_t take_first(Mailbox& mailbox, std::uint64_t names) {
    const std::optional<Turn> turn = mailbox.next();
    REQUIRE(turn.has_value());
    const Message taken = mailbox.take(turn->link);
    mailbox.acknowledge(turn->link, turn->time, turn->round);
    for (std::uint64_t name = 0; name < names; ++name) {
        if (is(taken, name)) return name;
    }
    return names;
}

}  // namespace

TEST_CASE("an ordered link lets nothing pass while its first message is handled") {
    Mailbox mailbox;
    mailbox.push(message(1, 5, 10), Lane{true, {}});
    mailbox.push(message(2, 5, 11), Lane{true, {}});
    mailbox.push(message(3, 6, 30), Lane{true, {}});
    CHECK(mailbox.size() == 3);
    const Turn first = *mailbox.next();
    CHECK(first.time == 10);
    CHECK(is(mailbox.take(first.link), 1));
    // The other link is free.
    REQUIRE(mailbox.next().has_value());
    CHECK(mailbox.next()->time == 30);
    mailbox.acknowledge(first.link, 25, 0);
    // The one behind is taken at the acknowledgement, not at its arrival.
    CHECK(mailbox.next()->time == 25);
    CHECK(is(mailbox.take(mailbox.next()->link), 2));
}

TEST_CASE("a message on an ordered link never comes before the one ahead of it") {
    Mailbox mailbox;
    mailbox.push(message(1, 5, 50), Lane{true, {}});
    mailbox.push(message(2, 5, 10), Lane{true, {}});
    CHECK(mailbox.next()->time == 50);
    CHECK(take_first(mailbox, 3) == 1);
    CHECK(mailbox.next()->time == 50);
    CHECK(take_first(mailbox, 3) == 2);
    CHECK_FALSE(mailbox.next().has_value());
}

TEST_CASE("a message that is put back stays first on an ordered link") {
    Mailbox mailbox;
    mailbox.push(message(1, 5, 10), Lane{true, {}});
    mailbox.push(message(2, 5, 11), Lane{true, {}});
    const std::uint32_t link = mailbox.next()->link;
    Message again = mailbox.take(link);
    again.arrival = 40;
    again.attempt = 2;
    mailbox.put_back(link, again);
    CHECK(mailbox.size() == 2);
    CHECK(mailbox.next()->time == 40);
    const Message taken = mailbox.take(link);
    CHECK(is(taken, 1));
    CHECK(taken.attempt == 2);
    mailbox.acknowledge(link, 40, 0);
    CHECK(mailbox.next()->time == 40);
    CHECK(take_first(mailbox, 3) == 2);
    CHECK(mailbox.size() == 0);
}

TEST_CASE("messages beside a link come by arrival and overtake what is put back") {
    Mailbox mailbox;
    mailbox.push(message(1, 5, 10), Lane{});
    mailbox.push(message(2, 5, 30), Lane{});
    mailbox.push(message(3, 5, 20), Lane{});
    const std::uint32_t link = mailbox.next()->link;
    Message again = mailbox.take(link);
    again.arrival = 25;
    mailbox.put_back(link, again);
    CHECK(take_first(mailbox, 4) == 3);
    CHECK(take_first(mailbox, 4) == 1);
    CHECK(take_first(mailbox, 4) == 2);
}

TEST_CASE("any message beside a link may be taken") {
    Mailbox mailbox;
    for (std::uint64_t i = 0; i < 5; ++i) mailbox.push(message(i, 5, 10), Lane{});
    CHECK(is(mailbox.take(0, 3), 3));
    CHECK(is(mailbox.take(0, 0), 0));
    CHECK(is(mailbox.take(0, 2), 4));
    CHECK(take_first(mailbox, 5) == 1);
    CHECK(take_first(mailbox, 5) == 2);
    CHECK(mailbox.size() == 0);
    CHECK_FALSE(mailbox.next().has_value());
}

TEST_CASE("messages are taken by time, round, sender and discipline") {
    struct Row {
        std::uint64_t name;
        std::uint32_t from;
        Nanos arrival;
        std::uint32_t round;
        bool ordered;
    };
    // In canonical order, by name.
    const Row rows[] = {{0, 9, 5, 0, true},   {1, 2, 10, 0, false}, {2, 2, 10, 0, true},
                        {3, 4, 10, 0, false}, {4, 3, 10, 1, true},  {5, 3, 10, 2, false},
                        {6, 1, 11, 0, true}};
    std::vector<std::size_t> order = {0, 1, 2, 3, 4, 5, 6};
    for (std::size_t turn = 0; turn < 7; ++turn) {
        std::rotate(order.begin(), order.begin() + 3, order.end());
        std::swap(order[turn], order[(turn + 2) % 7]);
        Mailbox mailbox;
        for (const std::size_t at : order) {
            const Row& row = rows[at];
            mailbox.push(message(row.name, row.from, row.arrival, row.round),
                         Lane{row.ordered, {}});
        }
        for (std::uint64_t name = 0; name < 7; ++name) REQUIRE(take_first(mailbox, 7) == name);
    }
}

TEST_CASE("a fingerprint of a mailbox does not depend on which link came first") {
    Mailbox a;
    Mailbox b;
    a.push(message(1, 5, 10), Lane{true, {}});
    a.push(message(2, 6, 10), Lane{});
    b.push(message(2, 6, 10), Lane{});
    b.push(message(1, 5, 10), Lane{true, {}});
    CHECK(a.fingerprint() == b.fingerprint());
    b.push(message(3, 6, 11), Lane{});
    CHECK(a.fingerprint() != b.fingerprint());
    a.push(message(3, 6, 12), Lane{});
    CHECK(a.fingerprint() != b.fingerprint());
}

TEST_CASE("the order on an ordered link is part of its fingerprint and that beside it is not") {
    for (const bool ordered : {true, false}) {
        Mailbox a;
        Mailbox b;
        for (std::uint64_t i = 0; i < 2; ++i) {
            a.push(message(i, 5, 10), Lane{ordered, {}});
            b.push(message(1 - i, 5, 10), Lane{ordered, {}});
        }
        CHECK((a.fingerprint() == b.fingerprint()) == !ordered);
    }
}

TEST_CASE("a copy of a mailbox is untouched by what happens to the original") {
    Mailbox mailbox;
    for (std::uint64_t i = 0; i < 40; ++i) {
        mailbox.push(message(i, static_cast<std::uint32_t>(i % 3), 10 + i % 7),
                     Lane{i % 2 == 0, {}});
    }
    const Mailbox copy = mailbox;
    const Hash128 before = copy.fingerprint();
    while (mailbox.next()) take_first(mailbox, 40);
    CHECK(copy.fingerprint() == before);
    CHECK(copy.size() == 40);
}
