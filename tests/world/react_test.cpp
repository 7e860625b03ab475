// One service without a world: a message in its mailbox, the reaction, its effects.
#include "world/react.h"

#include "support/worlds.h"
#include "world/service.h"

using namespace sagalab;
using namespace sagalab::test;
using namespace sagalab::world;

namespace {

// A service on its own, and who stands around it.
class Alone {
public:
    explicit Alone(const std::string& steps) {
        Scenario scenario;
        scenario.services = R"js(
"A": {"store": {"t": {"rows": {"k": {"n": 1}}}}, "on": {"E": [)js" +
                            steps + R"js(]}, "api": {"Op": [)js" + steps + R"js(]}},
"B": {"on": {"F": []}, "api": {"Do": [{"reply": {"n": 5}}]}})js";
        scenario.workload = R"({"publish": "E", "data": {"id": "k"}})";
        program = load(scenario);
        for (std::size_t i = 0; i < program->services.size(); ++i) {
            if (program->services[i].name == "A") service = initial_service(*program, ServiceId(i));
            if (program->services[i].name == "B") other = ServiceId(i);
        }
        interest.everything = true;
    }

    [[nodiscard]] OperationId operation(std::string_view label) const {
        for (std::size_t i = 0; i < program->operations.size(); ++i) {
            if (program->operations[i].label == label) return OperationId(i);
        }
        FAIL("no operation " << label);
        return {};
    }

    [[nodiscard]] Message message(MessageKind kind, std::string_view label) const {
        Message out;
        out.id = hash_text128("m");
        out.kind = kind;
        out.operation = operation(label);
        out.from = other;
        out.to = service.id;
        out.payload = Value::map({{"id", "k"}, {"n", 3}});
        out.arrival = 5 * millisecond;
        return out;
    }

    Reaction take_up() {
        effects.clear();
        const Service::Next next = service.next();
        REQUIRE(next.time != never);
        return react(*program, interest, service, {next.timer, next.link, 0}, effects);
    }

    Reaction deliver(MessageKind kind, std::string_view label) {
        service.mailbox.push(message(kind, label), Lane{kind != MessageKind::call, {}});
        return take_up();
    }

    ProgramPtr program;
    Interest interest;
    Service service;
    ServiceId other;
    Effects effects;
};

}  // namespace

TEST_CASE("an event changes the store and publishes") {
    Alone a(R"({"update": "t", "key": "msg.id", "set": {"n": "${row.n + msg.n}"}},
{"publish": "F", "data": {"n": "${store.t[msg.id].n}"}})");
    const Reaction reaction = a.deliver(MessageKind::event, "E");
    CHECK(reaction.time == 5 * millisecond);
    CHECK(reaction.handled);
    CHECK_FALSE(reaction.timer);
    CHECK(reaction.service == a.service.id);
    CHECK(reaction.from == a.other);
    CHECK(a.service.tables[0].find(Value("k"))->json() == R"({"n": 4})");
    REQUIRE(a.effects.sends.size() == 1);
    const Message& sent = a.effects.sends[0].message;
    CHECK(sent.kind == MessageKind::event);
    CHECK(sent.payload.json() == R"({"n": 4})");
    CHECK(sent.cause == reaction.id);
    CHECK(sent.arrival == 5 * millisecond);  // the time it is sent
    CHECK(a.service.next().time == never);   // nothing is left
    CHECK(a.service.handlers.empty());
}

TEST_CASE("a call is answered to its caller") {
    Alone a(R"({"reply": {"n": "${msg.n * 2}"}})");
    a.deliver(MessageKind::call, "A.Op");
    REQUIRE(a.effects.sends.size() == 1);
    const Message& reply = a.effects.sends[0].message;
    CHECK(reply.kind == MessageKind::reply);
    CHECK(reply.to == a.other);
    CHECK(reply.answers == hash_text128("m"));
    CHECK(reply.outcome == Outcome::succeeded);
    CHECK(reply.payload.json() == R"({"n": 6})");
}

TEST_CASE("a handler that calls waits, as data, for the reply or the timeout") {
    const char* steps = R"({"call": "B.Do", "as": "r", "timeout": "20ms"},
{"upsert": "t", "key": "msg.id", "set": {"got": "${r.n}"}})";
    Alone a(steps);
    a.deliver(MessageKind::event, "E");
    REQUIRE(a.effects.sends.size() == 1);
    const Message call = a.effects.sends[0].message;
    CHECK(a.service.handlers.size() == 1);
    CHECK(a.service.waits.size() == 1);
    CHECK(a.service.next().timer);
    CHECK(a.service.next().time == 25 * millisecond);

    Service before = a.service;
    SECTION("the reply") {
        Message reply;
        reply.id = hash_text128("r");
        reply.kind = MessageKind::reply;
        reply.operation = call.operation;
        reply.from = a.other;
        reply.to = a.service.id;
        reply.answers = call.id;
        reply.payload = Value::map({{"n", 5}});
        reply.arrival = 7 * millisecond;
        a.service.mailbox.push(reply, Lane{});
        const Reaction reaction = a.take_up();
        CHECK_FALSE(reaction.handled);
        CHECK(a.service.tables[0].find(Value("k"))->json() == R"({"got": 5, "n": 1})");
        CHECK(a.service.next().time == never);  // the timer is dead
    }
    SECTION("the timeout") {
        const Reaction reaction = a.take_up();
        CHECK(reaction.timer);
        CHECK(reaction.time == 25 * millisecond);
        // Unhandled: the event comes again.
        CHECK(a.service.next().time == 35 * millisecond);
        CHECK_FALSE(a.service.next().timer);
    }
    CHECK(a.service.handlers.empty());
    // The copy still waits.
    CHECK(before.handlers.size() == 1);
    CHECK(before.next().time == 25 * millisecond);
}

TEST_CASE("a reaction is the same for a copy of the service") {
    Alone a(
        R"({"insert": "t", "key": "'new'", "row": {"n": 1}}, {"wait": "1ms"}, {"publish": "F"})");
    a.service.mailbox.push(a.message(MessageKind::event, "E"), Lane{true, {}});
    Service copy = a.service;
    Effects other;
    const Service::Next next = copy.next();
    const Reaction one = a.take_up();
    const Reaction two = react(*a.program, a.interest, copy, {next.timer, next.link, 0}, other);
    CHECK(one.id == two.id);
    CHECK(copy.fingerprint() == a.service.fingerprint());
    CHECK(lines(*a.program, a.effects.records) == lines(*a.program, other.records));
    CHECK(a.effects.sends.size() == other.sends.size());
}

TEST_CASE("records are made for those who listen and the service is the same without") {
    Alone heard(R"({"log": "text"}, {"upsert": "t", "key": "'x'", "set": {"n": 1}})");
    Alone unheard(R"({"log": "text"}, {"upsert": "t", "key": "'x'", "set": {"n": 1}})");
    unheard.interest.everything = false;
    heard.deliver(MessageKind::event, "E");
    unheard.deliver(MessageKind::event, "E");
    CHECK(heard.effects.records.size() >= 3);
    CHECK(unheard.effects.records.empty());
    CHECK(heard.service.fingerprint() == unheard.service.fingerprint());
    CHECK(heard.service.cost == unheard.service.cost);
}

TEST_CASE("a late reply changes nothing") {
    Alone a(R"({"log": "idle"})");
    const Hash128 before = a.service.fingerprint();
    Message reply = a.message(MessageKind::reply, "B.Do");
    reply.answers = hash_text128("nobody's");
    a.service.mailbox.push(reply, Lane{});
    a.take_up();
    REQUIRE(a.effects.records.size() == 1);
    CHECK(a.effects.records[0].kind == trace::RecordKind::late);
    CHECK(a.service.fingerprint() == before);
}
