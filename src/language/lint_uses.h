// What the steps and clients of one case send, await and write, with the place in its tree: what
// the lints look at.
//
// Of a case without errors. One walk over the steps; everything else is a lookup by number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "language/load_context.h"

namespace sagalab::language {

struct MessageUse {
    enum class Verb : std::uint8_t { publish, send, call, append, await };
    Verb verb = Verb::publish;
    const Node* step = nullptr;
    const Node* name = nullptr;     // the string that names the event or operation
    const Node* payload = nullptr;  // the object with `data` and `copy`
    OperationId operation;
    std::uint32_t handler = Index<void>::absent;  // in Names::handlers; absent: of a client
    ServiceId from;
};

// An `insert` or `upsert`.
struct RowUse {
    const Node* step = nullptr;
    std::uint32_t handler = 0;
};

class ScenarioUses {
public:
    explicit ScenarioUses(const LoadContext& context);

    [[nodiscard]] const std::vector<MessageUse>& messages() const { return messages_; }
    // Positions in `messages` of those that send this: no `await`.
    [[nodiscard]] const std::vector<std::uint32_t>& senders(OperationId operation) const {
        return senders_[operation.value];
    }
    // The event stands in the history of some aggregate.
    [[nodiscard]] bool is_seeded(OperationId event) const { return seeded_[event.value]; }
    [[nodiscard]] const std::vector<RowUse>& writes(TableId table) const {
        return writes_[table.value];
    }
    // An event or "Service.Operation"; absent if there is none.
    [[nodiscard]] OperationId find(const std::string& name) const;
    // Position in Names::handlers of the one handler of an api operation or a saga.
    [[nodiscard]] std::uint32_t handler_of(OperationId operation) const {
        return handler_of_[operation.value];
    }

private:
    void collect_handlers();
    void collect_workload();
    void take(const Node& step, std::uint32_t handler, ServiceId from);
    void add(MessageUse use);
    void take_write(const Node& step, const Node& table, std::uint32_t handler, ServiceId from);

    const LoadContext& context_;
    std::vector<MessageUse> messages_;
    std::vector<std::vector<std::uint32_t>> senders_;
    std::vector<bool> seeded_;
    std::vector<std::vector<RowUse>> writes_;
    std::vector<std::uint32_t> handler_of_;
};

// Every step in an array of steps (or one step), those inside of others too, in their order.
template <class Visit>
void for_each_step(const Node& steps, const Visit& visit) {
    for (const Node& item : steps.items) for_each_step(item, visit);
    if (!steps.is(Node::Kind::object)) return;
    visit(steps);
    for (const Member& member : steps.members) {
        const bool holds_steps = member.key == "then" || member.key == "else" ||
                                 member.key == "do" || member.key == "compensate";
        if (holds_steps) for_each_step(member.value, visit);
        if (member.key != "onError" && member.key != "parallel") continue;
        if (member.value.is(Node::Kind::array)) for_each_step(member.value, visit);
        for (const Member& part : member.value.members) for_each_step(part.value, visit);
    }
}

// All steps of a handler; of a saga those at its ends too.
template <class Visit>
void for_each_step(const PendingHandler& handler, const Visit& visit) {
    if (handler.steps) for_each_step(*handler.steps, visit);
    if (!handler.saga) return;
    for (const char* end : {"onCompleted", "onCompensated", "onParked"}) {
        if (const Node* steps = handler.saga->find(end)) for_each_step(*steps, visit);
    }
}

// "msg.orderId" -> "orderId"; nothing where the text is more or less than that.
std::optional<std::string_view> plain_field(std::string_view expression);

}  // namespace sagalab::language
