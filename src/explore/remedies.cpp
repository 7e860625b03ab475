#include "explore/remedies.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "explore/mutants.h"
#include "explore/pairs.h"
#include "program/points.h"

namespace sagalab::explore {

using program::Adversity;
using program::Handler;
using program::Op;
using program::Program;
using program::Service;

namespace {

struct Remedy {
    std::string name;
    std::function<void(Program&)> change;
    std::vector<std::string> parts;  // by name: where one of these is enough, it is not needed
};

bool writes_and_sends(const Program& program, const Handler& handler) {
    bool writes = false;
    bool sends = false;
    for (const program::Instruction& step : program.code_of(handler)) {
        writes = writes || step.table.valid();
        sends = sends || step.op == Op::publish || step.op == Op::send;
    }
    return writes && sends;
}

bool calls(const Program& program, const Handler& handler, OperationId operation) {
    return std::ranges::any_of(program.code_of(handler), [&](const program::Instruction& step) {
        return step.op == Op::call && program.calls[step.call].operation == operation;
    });
}

// `meta.id`: it names what is handled, and is the same in each attempt of what it calls.
ExpressionId handled_id(Program& program) {
    program::Expression expression;
    program::ExpressionStep step{};
    step.op = program::ExpressionOp::meta;
    step.operand = static_cast<std::uint32_t>(program::MetaField::id);
    expression.code.push_back(step);
    expression.stack_max = 1;
    expression.reads_meta = true;
    program.expressions.push_back(std::move(expression));
    return ExpressionId(program.expressions.size() - 1);
}

class Fitting {
public:
    Fitting(const Program& program, const SiteSet& sites) : program_(program), sites_(sites) {}

    std::vector<Remedy> all() {
        for (SiteWord site : sites_) {
            const FaultSite at = site_of(site);
            if (at.kind == Adversity::crash) crash(at);
            if (at.kind == Adversity::duplicate) inbox(at.service);
            if (at.kind == Adversity::pause) pause(at.service);
            if (at.kind == Adversity::partition) cut(at.service, ServiceId(at.place));
            if (is_of_message(at.kind)) unanswered(OperationId(at.place));
        }
        fences();
        versions();
        return std::move(fitting_);
    }

private:
    static bool is_of_message(Adversity kind) {
        return kind == Adversity::drop || kind == Adversity::drop_reply || kind == Adversity::delay;
    }

    void add(std::string name, std::function<void(Program&)> change,
             std::vector<std::string> parts = {}) {
        bool known = std::ranges::any_of(fitting_,
                                         [&](const Remedy& remedy) { return remedy.name == name; });
        if (!known) fitting_.push_back({std::move(name), std::move(change), std::move(parts)});
    }

    // What was written stays, what was not sent is gone; and what is handled again is done twice.
    void crash(const FaultSite& at) {
        if (at.place == Index<void>::absent) return;
        const Handler& handler = program_[program_.points[at.place].handler];
        const Service& service = program_[at.service];
        const std::size_t id = at.service.value;
        const bool forgets = !service.outbox && writes_and_sends(program_, handler);
        if (forgets) {
            add("an outbox in " + service.name,
                [id](Program& program) { program.services[id].outbox = true; });
        }
        inbox(at.service);
        if (forgets && !service.inbox) {
            add("an outbox and an inbox in " + service.name,
                [id](Program& program) {
                    program.services[id].outbox = true;
                    program.services[id].inbox = true;
                },
                {"an outbox in " + service.name, inbox_of(service)});
        }
        checkpoint(handler);
        unanswered(handler.operation);
    }

    // Whoever calls it, or is called by it, may give up meanwhile; and another replica may take
    // over, and call again.
    void pause(ServiceId service) {
        for (const Pair& pair : talking_pairs(program_)) {
            if (pair.a == service || pair.b == service) unanswered(pair);
        }
        if (program_[service].replicas < 2) return;
        for (const program::Saga& saga : program_.sagas) {
            if (program_[saga.handler].service == service) called_again(saga);
        }
    }

    void cut(ServiceId a, ServiceId b) {
        for (const Pair& pair : talking_pairs(program_)) {
            if (pair.a == a && pair.b == b) unanswered(pair);
        }
    }

    void called_again(const program::Saga& saga) {
        const Handler& handler = program_[saga.handler];
        const Service& caller = program_[handler.service];
        for (const program::Instruction& step : program_.code_of(handler)) {
            if (step.op != Op::call) continue;
            const OperationId operation = program_.calls[step.call].operation;
            if (!operation || !lacks_inbox(program_[operation].service)) continue;
            const ServiceId callee = program_[operation].service;
            inbox(callee);
            if (caller.fencing) continue;
            fence(handler.service);
            const std::string fenced = fence_of(caller);
            const std::string own = inbox_of(program_[callee]);
            add(fenced + " and " + own,
                [at = handler.service.value, of = callee.value](Program& program) {
                    program.services[at].fencing = true;
                    program.services[of].inbox = true;
                },
                {fenced, own});
        }
    }

    void unanswered(const Pair& pair) {
        for (OperationId operation : pair.operations) unanswered(operation);
    }

    // A call of it may have had its effect, though nobody was told.
    void unanswered(OperationId operation) {
        if (!operation) return;
        unknown(operation);
        keys(operation);
    }

    [[nodiscard]] bool lacks_inbox(ServiceId service) const {
        return service && program_[service].kind == program::ServiceKind::service &&
               !program_[service].inbox;
    }

    static std::string inbox_of(const Service& service) { return "an inbox in " + service.name; }
    static std::string fence_of(const Service& service) {
        return "fencing of the replicas of " + service.name;
    }

    void inbox(ServiceId service) {
        if (!lacks_inbox(service)) return;
        const std::size_t id = service.value;
        add(inbox_of(program_[service]),
            [id](Program& program) { program.services[id].inbox = true; });
    }

    void checkpoint(const Handler& handler) {
        if (handler.kind != program::HandlerKind::projection) return;
        const std::uint32_t id = program_[handler.operation].target;
        const program::Projection& projection = program_.projections[id];
        if (projection.checkpoint == program::Checkpoint::atomic) return;
        const program::Table& table = program_[projection.table];
        add("the checkpoint of " + program_[table.service].name + "." + table.name +
                " in one commit with its rows",
            [id](Program& program) {
                program.projections[id].checkpoint = program::Checkpoint::atomic;
            });
    }

    void unknown(OperationId operation) {
        for (std::size_t i = 0; i < program_.sagas.size(); ++i) {
            const program::Saga& saga = program_.sagas[i];
            if (saga.scope != program::CompensationScope::completed) continue;
            if (!calls(program_, program_[saga.handler], operation)) continue;
            add("the scope completed-or-unknown in " + program_[saga.operation].label,
                [i](Program& program) {
                    program.sagas[i].scope = program::CompensationScope::completed_or_unknown;
                });
        }
    }

    // Each attempt of a call is a message of its own. In a saga there is a key without asking.
    void keys(OperationId operation) {
        for (const Handler& handler : program_.handlers) {
            if (handler.saga) continue;
            for (const program::Instruction& step : program_.code_of(handler)) {
                if (step.op == Op::call && program_.calls[step.call].operation == operation) {
                    key(handler, step.call);
                }
            }
        }
    }

    void key(const Handler& handler, std::uint32_t call) {
        const program::Call& spec = program_.calls[call];
        if (spec.idempotency_key || !spec.retry) return;
        const program::Operation& callee = program_[spec.operation];
        const std::string name = "an idempotency key where " + program_[handler.service].display +
                                 "." + handler.name + " calls " + callee.label;
        auto change = [call](Program& program) {
            program.calls[call].idempotency_key = handled_id(program);
        };
        add(name, change);
        if (!callee.service || program_[callee.service].inbox) return;
        const std::size_t id = callee.service.value;
        add(name + " and an inbox in " + program_[callee.service].name,
            [change, id](Program& program) {
                change(program);
                program.services[id].inbox = true;
            },
            {name});
    }

    void fences() {
        for (std::size_t i = 0; i < program_.services.size(); ++i) fence(ServiceId(i));
    }

    void fence(ServiceId service) {
        if (program_[service].replicas < 2 || program_[service].fencing) return;
        const std::size_t id = service.value;
        add(fence_of(program_[service]),
            [id](Program& program) { program.services[id].fencing = true; });
    }

    void versions() {
        for (std::size_t i = 0; i < program_.handlers.size(); ++i) {
            const Handler& handler = program_.handlers[i];
            for (const program::Instruction& step : program_.code_of(handler)) {
                if (step.op != Op::append) continue;
                const std::uint32_t append = step.call;
                if (!is_at_any_version(program_, program_.appends[append])) continue;
                add("an expected version where " + program_[handler.service].name + "." +
                        handler.name + " appends",
                    [i, append](Program& program) {
                        program.appends[append].expected = ExpressionId();
                        program.handlers[i].tracks_reads = true;
                    });
            }
        }
    }

    const Program& program_;
    const SiteSet& sites_;
    std::vector<Remedy> fitting_;
};

program::Site place_of(const Program& program, const FaultSite& at) {
    program::Site place;
    place.service = at.service;
    if (at.place == Index<void>::absent) return place;
    switch (at.kind) {
        case Adversity::crash:
        case Adversity::stall:
            place.service = ServiceId();
            place.point = program::point_name(program, program.points[at.place]);
            break;
        case Adversity::fail_store:
            place.service = ServiceId();
            place.table = TableId(at.place);
            break;
        case Adversity::partition: place.peer = ServiceId(at.place); break;
        case Adversity::delay:
        case Adversity::duplicate:
        case Adversity::drop:
        case Adversity::drop_reply:
        case Adversity::reject:
        case Adversity::fail:
            place.service = ServiceId();
            place.operation = OperationId(at.place);
            place.part = at.reply ? program::Site::Part::reply : program::Site::Part::request;
            break;
        case Adversity::pause:
        case Adversity::count: break;
    }
    return place;
}

// As many faults, each of its kind and at its place.
program::Exploration at_the_same_places(const Program& program, const program::Exploration& bounds,
                                        const SiteSet& sites) {
    program::Exploration same = bounds;
    same.only.clear();
    same.faults = static_cast<std::uint32_t>(sites.size());
    for (program::Budget& budget : same.budgets) {
        budget.max = 0;
        budget.only.clear();
    }
    for (SiteWord word : sites) {
        const FaultSite at = site_of(word);
        ++same.budget(at.kind).max;
        same.budget(at.kind).only.push_back(place_of(program, at));
    }
    return same;
}

constexpr std::uint64_t most_states = 20'000;

bool holds(const Program& program, const program::Exploration& bounds, const Cause& cause,
           const SearchOptions& limits) {
    SearchOptions options;
    options.threads = limits.threads;
    options.reduce = limits.reduce;
    options.stop = limits.stop;
    options.out_of_time = limits.out_of_time;
    options.keep_going = true;
    options.states = most_states;
    const SearchResult result = search(program, bounds, options);
    return result.why.empty() && std::ranges::none_of(result.causes, [&](const Cause& other) {
               return other.kind == cause.kind && other.name == cause.name;
           });
}

}  // namespace

std::vector<std::string> remedies(const Program& program, const program::Exploration& bounds,
                                  const Cause& cause, const SiteSet& sites,
                                  const SearchOptions& limits) {
    std::vector<std::string> names;
    if (cause.kind == expect::Kind::settles) return names;
    const program::Exploration same = at_the_same_places(program, bounds, sites);
    for (const Remedy& remedy : Fitting(program, sites).all()) {
        bool enough = std::ranges::any_of(remedy.parts, [&](const std::string& part) {
            return std::ranges::find(names, part) != names.end();
        });
        if (enough) continue;
        Program mended = program;
        remedy.change(mended);
        if (holds(mended, same, cause, limits)) names.push_back(remedy.name);
    }
    return names;
}

}  // namespace sagalab::explore
