#include "explore/footprint.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "expect/always.h"
#include "program/eval.h"
#include "world/settle.h"

namespace sagalab::explore {

using program::ExpressionOp;
using program::ExpressionStep;
using program::Instruction;
using program::Op;
using program::Program;

Value Origin::of(const Value& message) const {
    const Value* found = kind == Kind::constant ? &constant : &message;
    if (kind == Kind::unknown) return {};
    for (const Value& name : path) {
        if (!found->is(Value::Kind::map)) return {};
        found = found->find(name.text());
        if (!found) return {};
    }
    return *found;
}

Origin Origin::field(const Value& name) const {
    Origin inner = *this;
    if (kind == Kind::constant) {
        const Value* found = constant.is(Value::Kind::map) ? constant.find(name.text()) : nullptr;
        if (!found) return {};
        inner.constant = *found;
        return inner;
    }
    if (kind == Kind::message) inner.path.push_back(name);
    return inner;
}

Origin Origin::through(const std::vector<std::pair<Value, Origin>>& sent,
                       const Origin& whole) const {
    if (kind != Kind::message) return *this;
    Origin seen = whole;
    std::size_t begin = 0;
    if (!path.empty()) {
        auto found = std::find_if(sent.begin(), sent.end(),
                                  [&](const auto& field) { return field.first == path[0]; });
        if (found != sent.end()) {
            seen = found->second;
            begin = 1;
        }
    }
    for (std::size_t i = begin; i < path.size(); ++i) seen = seen.field(path[i]);
    return seen;
}

std::uint64_t Footprints::key_of(const Value& value) {
    if (value.is(Value::Kind::string)) return value.hash() | 1U;
    if (value.is(Value::Kind::integer)) return Value(std::to_string(value.integer())).hash() | 1U;
    return 0;
}

namespace {

void add(std::vector<Access>& accesses, const Access& access) {
    if (std::find(accesses.begin(), accesses.end(), access) == accesses.end()) {
        accesses.push_back(access);
    }
}

// A record under construction, or a single origin.
struct Symbol {
    Origin origin;
    bool record = false;
    std::vector<std::pair<Value, Origin>> fields;
};

// How many values an operation takes that leaves one of its own; nothing for all others.
std::optional<std::size_t> operands_of(ExpressionOp op) {
    switch (op) {
        case ExpressionOp::meta: return 0;
        case ExpressionOp::negate:
        case ExpressionOp::logical_not:
        case ExpressionOp::has_field:
        case ExpressionOp::row:
        case ExpressionOp::has_row: return 1;
        case ExpressionOp::index: return 2;
        default: break;
    }
    bool binary = op >= ExpressionOp::add && op <= ExpressionOp::in;
    return binary ? std::optional<std::size_t>(2) : std::nullopt;
}

// The symbol that an expression leaves, where it is simple enough to tell.
Symbol symbol_of(const Program& program, ExpressionId id) {
    Symbol unknown;
    if (!id) return unknown;
    std::vector<Symbol> stack;
    for (const ExpressionStep& step : program[id].code) {
        Symbol symbol;
        switch (step.op) {
            case ExpressionOp::constant:
                symbol.origin.kind = Origin::Kind::constant;
                symbol.origin.constant = program.constants[step.operand];
                break;
            case ExpressionOp::slot:
                if (step.operand == 0) symbol.origin.kind = Origin::Kind::message;
                break;
            case ExpressionOp::slot_field:
                if (step.operand == 0) {
                    symbol.origin.kind = Origin::Kind::message;
                    symbol.origin.path.push_back(program.constants[step.extra]);
                }
                break;
            case ExpressionOp::field:
                if (stack.empty()) return unknown;
                symbol.origin = stack.back().record
                                    ? Origin()
                                    : stack.back().origin.field(program.constants[step.operand]);
                stack.pop_back();
                break;
            case ExpressionOp::concat:
                if (step.operand != 1 || stack.empty()) return unknown;
                continue;
            case ExpressionOp::make_record: {
                if (stack.size() < step.operand) return unknown;
                symbol.record = true;
                std::size_t first = stack.size() - step.operand;
                for (std::uint32_t i = 0; i < step.operand; ++i) {
                    const Symbol& part = stack[first + i];
                    symbol.fields.emplace_back(program.constants[step.extra + i],
                                               part.record ? Origin() : part.origin);
                }
                stack.resize(first);
                break;
            }
            default: {
                const std::optional<std::size_t> operands = operands_of(step.op);
                if (!operands || stack.size() < *operands) return unknown;
                stack.resize(stack.size() - *operands);
            }
        }
        stack.push_back(std::move(symbol));
    }
    return stack.size() == 1 ? stack.back() : unknown;
}

}  // namespace

Origin origin_of(const Program& program, ExpressionId id) {
    Symbol symbol = symbol_of(program, id);
    return symbol.record ? Origin() : symbol.origin;
}

Origin origin_before(const Program& program, const std::vector<ExpressionStep>& code,
                     std::size_t at) {
    Origin origin;
    if (at == 0) return origin;
    const ExpressionStep& key = code[at - 1];
    if (key.op == ExpressionOp::constant) {
        origin.kind = Origin::Kind::constant;
        origin.constant = program.constants[key.operand];
    } else if (key.op == ExpressionOp::slot_field && key.operand == 0) {
        origin.kind = Origin::Kind::message;
        origin.path.push_back(program.constants[key.extra]);
    } else if (key.op == ExpressionOp::field && at >= 2 &&
               code[at - 2].op == ExpressionOp::slot_field && code[at - 2].operand == 0) {
        origin.kind = Origin::Kind::message;
        origin.path.push_back(program.constants[code[at - 2].extra]);
        origin.path.push_back(program.constants[key.operand]);
    }
    return origin;
}

class FootprintBuilder {
public:
    FootprintBuilder(const Program& program, const program::Exploration& bounds, Footprints& target)
        : program_(program), bounds_(bounds), target_(target) {}

    void build() {
        const std::size_t count = program_.handlers.size();
        target_.own_.resize(count);
        edges_.resize(count);
        note_claims();
        target_.crashable_ = struck_by(program::Adversity::crash);
        target_.pausable_ = struck_by(program::Adversity::pause);
        target_.cuts_ = bounds_.budget(program::Adversity::partition).max > 0;
        timed_.resize(count);
        ways_.resize(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            handler(HandlerId(i));
            timed_[i] = timed_[i] || waits_ || comes_again(HandlerId(i));
        }
        target_.future_ = target_.own_;
        for (std::uint32_t i = 0; i < count; ++i) {
            if (timed_[i]) add(target_.future_[i], {resource(ResourceKind::time), true, {}, {}});
            for (std::uint64_t way : ways_[i]) add(target_.future_[i], {way, false, {}, {}});
        }
        close();
    }

private:
    void note_claims() {
        claims_.resize(program_.tables.size());
        const std::vector<program::Claim>& claims = program_.expect.always;
        for (std::uint32_t i = 0; i < claims.size(); ++i) {
            bool by_key = expect::range_by_key(program_[claims[i].expression]).valid();
            for (TableId table : claims[i].tables) claims_[table.value].push_back({i, by_key});
        }
    }

    // Which services a budget of this kind may strike.
    [[nodiscard]] std::vector<bool> struck_by(program::Adversity kind) const {
        const program::Budget& budget = bounds_.budget(kind);
        std::vector<bool> struck;
        for (const program::Service& service : program_.services) {
            ServiceId id(static_cast<std::size_t>(&service - program_.services.data()));
            auto fits = [&](const std::vector<program::Site>& sites) {
                return sites.empty() ||
                       std::any_of(sites.begin(), sites.end(), [&](const program::Site& site) {
                           bool elsewhere = site.service && site.service != id;
                           return !elsewhere;
                       });
            };
            struck.push_back(budget.max > 0 && service.kind == program::ServiceKind::service &&
                             fits(budget.only) && fits(bounds_.only));
        }
        return struck;
    }

    std::vector<Access>& own() { return target_.own_[now_.value]; }
    [[nodiscard]] ServiceId here() const { return program_[now_].service; }

    void touch(ResourceKind kind, std::uint64_t number, bool write, const Origin& key = {}) {
        add(own(), {resource(kind, number), write, {}, key});
    }

    void write_row(TableId table, const Origin& key) {
        touch(ResourceKind::table, table.value, true, key);
        for (const auto& [claim, by_key] : claims_[table.value]) {
            touch(ResourceKind::claim, claim, true, by_key ? key : Origin());
        }
    }

    void read(ExpressionId id) {
        if (!id) return;
        const std::vector<ExpressionStep>& code = program_[id].code;
        for (std::size_t at = 0; at < code.size(); ++at) {
            const ExpressionStep& step = code[at];
            switch (step.op) {
                case ExpressionOp::row:
                case ExpressionOp::has_row:
                    touch(ResourceKind::table, step.extra, false,
                          origin_before(program_, code, at));
                    break;
                case ExpressionOp::table:
                case ExpressionOp::get_row:
                case ExpressionOp::table_size: touch(ResourceKind::table, step.extra, false); break;
                case ExpressionOp::macro_table:  // its own number is of the service
                    touch(ResourceKind::table, code[at + 1].extra, false);
                    break;
                default: break;
            }
        }
    }

    void handler(HandlerId id) {
        now_ = id;
        const program::Handler& spec = program_[id];
        const program::Service& service = program_[spec.service];
        waits_ = false;
        if (spec.kind == program::HandlerKind::projection) return projection(spec);
        if (spec.saga) begin_saga(program_[spec.saga]);
        for (const Instruction& step : program_.code_of(spec)) instruction(step);
        if (awaited(spec)) touch(ResourceKind::awaiting, spec.service.value, true);
        bool takes = spec.takes.kind != program::Latency::Kind::constant || spec.takes.low != 0;
        if (takes || service.workers != 0 || service.replicas > 1) {
            touch(ResourceKind::busy, spec.service.value, true);
            waits_ = waits_ || takes;
        }
        bool stalls = bounds_.budget(program::Adversity::stall).max > 0;
        if (waits_ || stalls) touch(ResourceKind::loss, spec.service.value, false);
        // Held between the two, it leaves others of its service to send it once more.
        if (stalls && service.outbox) touch(ResourceKind::outbox, spec.service.value, true);
        goes_down(spec.service);
        stands_still(spec.service);
        for (std::uint32_t delivery : program_.expect.sequence) {
            const program::Delivery& named = program_.deliveries[delivery];
            if (named.operation == spec.operation && named.service == spec.service) {
                touch(ResourceKind::sequence, 0, true);
            }
        }
        if (spec.kind == program::HandlerKind::route) {
            touch(ResourceKind::limiter, spec.service.value, true);
            touch(ResourceKind::loss, spec.service.value, false);
        }
        faults();
    }

    // Somebody in the service may be waiting for the event.
    [[nodiscard]] bool awaited(const program::Handler& spec) const {
        if (!spec.operation) return false;
        return std::any_of(program_.code.begin(), program_.code.end(), [&](const auto& step) {
            return step.op == Op::await_event && step.operation == spec.operation;
        });
    }

    // A failed delivery is repeated after a while.
    [[nodiscard]] bool comes_again(HandlerId id) const {
        const program::Handler& spec = program_[id];
        if (!spec.operation) return false;
        const program::Topic& topic = program_.bus.topics[spec.operation.value];
        return topic.at_least_once && topic.max_deliveries > 1;
    }

    // Counters of scripted faults, and windows of time, are everybody's.
    void faults() {
        if (!program_.faults.empty()) touch(ResourceKind::faults, 0, true);
    }

    void begin_saga(const program::Saga& saga) {
        waits_ = true;
        read(saga.id);
        saga_key_ = origin_of(program_, saga.id);
        write_row(saga.table, saga_key_);
    }

    void projection(const program::Handler& spec) {
        for (const program::Projection& each : program_.projections) {
            if (each.feed == spec.operation) write_row(each.table, {});
        }
        goes_down(spec.service);
        if (program_[spec.service].replicas > 1) {
            touch(ResourceKind::busy, spec.service.value, true);
        }
        stands_still(spec.service);
        faults();
    }

    void goes_down(ServiceId service) {
        if (!target_.crashable_[service.value]) return;
        touch(ResourceKind::up, service.value, true);
        touch(ResourceKind::loss, service.value, true);
        touch(ResourceKind::waiting, service.value, false);
        // A restart that is pinned is a timer.
        if (bounds_.budget(program::Adversity::crash).restart < at_will) timed_[now_.value] = true;
    }

    void stands_still(ServiceId service) {
        if (target_.pausable_[service.value]) touch(ResourceKind::still, service.value, false);
    }

    // What comes back goes the same way.
    void goes_to(ServiceId receiver) {
        if (target_.cuts_ && receiver != here())
            ways_[now_.value].push_back(target_.way(here(), receiver));
    }

    void instruction(const Instruction& step) {
        switch (step.op) {
            case Op::operate: touch(ResourceKind::everything, 0, true); return;
            case Op::append: append(step); return;
            case Op::call: call(step); return;
            case Op::await_event:
                waits_ = true;
                touch(ResourceKind::awaiting, here().value, true);
                break;
            case Op::wait:
            case Op::parallel: waits_ = true; break;
            case Op::insert:
            case Op::update:
            case Op::upsert:
            case Op::erase: write_row(step.table, origin_of(program_, step.key)); break;
            case Op::publish:
            case Op::send:
                if (step.time > 0) timed_[now_.value] = true;
                send(step.operation, symbol_of(program_, step.data));
                break;
            default: break;
        }
        read(step.key);
        read(step.data);
    }

    void append(const Instruction& step) {
        const program::Append& spec = program_.appends[step.call];
        const program::Aggregate& aggregate = program_.aggregates[spec.aggregate];
        read(step.key);
        read(spec.expected);
        write_row(aggregate.table, origin_of(program_, step.key));
        for (const program::AppendedEvent& event : spec.events) {
            read(event.data);
            send(event.event, symbol_of(program_, event.data));
        }
        for (std::uint32_t projection : aggregate.projections) {
            timed_[now_.value] = true;  // by its lag
            send(program_.projections[projection].feed, Symbol());
        }
    }

    void call(const Instruction& step) {
        const program::Call& spec = program_.calls[step.call];
        waits_ = true;
        read(step.data);
        read(spec.idempotency_key);
        read(spec.fallback);
        read(spec.request);
        read(spec.token);
        if (spec.breaker) touch(ResourceKind::breaker, here().value, true);
        if (spec.gateway != Index<void>::absent) {
            const program::Gateway& gateway = program_.gateways[spec.gateway];
            touch(ResourceKind::up, gateway.service.value, false);
            touch(ResourceKind::limiter, gateway.service.value, true);
            goes_to(gateway.service);
            for (const program::Route& route : gateway.routes) {
                edges_[now_.value].push_back({route.handler, {}, {}});
            }
            return;
        }
        ServiceId callee = program_[spec.operation].service;
        if (!spec.via_bus) touch(ResourceKind::up, callee.value, false);
        send(spec.operation, symbol_of(program_, step.data), !spec.via_bus);
        if (!program_[callee].inbox || !spec.idempotency_key) return;
        touch(ResourceKind::inbox, callee.value, true, origin_of(program_, spec.idempotency_key));
    }

    void send(OperationId operation, const Symbol& payload, bool by_wire = false) {
        const program::Operation& spec = program_[operation];
        for (HandlerId to : spec.handlers) {
            ServiceId receiver = program_[to].service;
            Footprints::Edge edge;
            edge.to = to;
            edge.fields = payload.fields;
            if (!payload.record) edge.whole = payload.origin;
            edges_[now_.value].push_back(std::move(edge));
            goes_to(receiver);
            const program::Topic& topic = program_.bus.topics[operation.value];
            bool joined = topic.order != program::Order::none ||
                          topic.dead_letter == program::DeadLetterMode::sequence;
            if (!by_wire && joined) {
                add(own(), {target_.link(here(), receiver), true, {}, {}});
            }
            if (program_[receiver].inbox && program_[now_].saga) {
                add(own(), {resource(ResourceKind::inbox, receiver.value), true,
                            program_[now_].saga, saga_key_});
            }
        }
    }

    // What the receivers do, seen from here, until nothing is new.
    void close() {
        for (bool changed = true; changed;) {
            changed = false;
            for (std::size_t from = 0; from < edges_.size(); ++from) {
                for (const Footprints::Edge& edge : edges_[from]) {
                    if (!edge.to) continue;
                    const std::vector<Access> theirs = target_.future_[edge.to.value];
                    for (Access access : theirs) {
                        access.key = access.key.through(edge.fields, edge.whole);
                        if (access.key.path.size() > longest_path) access.key = Origin();
                        std::size_t before = target_.future_[from].size();
                        add(target_.future_[from], access);
                        changed = changed || target_.future_[from].size() != before;
                    }
                }
            }
        }
    }

    static constexpr std::size_t longest_path = 4;

    const Program& program_;
    const program::Exploration& bounds_;
    Footprints& target_;
    HandlerId now_;
    bool waits_ = false;
    std::vector<bool> timed_;  // by HandlerId: something of a time of its own may come of it
    std::vector<std::vector<std::uint64_t>> ways_;  // by HandlerId
    Origin saga_key_;
    std::vector<std::vector<Footprints::Edge>> edges_;                 // by HandlerId
    std::vector<std::vector<std::pair<std::uint32_t, bool>>> claims_;  // by TableId
};

Footprints::Footprints(const Program& program, const program::Exploration& bounds) {
    FootprintBuilder(program, bounds, *this).build();
}

}  // namespace sagalab::explore
