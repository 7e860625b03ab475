// Lints of calls: retry-without-key, short-timeout.
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "language/lint_rules.h"
#include "language/load_values.h"
#include "language/shape_values.h"

namespace sagalab::language {

namespace {

using Verb = MessageUse::Verb;

std::string quoted(std::string_view name) { return "\"" + printable(name) + "\""; }

// ---- retry-without-key
// ---------------------------------------------------------------------------

// The policy itself, which the step may only name.
const Node* policy_of(const LintContext& context, const Node& retry) {
    if (!retry.is(Node::Kind::string)) return &retry;
    const Node* policies = object_at(context.load.root, "policies");
    const Node* named = policies ? object_at(*policies, "retry") : nullptr;
    return named ? object_at(*named, retry.text) : nullptr;
}

// It tries again what may have had its effect.
bool repeats_unknown(const Node& policy) {
    if (count_at(policy, "maxAttempts", 2) == 1) return false;
    const Node* on = array_at(policy, "on");
    return !on || on->items.empty() ||
           std::any_of(on->items.begin(), on->items.end(),
                       [](const Node& outcome) { return outcome.text == "unknown"; });
}

bool mentions(const Node& node, std::string_view text) {
    if (node.is(Node::Kind::string)) return node.text.find(text) != std::string::npos;
    return std::any_of(node.items.begin(), node.items.end(),
                       [&](const Node& item) { return mentions(item, text); }) ||
           std::any_of(node.members.begin(), node.members.end(),
                       [&](const Member& member) { return mentions(member.value, text); });
}

// Doing the step a second time changes nothing.
bool may_repeat(const Node& step) {
    for (const char* verb : {"insert", "publish", "send", "call", "append"}) {
        if (step.find(verb)) return false;
    }
    const Node* set = step.find("set");
    return !set || (!mentions(*set, "row") && !mentions(*set, "store"));
}

// The operation may run twice for the same msg, or looks for its row before it begins.
bool stands_repeats(const PendingHandler& handler) {
    bool harmless = true;
    bool looks = false;
    for_each_step(handler, [&](const Node& step) {
        harmless = harmless && may_repeat(step);
        const Node* condition = string_at(step, "if");
        if (!condition) return;
        const std::string& text = condition->text;
        looks = looks || (text.find("msg.") != std::string::npos &&
                          text.find(" in store.") != std::string::npos);
    });
    return harmless || looks;
}

// ---- short-timeout
// -------------------------------------------------------------------------------

// How long operations take at least, nested timeouts that are said included.
class Durations {
public:
    explicit Durations(const LintContext& context)
        : context_(context), found_(context.load.names.handlers.size()) {}

    // There and back, and the callee.
    Nanos of_call(const Node& call, OperationId operation, ServiceId from) {
        const std::uint32_t handler = context_.uses.handler_of(operation);
        if (handler == Index<void>::absent) return 0;
        const Nanos way = least_way(call, operation, from);
        return add_saturating(add_saturating(way, way), of_handler(handler));
    }

    Nanos of_handler(std::uint32_t handler) {
        std::optional<Nanos>& found = found_[handler];
        if (found) return *found;
        found = 0;  // of what comes round in a circle nothing is certain
        const PendingHandler& pending = context_.load.names.handlers[handler];
        const program::Handler& row = context_.program[pending.handler];
        Nanos sum = row.takes.least();
        if (pending.steps) sum = add_saturating(sum, of_steps(*pending.steps, row.service));
        found = sum;
        return sum;
    }

private:
    Nanos of_steps(const Node& steps, ServiceId service) {
        if (steps.is(Node::Kind::object)) return of_step(steps, service);
        Nanos sum = 0;
        for (const Node& step : steps.items) sum = add_saturating(sum, of_step(step, service));
        return sum;
    }

    Nanos of_step(const Node& step, ServiceId service) {
        if (step.find("wait")) return time_at(step, "wait", 0);
        if (const Node* name = string_at(step, "call")) {
            if (step.find("timeout")) return time_at(step, "timeout", 0);
            const OperationId operation = context_.uses.find(name->text);
            return operation ? of_call(step, operation, service) : 0;
        }
        if (const Node* body = step.find("step") ? step.find("do") : nullptr) {
            return of_steps(*body, service);
        }
        const Node* mode = string_at(step, "mode");
        const Node* branches = object_at(step, "parallel");
        Nanos longest = 0;
        if (!branches || (mode && mode->text == "any")) return 0;
        for (const Member& branch : branches->members) {
            longest = std::max(longest, of_steps(branch.value, service));
        }
        return longest;
    }

    [[nodiscard]] Nanos least_way(const Node& call, OperationId operation, ServiceId from) const {
        const program::Program& program = context_.program;
        const Node* via = string_at(call, "via");
        if (via && via->text == "bus") return program.bus.topics[operation.value].latency.least();
        const ServiceId to = program[operation].service;
        for (const program::LinkLatency& link : program.network.links) {
            if (link.from == from && link.to == to) return link.latency.least();
        }
        return program.network.latency.least();
    }

    const LintContext& context_;
    std::vector<std::optional<Nanos>> found_;  // by position in Names::handlers
};

}  // namespace

void lint_retries(const LintContext& context) {
    std::vector<std::optional<bool>> stands(context.load.names.handlers.size());
    for (const MessageUse& use : context.uses.messages()) {
        const Member* retry = use.verb == Verb::call ? use.step->member("retry") : nullptr;
        if (!retry || use.step->find("idempotencyKey")) continue;
        const std::uint32_t callee = context.uses.handler_of(use.operation);
        if (callee == Index<void>::absent) continue;
        if (context.program[use.operation].kind != program::OperationKind::api) continue;
        const bool in_saga =
            use.handler != Index<void>::absent &&
            context.program[context.load.names.handlers[use.handler].handler].saga.valid();
        const Node* policy = policy_of(context, retry->value);
        if (in_saga || !policy || !repeats_unknown(*policy)) continue;
        if (!stands[callee]) stands[callee] = stands_repeats(context.load.names.handlers[callee]);
        if (*stands[callee]) continue;
        context.report.warn(Lint::retry_without_key, retry->key_place,
                            quoted(use.name->text) +
                                " is tried again without an idempotency key: it may be done twice");
    }
}

void lint_timeouts(const LintContext& context) {
    Durations durations(context);
    const auto look = [&](Nanos timeout, Nanos least, const Place& place, const std::string& what) {
        if (timeout >= least) return;
        context.report.warn(Lint::short_timeout, place,
                            "the timeout of " + format_time(timeout) + " is shorter than the " +
                                format_time(least) + " that " + what);
    };
    for (const MessageUse& use : context.uses.messages()) {
        if (use.verb != Verb::call) continue;
        const Node* timeout = use.step->find("timeout");
        look(time_at(*use.step, "timeout", second),
             durations.of_call(*use.step, use.operation, use.from),
             timeout ? timeout->place : use.name->place,
             quoted(use.name->text) + " may take, there and back");
    }
    for (const program::Gateway& gateway : context.program.gateways) {
        const std::string& owner = context.program[gateway.service].name;
        const Node* routes =
            object_at(*context.load.names.services.find(owner)->second.node, "routes");
        for (const program::Route& route : gateway.routes) {
            const std::string& name = context.program[route.operation].name;
            const Node* node = routes ? object_at(*routes, name) : nullptr;
            const Node* timeout = node ? string_at(*node, "timeout") : nullptr;
            if (!timeout) continue;
            look(route.timeout, durations.of_handler(context.uses.handler_of(route.operation)),
                 timeout->place, quoted(name) + " may take");
        }
    }
}

}  // namespace sagalab::language
