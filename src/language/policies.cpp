#include "language/policies.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "language/load_values.h"

namespace sagalab::language {

namespace {

using program::Outcome;

std::uint32_t small_count(const Node& node, std::string_view key, std::uint32_t fallback) {
    const std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::min(count_at(node, key, fallback), most));
}

// "unknown", "failed", "rejected:Throttled"
void load_retry_on(LoadContext& context, const Node& text, program::Retry& retry) {
    const std::size_t colon = text.text.find(':');
    const std::string_view word = std::string_view(text.text).substr(0, colon);
    program::Retry::On on{Outcome::unknown, Value()};
    if (word == "rejected") {
        on.outcome = Outcome::rejected;
    } else if (word == "failed") {
        on.outcome = Outcome::failed;
    } else if (word != "unknown") {
        const std::vector<std::string> words = {"failed", "rejected", "unknown"};
        context.diagnostics.unknown_name(text.place, "outcome", word, words);
        return;
    }
    if (colon != std::string::npos) on.code = Value(text.text.substr(colon + 1));
    retry.on.push_back(on);
}

PolicyId add_retry(LoadContext& context, const Node& node, std::string name) {
    program::Retry retry;
    retry.name = std::move(name);
    retry.max_attempts = small_count(node, "maxAttempts", retry.max_attempts);
    const Node* attempts = string_at(node, "maxAttempts");
    if (attempts && attempts->text == "forever") retry.max_attempts = 0;
    retry.delay = time_at(node, "delay", retry.delay);
    retry.backoff_millionths = factor_at(node, "backoff", retry.backoff_millionths);
    retry.max_delay = time_at(node, "maxDelay", retry.max_delay);
    const Node* jitter = string_at(node, "jitter");
    retry.jitter = jitter && jitter->text == "full";
    retry.max_elapsed = time_at(node, "maxElapsed", never);
    if (const Node* on = array_at(node, "on")) {
        if (on->items.empty()) {
            context.error(on->place, "\"on\" names nothing to try again after");
        }
        for (const Node& item : on->items) {
            if (item.is(Node::Kind::string)) load_retry_on(context, item, retry);
        }
    }
    context.program.retries.push_back(std::move(retry));
    return PolicyId(context.program.retries.size() - 1);
}

PolicyId add_breaker(LoadContext& context, const Node& node, std::string name) {
    program::Breaker breaker;
    breaker.name = std::move(name);
    breaker.failures = small_count(node, "failures", breaker.failures);
    breaker.within = time_at(node, "within", breaker.within);
    breaker.open = time_at(node, "open", breaker.open);
    breaker.probes = small_count(node, "probes", breaker.probes);
    context.program.breakers.push_back(std::move(breaker));
    return PolicyId(context.program.breakers.size() - 1);
}

PolicyId find_policy(LoadContext& context, const NameMap<PolicyId>& policies, const Node& name,
                     std::string_view kind) {
    const auto found = policies.find(name.text);
    if (found != policies.end()) return found->second;
    context.diagnostics.unknown_name(name.place, kind, name.text, keys_of(policies));
    return {};
}

}  // namespace

PolicyId retry_of(LoadContext& context, const Node& owner) {
    if (const Node* name = string_at(owner, "retry")) {
        return find_policy(context, context.retries, *name, "retry policy");
    }
    const Node* written = object_at(owner, "retry");
    return written ? add_retry(context, *written, "") : PolicyId();
}

PolicyId breaker_of(LoadContext& context, const Node& owner) {
    if (const Node* name = string_at(owner, "breaker")) {
        return find_policy(context, context.breakers, *name, "breaker policy");
    }
    const Node* written = object_at(owner, "breaker");
    return written ? add_breaker(context, *written, "") : PolicyId();
}

PolicyId built_in_retry(LoadContext& context, bool forever) {
    PolicyId& id = forever ? context.forever_retry : context.undo_retry;
    if (id) return id;
    program::Retry retry;
    retry.name = forever ? "until it succeeds" : "of a compensation";
    if (forever) retry.max_attempts = 0;
    retry.unasked = true;
    id = PolicyId(context.program.retries.size());
    context.program.retries.push_back(std::move(retry));
    return id;
}

void load_policies(LoadContext& context) {
    const Node* policies = object_at(context.root, "policies");
    if (!policies) return;
    if (const Node* retries = object_at(*policies, "retry")) {
        for (const Member& member : retries->members) {
            context.retries[member.key] = add_retry(context, member.value, member.key);
        }
    }
    if (const Node* breakers = object_at(*policies, "breaker")) {
        for (const Member& member : breakers->members) {
            context.breakers[member.key] = add_breaker(context, member.value, member.key);
        }
    }
}

}  // namespace sagalab::language
