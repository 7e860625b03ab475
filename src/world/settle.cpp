#include "world/settle.h"

#include <utility>

#include "base/hash.h"
#include "world/latency.h"

namespace sagalab::world {
namespace {

using trace::Record;
using trace::RecordKind;

const program::Latency& network_latency(const Program& program, ServiceId from, ServiceId to) {
    for (const program::LinkLatency& link : program.network.links) {
        if (link.from == from && link.to == to) return link.latency;
    }
    return program.network.latency;
}

class Settling {
public:
    Settling(const Program& program, const Interest& interest, Nanos now, Outlet& outlet)
        : program_(program), interest_(interest), now_(now), outlet_(outlet) {}

    void send(Send& send) {
        Message& message = send.message;
        switch (message.kind) {
            case MessageKind::event: publish(send); break;
            case MessageKind::send: over_bus(std::move(message), send.instruction); break;
            case MessageKind::call:
            case MessageKind::reply: by_wire(std::move(message), send.instruction);
        }
    }

private:
    void publish(Send& send) {
        const program::Operation& operation = program_[send.message.operation];
        if (operation.handlers.empty()) {
            if (interest_.everything) report(RecordKind::unheard, send.message, send.instruction);
            return;
        }
        for (std::size_t i = 0; i < operation.handlers.size(); ++i) {
            bool last = i + 1 == operation.handlers.size();
            Message copy = last ? std::move(send.message) : send.message;
            copy.to = program_[operation.handlers[i]].service;
            over_bus(std::move(copy), send.instruction);
        }
    }

    void over_bus(Message&& message, InstructionId by) {
        const program::Topic& topic = program_.bus.topics[message.operation.value];
        Lane lane = lane_of(program_, message);
        // A projection lags: its entries do not come earlier.
        message.timed = program_[message.operation].kind == program::OperationKind::feed;
        depart(std::move(message), topic.latency, std::move(lane), by);
    }

    // A reply never queues behind events, whichever way it goes.
    void by_wire(Message&& message, InstructionId by) {
        if (message.by_bus && message.kind == MessageKind::call) {
            over_bus(std::move(message), by);
            return;
        }
        const program::Latency& latency = message.by_bus
                                              ? program_.bus.topics[message.operation.value].latency
                                              : network_latency(program_, message.from, message.to);
        depart(std::move(message), latency, Lane(), by);
    }

    void depart(Message&& message, const program::Latency& latency, Lane&& lane, InstructionId by) {
        Nanos sent = message.arrival;
        Nanos length = latency.kind == program::Latency::Kind::constant
                           ? latency.low
                           : draw_latency(latency, program_.seed, way_of(message));
        message.arrival = add_saturating(sent, length);
        message.round = message.arrival == sent ? message.round + 1 : 0;
        if (interest_.everything) report(RecordKind::sent, message, by);
        outlet_.place(std::move(message), std::move(lane));
    }

    // Each receiver of an event has a way of its own.
    [[nodiscard]] Hash128 way_of(const Message& message) const {
        return message.id.with(hash_text(program_[message.to].name));
    }

    void report(RecordKind kind, const Message& message, InstructionId by) {
        Record record;
        record.kind = kind;
        record.message_kind = message.kind;
        record.outcome = message.outcome;
        record.attempt = message.attempt;
        record.at = now_;
        record.time = message.arrival;
        record.service = message.from;
        record.peer = kind == RecordKind::unheard ? ServiceId() : message.to;
        record.operation = message.operation;
        record.instruction = by;
        record.message = message.id;
        record.cause = message.cause;
        record.correlation = correlation_name(program_, message.correlation);
        record.value = message.payload;
        if (message.kind == MessageKind::reply) record.code = message.note;
        outlet_.take(record);
    }

    const Program& program_;
    const Interest& interest_;
    Nanos now_;
    Outlet& outlet_;
};

}  // namespace

Lane lane_of(const Program& program, const Message& message) {
    const program::Topic& topic = program.bus.topics[message.operation.value];
    Lane lane;
    lane.ordered = topic.order != program::Order::none;
    if (topic.order == program::Order::per_key && topic.key) {
        program::Environment environment;
        environment.slots = &message.payload;
        Value key = program::evaluate(program, topic.key, environment);
        if (key.is(Value::Kind::string)) {
            lane.key = std::move(key);
        } else if (!key.is_error()) {
            lane.key = Value(key.json());
        }
    }
    return lane;
}

void settle(const Program& program, const Interest& interest, Effects& effects, std::uint32_t sends,
            std::uint32_t records, const Reaction& reaction, Outlet& outlet) {
    Settling settling(program, interest, reaction.time, outlet);
    for (; sends < reaction.sends_end; ++sends) {
        Send& send = effects.sends[sends];
        while (records < send.records) outlet.take(effects.records[records++]);
        settling.send(send);
    }
    while (records < reaction.records_end) outlet.take(effects.records[records++]);
}

}  // namespace sagalab::world
