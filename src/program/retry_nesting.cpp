#include "program/retry_nesting.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "program/retry.h"

namespace sagalab::program {
namespace {

constexpr std::size_t depth_max = 64;  // of handlers one in the other; further out is not looked

// 0 is without bound; what does not fit is as good as that.
std::uint64_t times(std::uint64_t a, std::uint64_t b) {
    std::uint64_t product = 0;
    if (a == 0 || b == 0 || __builtin_mul_overflow(a, b, &product)) return 0;
    return product;
}

bool more(std::uint64_t a, std::uint64_t b) { return b != 0 && (a == 0 || a > b); }

std::uint64_t count_of(const Program& program, PolicyId policy) {
    return schedule_of(program.retries[policy.value], 0, 0).count;
}

struct Chain {
    std::vector<Repeat> repeats;
    std::uint64_t product = 1;
    bool direct = false;  // the last step of the way repeats

    void add(Repeat repeat) {
        if (repeat.count == 1) return;
        product = times(product, repeat.count);
        repeats.push_back(repeat);
    }
};

class Nestings {
public:
    explicit Nestings(const Program& program)
        : program_(program), chains_(program.handlers.size()), open_(program.handlers.size()) {
        for (const SendSite& site : send_sites(program)) {
            for (const HandlerId target : targets_of(program[site.instruction])) {
                sites_[target].push_back(site);
            }
        }
    }

    std::vector<Nesting> all() {
        std::vector<Nesting> found;
        for (std::size_t i = 0; i < program_.handlers.size(); ++i) {
            const HandlerId id(i);
            cut_ = false;
            const std::optional<Chain> chain = chain_to(id, 0);
            if (!chain || chain->repeats.size() < 2) continue;
            // What only passes on what it is told says nothing new.
            if (chain->direct) found.push_back({id, chain->repeats, chain->product});
        }
        return found;
    }

private:
    [[nodiscard]] std::vector<HandlerId> targets_of(const Instruction& instruction) const {
        const OperationId operation = instruction.op == Op::call
                                          ? program_.calls[instruction.call].operation
                                          : instruction.operation;
        return operation ? program_[operation].handlers : std::vector<HandlerId>();
    }

    // The way on which it is repeated most; a circle is not gone round. What was found inside of
    // one holds only there, and is found anew elsewhere, as long as that is not too much work.
    std::optional<Chain> chain_to(HandlerId handler, std::size_t depth) {
        if (chains_[handler.value]) return chains_[handler.value];
        const bool begins = sites_.find(handler) == sites_.end() ||
                            program_[handler].kind == HandlerKind::saga || depth == depth_max;
        if (begins) return Chain();
        if (open_[handler.value]) {
            cut_ = true;
            return std::nullopt;
        }
        const bool cut_before = std::exchange(cut_, false);
        open_[handler.value] = true;
        std::optional<Chain> most = longest_to(handler, depth);
        open_[handler.value] = false;
        if (!cut_ || depth == 0 || work_ == 0) chains_[handler.value] = most;
        cut_ = cut_ || cut_before;
        return most;
    }

    // Nothing where every way comes out of a circle.
    std::optional<Chain> longest_to(HandlerId handler, std::size_t depth) {
        std::optional<Chain> most;
        for (const SendSite& site : sites_.at(handler)) {
            if (work_ > 0) --work_;
            std::optional<Chain> chain = chain_to(site.handler, depth + 1);
            if (!chain) continue;
            const std::size_t before = chain->repeats.size();
            add_site(site, handler, *chain);
            chain->direct = chain->repeats.size() > before;
            const bool longer = most && chain->product == most->product &&
                                chain->repeats.size() > most->repeats.size();
            if (!most || longer || more(chain->product, most->product)) most = std::move(chain);
        }
        return most;
    }

    // From the handler of the site to its target, the outermost first.
    void add_site(const SendSite& site, HandlerId target, Chain& chain) const {
        const Instruction& instruction = program_[site.instruction];
        if (site.step != Index<void>::absent) add_saga_step(site, chain);
        OperationId operation = instruction.operation;
        bool by_bus = true;
        if (instruction.op == Op::call) {
            const Call& call = program_.calls[instruction.call];
            operation = call.operation;
            by_bus = call.via_bus;
            Repeat tries{Repeat::Kind::tries, 1, site.handler, operation, Index<void>::absent};
            if (call.retry) tries.count = count_of(program_, call.retry);
            chain.add(tries);
        }
        const Topic& topic = program_.bus.topics[operation.value];
        if (!by_bus || !topic.at_least_once) return;
        chain.add({Repeat::Kind::deliveries, topic.max_deliveries, target, operation,
                   Index<void>::absent});
    }

    void add_saga_step(const SendSite& site, Chain& chain) const {
        const Saga& saga = program_[program_[site.handler].saga];
        Repeat repeat{Repeat::Kind::undos, 1, site.handler, OperationId(), site.step};
        if (site.undo) {
            const bool again = saga.on_failure == UndoFailure::retry_then_park;
            if (again) repeat.count = count_of(program_, saga.undo_retry);
        } else if (saga.steps[site.step].kind != StepKind::compensatable) {
            repeat.kind = Repeat::Kind::steps;
            repeat.count = count_of(program_, saga.retriable_retry);
        }
        chain.add(repeat);
    }

    const Program& program_;
    std::map<HandlerId, std::vector<SendSite>> sites_;  // by whom they reach
    std::vector<std::optional<Chain>> chains_;          // by handler
    std::vector<bool> open_;
    bool cut_ = false;                // a circle was not gone round
    std::uint64_t work_ = 1'000'000;  // sites that may be looked at while some are found anew
};

// By handler, what is tried in it and how long that may last.
using Tries = std::map<HandlerId, std::vector<std::pair<RetryUse, Nanos>>>;

Tries tries_by_handler(const Program& program) {
    Tries tries;
    for (const RetryUse& use : retry_uses(program)) {
        const Retry& retry = program.retries[use.retry.value];
        if (retry.unasked) continue;
        const Schedule schedule = schedule_of(retry, use.timeout, 0);
        if (schedule.count == 1) continue;
        tries[use.handler].emplace_back(use, schedule.most_end);
    }
    return tries;
}

void look(const Tries& tries, HandlerId callee, const ShortTimeout& of_call,
          std::vector<ShortTimeout>& found) {
    const auto within = tries.find(callee);
    if (within == tries.end()) return;
    for (const auto& [use, most_end] : within->second) {
        if (most_end <= of_call.timeout) continue;
        ShortTimeout short_one = of_call;
        short_one.within = use;
        short_one.most_end = most_end;
        found.push_back(short_one);
    }
}

}  // namespace

std::vector<Nesting> nested_retries(const Program& program) { return Nestings(program).all(); }

std::vector<ShortTimeout> short_timeouts(const Program& program) {
    const Tries tries = tries_by_handler(program);
    std::vector<ShortTimeout> found;
    for (const SendSite& site : send_sites(program)) {
        const Instruction& instruction = program[site.instruction];
        if (instruction.op != Op::call) continue;
        const Call& call = program.calls[instruction.call];
        if (!call.operation) continue;
        ShortTimeout of_call;
        of_call.caller = site.handler;
        of_call.operation = call.operation;
        of_call.timeout = call.timeout;
        of_call.source = instruction.source;
        for (const HandlerId callee : program[call.operation].handlers) {
            look(tries, callee, of_call, found);
        }
    }
    for (const Gateway& gateway : program.gateways) {
        for (const Route& route : gateway.routes) {
            ShortTimeout of_route;
            of_route.operation = route.operation;
            of_route.timeout = route.timeout;
            of_route.source = program[route.handler].source;
            look(tries, route.handler, of_route, found);
        }
    }
    return found;
}

}  // namespace sagalab::program
