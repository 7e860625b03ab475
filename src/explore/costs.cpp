#include "explore/costs.h"

#include <algorithm>
#include <set>
#include <utility>

#include "expect/always.h"
#include "explore/footprint.h"
#include "explore/loops.h"
#include "program/eval.h"
#include "program/told_apart.h"
#include "world/handler.h"

namespace sagalab::explore {
namespace {

using program::Expression;
using program::ExpressionOp;
using program::Instruction;
using program::LogUse;
using program::MetaField;
using program::Op;
using program::Program;

using Places = std::set<std::pair<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>>;

// Every expression of a step.
template <class Visit>
void each_expression(const Program& program, const Instruction& step, Visit&& visit) {
    visit(step.key);
    visit(step.data);
    if (step.op == Op::call) {
        const program::Call& call = program.calls[step.call];
        visit(call.idempotency_key);
        visit(call.fallback);
        visit(call.request);
        visit(call.token);
    }
    if (step.op != Op::append) return;
    visit(program.appends[step.call].expected);
    for (const program::AppendedEvent& event : program.appends[step.call].events) {
        visit(event.data);
    }
}

class Finder {
public:
    explicit Finder(const Program& program) : program_(program) { note_sources(); }

    std::vector<Cost> find() {
        operators();
        faults();
        services();
        tables();
        projections();
        claims();
        identities();
        logs();
        counts();
        figures();
        narrow();
        return std::move(found_);
    }

private:
    // By where they stand in the files.
    void add(const std::string& what, const std::vector<SourceId>& sources, bool broad = true) {
        Places places;
        for (SourceId source : sources) {
            if (!source) continue;
            const program::Source& at = program_[source];
            places.insert({{at.file, at.line}, at.column});
        }
        Cost cost{what, {}, broad};
        for (const auto& [line, column] : places) {
            cost.places.push_back(program_.files[line.first] + ":" + std::to_string(line.second) +
                                  ":" + std::to_string(column));
        }
        found_.push_back(std::move(cost));
    }

    void add_if(const std::string& what, const std::vector<SourceId>& sources, bool broad = true) {
        if (!sources.empty()) add(what, sources, broad);
    }

    [[nodiscard]] std::string name_of(TableId table) const {
        return program_[program_[table].service].name + "." + program_[table].name;
    }

    void note_sources() {
        sources_.resize(program_.expressions.size());
        auto note = [&](ExpressionId id, SourceId source) {
            if (id && !sources_[id.value]) sources_[id.value] = source;
        };
        for (const Instruction& step : program_.code) {
            each_expression(program_, step, [&](ExpressionId id) { note(id, step.source); });
        }
        for (const program::Saga& saga : program_.sagas) note(saga.id, saga.source);
        const program::Expect& expect = program_.expect;
        for (const auto* claims : {&expect.always, &expect.finally, &expect.sometimes}) {
            for (const program::Claim& claim : *claims) note(claim.expression, claim.source);
        }
    }

    // Where expressions stand that fit.
    template <class Fits>
    [[nodiscard]] std::vector<SourceId> where(Fits&& fits) const {
        std::vector<SourceId> sources;
        for (std::size_t i = 0; i < program_.expressions.size(); ++i) {
            if (fits(program_.expressions[i])) sources.push_back(sources_[i]);
        }
        return sources;
    }

    template <class Fits>
    [[nodiscard]] std::vector<SourceId> steps(Fits&& fits) const {
        std::vector<SourceId> sources;
        for (const Instruction& step : program_.code) {
            if (fits(step)) sources.push_back(step.source);
        }
        return sources;
    }

    void operators() {
        add_if(
            "a command of an operator touches everything: while one may come, every order is "
            "tried",
            steps([](const Instruction& step) { return step.op == Op::operate; }));
    }

    void faults() {
        std::vector<SourceId> sources;
        std::vector<SourceId> drawn;
        for (const program::Fault& fault : program_.faults) {
            sources.push_back(fault.source);
            if (fault.millionths < 1'000'000) drawn.push_back(fault.source);
        }
        add_if("scripted faults count what they strike: all that is handled depends on them",
               sources);
        add_if(
            "whether a fault strikes is drawn by a message's id: worlds are the same only where "
            "all ids are",
            drawn);
    }

    void services() {
        for (std::size_t i = 0; i < program_.services.size(); ++i) {
            const program::Service& service = program_.services[i];
            std::vector<SourceId> takes;
            for (const program::Handler& handler : program_.handlers) {
                bool none = handler.takes.kind == program::Latency::Kind::constant &&
                            handler.takes.low == 0;
                if (handler.service == ServiceId(i) && !none) takes.push_back(handler.source);
            }
            bool workers = service.workers != 0 || service.replicas > 1;
            if (workers) {
                add("workers and replicas of " + service.name +
                        " are shared: all that it handles depends on each other",
                    {service.source});
            } else {
                add_if("handlers of " + service.name +
                           " take time: all that it handles depends on them",
                       takes);
            }
        }
    }

    void note_reads(ExpressionId id, SourceId source) {
        if (!id) return;
        const auto& code = program_[id].code;
        for (std::size_t at = 0; at < code.size(); ++at) {
            switch (code[at].op) {
                case ExpressionOp::row:
                case ExpressionOp::has_row:
                    note_key(TableId(code[at].extra), origin_before(program_, code, at), source);
                    break;
                case ExpressionOp::table:
                case ExpressionOp::get_row:
                case ExpressionOp::table_size: whole_[code[at].extra].push_back(source); break;
                case ExpressionOp::macro_table: whole_[code[at + 1].extra].push_back(source); break;
                default: break;
            }
        }
    }

    void note_key(TableId table, const Origin& key, SourceId source) {
        if (key.kind == Origin::Kind::unknown) computed_[table.value].push_back(source);
    }

    void tables() {
        whole_.resize(program_.tables.size());
        computed_.resize(program_.tables.size());
        for (const program::Saga& saga : program_.sagas) {
            note_reads(saga.id, saga.source);
            note_key(saga.table, origin_of(program_, saga.id), saga.source);
        }
        for (const Instruction& step : program_.code) {
            each_expression(program_, step, [&](ExpressionId id) { note_reads(id, step.source); });
            const Origin key = origin_of(program_, step.key);
            if (step.table) note_key(step.table, key, step.source);
            if (step.op != Op::append) continue;
            const program::Append& append = program_.appends[step.call];
            note_key(program_.aggregates[append.aggregate].table, key, step.source);
        }
        for (std::size_t i = 0; i < program_.tables.size(); ++i) {
            const std::string name = name_of(TableId(i));
            add_if("the whole of " + name + " is read: that depends on every write to it",
                   whole_[i]);
            add_if("keys of " + name + " are computed, not copied: each may be that of any row",
                   computed_[i]);
        }
    }

    void projections() {
        for (const program::Projection& projection : program_.projections) {
            std::vector<SourceId> sources;
            for (HandlerId handler : program_[projection.feed].handlers) {
                sources.push_back(program_[handler].source);
            }
            add("the projection " + name_of(projection.table) + " may write any of its rows",
                sources);
        }
    }

    void claims() {
        for (const program::Claim& claim : program_.expect.always) {
            if (expect::range_by_key(program_[claim.expression])) continue;
            std::string tables;
            for (TableId table : claim.tables) {
                tables += (tables.empty() ? "" : ", ") + name_of(table);
            }
            add("always \"" + claim.title +
                    "\" is not decided key by key: all writes depend on each other of " + tables,
                {claim.source});
        }
        if (!program_.expect.sequence.empty()) {
            add("sequence follows the order of deliveries: those that it names depend on each "
                "other",
                {program_.expect.sequence_source});
        }
    }

    [[nodiscard]] std::vector<SourceId> reading(MetaField field) const {
        return where([&](const Expression& expression) {
            return std::ranges::any_of(expression.code, [&](const auto& step) {
                return step.op == ExpressionOp::meta &&
                       static_cast<MetaField>(step.operand) == field;
            });
        });
    }

    // What keeps worlds apart that would be one.
    void identities() {
        add_if("meta.time is read: worlds are the same only at the same time",
               reading(MetaField::time));
        std::vector<SourceId> ids = reading(MetaField::id);
        for (SourceId source : reading(MetaField::causation_id)) ids.push_back(source);
        add_if("ids of messages are read: worlds are the same only where all ids are", ids);
        std::vector<SourceId> attempts = reading(MetaField::attempt);
        for (const program::Fault& fault : program_.faults) {
            if (fault.attempt != 0) attempts.push_back(fault.source);
        }
        add_if("attempts are read: worlds are the same only after as many", attempts);
        if (!Loops::possible(program_)) return;
        std::vector<SourceId> inboxes;
        for (const program::Service& service : program_.services) {
            if (service.inbox) inboxes.push_back(service.source);
        }
        const std::string kept =
            " keep ids of messages: a path that never settles repeats no world";
        add_if("inboxes" + kept + ", and runs to a limit", inboxes);
        if (!program_.aggregates.empty()) add("event logs" + kept + ", and runs to a limit", {});
    }

    void logs() {
        for (const program::Saga& saga : program_.sagas) {
            const LogUse use = program::log_use(program_, saga);
            if (use == LogUse::nothing) continue;
            std::vector<SourceId> sources = where([&](const Expression& expression) {
                return program::log_use(program_, expression, saga.table) == use;
            });
            const std::string log = "the log of " + name_of(saga.table);
            if (use == LogUse::everything) {
                add("attempts in " + log + " are read: a saga that tries for ever repeats no world",
                    sources);
            } else {
                add(log + " is read: the first " + std::to_string(world::attempts_kept) +
                        " attempts of a step are different worlds",
                    sources, false);
            }
        }
    }

    void counts() {
        for (std::uint32_t i = 0; i < program_.deliveries.size(); ++i) {
            add_if("delivered(\"" + program_.label(program_.deliveries[i]) +
                       "\") is compared with more than constants: worlds are the same only after "
                       "as many",
                   where([&](const Expression& expression) {
                       return program::counts_without_bound(program_, expression, i);
                   }));
        }
    }

    // No cost, but a bound of what is found.
    void figures() {
        const auto load = static_cast<std::uint32_t>(program::ExpectSlot::load);
        std::vector<SourceId> sources;
        for (const auto* claims : {&program_.expect.finally, &program_.expect.sometimes}) {
            for (const program::Claim& claim : *claims) {
                bool reads = program::reads_slot(program_[claim.expression], load);
                if (reads) sources.push_back(claim.source);
            }
        }
        add_if(
            "load is read, and is no part of a world: each is judged by the figures of the path "
            "that came to it first",
            sources);
    }

    // What joins neighbours only.
    void narrow() {
        std::set<std::string> links;
        for (const program::Handler& handler : program_.handlers) note_links(handler, links);
        std::string names;
        for (const std::string& link : links) names += (names.empty() ? "" : ", ") + link;
        if (!links.empty()) {
            add("links are ordered: what is sent on one depends on each other: " + names, {},
                false);
        }
        add_if("a breaker is shared by all calls of its service",
               steps([&](const Instruction& step) {
                   return step.op == Op::call && program_.calls[step.call].breaker;
               }),
               false);
        add_if("who awaits an event depends on all that await one in the service",
               steps([](const Instruction& step) { return step.op == Op::await_event; }), false);
    }

    void note_links(const program::Handler& handler, std::set<std::string>& links) const {
        for (const Instruction& step : program_.code_of(handler)) {
            bool sends = step.op == Op::publish || step.op == Op::send;
            if (sends) note_link(handler.service, step.operation, links);
            if (step.op != Op::append) continue;
            for (const program::AppendedEvent& event : program_.appends[step.call].events) {
                note_link(handler.service, event.event, links);
            }
        }
    }

    void note_link(ServiceId from, OperationId operation, std::set<std::string>& links) const {
        if (program_.bus.topics[operation.value].order == program::Order::none) return;
        for (HandlerId to : program_[operation].handlers) {
            links.insert(program_[from].display + " -> " + program_[program_[to].service].name);
        }
    }

    const Program& program_;
    std::vector<SourceId> sources_;                // by ExpressionId
    std::vector<std::vector<SourceId>> whole_;     // by TableId: reads of all of it
    std::vector<std::vector<SourceId>> computed_;  // by TableId: keys that are not known
    std::vector<Cost> found_;
};

}  // namespace

std::vector<Cost> costs_of(const Program& program) { return Finder(program).find(); }

}  // namespace sagalab::explore
