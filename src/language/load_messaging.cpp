// Policies, the network and the bus: how messages travel.

#include "language/latencies.h"
#include "language/load_context.h"
#include "language/load_values.h"
#include "language/policies.h"

namespace sagalab::language {

namespace {

void load_order(LoadContext& context, const Node& node, program::Topic& topic) {
    const Node* order = string_at(node, "order");
    if (order && order->text == "fifo") topic.order = program::Order::fifo;
    if (order && order->text == "none") topic.order = program::Order::none;
    if (order && order->text == "per-key") topic.order = program::Order::per_key;
    if (const Node* key = string_at(node, "key")) {
        Scope scope(&context.params);
        Binding message;
        message.type = Type::map;
        scope.bind("msg", message);
        topic.key = context.compiler.expression(*key, scope);
    }
}

// `node` over what holds otherwise.
program::Topic load_topic(LoadContext& context, const Node& node, program::Topic topic) {
    if (const Node* delivery = string_at(node, "delivery")) {
        topic.at_least_once = delivery->text != "at-most-once";
    }
    load_order(context, node, topic);
    topic.latency = latency_at(context, node, "latency", topic.latency);
    topic.max_deliveries = small_count_at(node, "maxDeliveries", topic.max_deliveries);
    topic.redeliver_after = time_at(node, "redeliverAfter", topic.redeliver_after);
    if (const Node* dead = string_at(node, "deadLetter")) {
        topic.dead_letter = program::DeadLetterMode::message;
        if (dead->text == "sequence") topic.dead_letter = program::DeadLetterMode::sequence;
    }
    return topic;
}

void load_network(LoadContext& context, const Node& node) {
    program::Network& network = context.program.network;
    network.latency = latency_at(context, node, "latency", network.latency);
    const Node* links = array_at(node, "links");
    if (!links) return;
    for (const Node& item : links->items) {
        const Node* from = string_at(item, "from");
        const Node* to = string_at(item, "to");
        if (!from || !to) continue;
        const ServiceNames* sender = find_service(context, *from);
        const ServiceNames* receiver = find_service(context, *to);
        if (!sender || !receiver) continue;
        network.links.push_back(
            {sender->id, receiver->id, latency_at(context, item, "latency", network.latency)});
    }
}

void load_bus(LoadContext& context, const Node* node) {
    program::Bus& bus = context.program.bus;
    if (node) bus.defaults = load_topic(context, *node, bus.defaults);
    bus.topics.assign(context.program.operations.size(), bus.defaults);
    const Node* topics = node ? object_at(*node, "topics") : nullptr;
    if (!topics) return;
    for (const Member& member : topics->members) {
        const auto event = context.names.events.find(member.key);
        if (event == context.names.events.end()) {
            context.diagnostics.unknown_name(member.key_place, "event", member.key,
                                             keys_of(context.names.events));
            continue;
        }
        bus.topics[event->second.value] = load_topic(context, member.value, bus.defaults);
    }
}

}  // namespace

void load_messaging(LoadContext& context) {
    load_policies(context);
    if (const Node* network = object_at(context.root, "network")) load_network(context, *network);
    load_bus(context, object_at(context.root, "bus"));
}

}  // namespace sagalab::language
