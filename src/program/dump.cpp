#include "program/dump.h"

#include <map>

#include "program/dump_expression.h"

namespace sagalab::program {

namespace {

std::string number(std::uint64_t value) { return std::to_string(value); }

void say(std::string& out, std::string_view word, const std::string& value) {
    out += " ";
    out += word;
    out += " ";
    out += value;
}

std::string policy(const std::vector<Retry>& retries, PolicyId id) {
    const std::string& name = retries[id.value].name;
    return name.empty() ? "#" + number(id.value) : name;
}

void say_call(const Program& program, const Call& call, std::string& out) {
    if (call.request) say(out, "request", describe(program, call.request));
    if (call.gateway != Index<void>::absent) {
        say(out, "to", program[program.gateways[call.gateway].service].name);
    }
    if (call.token) say(out, "token", describe(program, call.token));
    if (call.timeout != second) say(out, "timeout", format_time(call.timeout));
    if (call.retry) say(out, "retry", policy(program.retries, call.retry));
    if (call.breaker) say(out, "breaker", number(call.breaker.value));
    if (call.idempotency_key) {
        say(out, "idempotency key", describe(program, call.idempotency_key));
    }
    if (call.fallback) say(out, "fallback", describe(program, call.fallback));
    if (call.via_bus) out += " via bus";
    if (call.settled) out += " settled";
}

void say_catch(const Catch& caught, std::string& out) {
    out += " on error";
    for (const CatchArm& arm : caught.arms) {
        std::string what = "any";
        if (arm.match == CatchArm::Match::code) what = std::string(arm.code.text());
        if (arm.match == CatchArm::Match::outcome) what = outcome_name(arm.outcome);
        out += " " + what + ":" + number(arm.target.value);
    }
    if (caught.error_slot != Index<void>::absent) out += " slot " + number(caught.error_slot);
}

const char* kind_word(HandlerKind kind) {
    switch (kind) {
        case HandlerKind::api: return "api";
        case HandlerKind::event: return "on";
        case HandlerKind::saga: return "saga";
        case HandlerKind::job: return "job";
        case HandlerKind::route: return "route";
        case HandlerKind::projection: return "projection";
        case HandlerKind::client: break;
    }
    return "client";
}

const char* kind_word(OperationKind kind) {
    switch (kind) {
        case OperationKind::event: return "event";
        case OperationKind::api: return "api";
        case OperationKind::saga: return "saga";
        case OperationKind::feed: return "feed";
        case OperationKind::admin: return "operator";
        case OperationKind::route: break;
    }
    return "route";
}

const char* kind_word(StepKind kind) {
    switch (kind) {
        case StepKind::compensatable: return "compensatable";
        case StepKind::pivot: return "pivot";
        case StepKind::retriable: break;
    }
    return "retriable";
}

const char* kind_word(TableKind kind) {
    switch (kind) {
        case TableKind::table: return "table";
        case TableKind::aggregate: return "aggregate";
        case TableKind::projection: return "projection";
        case TableKind::saga: break;
    }
    return "saga";
}

std::string padded(std::uint64_t value) {
    std::string text = number(value);
    if (text.size() < 5) text.insert(0, 5 - text.size(), ' ');
    return text;
}

void dump_services(const Program& program, std::string& out) {
    out += "services\n";
    for (std::size_t i = 0; i < program.services.size(); ++i) {
        const Service& service = program.services[i];
        out += padded(i) + "  " + service.name;
        if (service.kind == ServiceKind::external) out += " external";
        if (service.outbox) out += " outbox";
        if (service.inbox) out += " inbox";
        for (const TableId id : service.tables) {
            const Table& table = program[id];
            out += ", " + std::string(kind_word(table.kind)) + " " + table.name;
            if (!table.rows.empty()) out += " " + number(table.rows.size()) + " rows";
        }
        out += "\n";
    }
}

void dump_operations(const Program& program, std::string& out) {
    out += "operations\n";
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        const Operation& operation = program.operations[i];
        out += padded(i) + "  " + kind_word(operation.kind) + " " + operation.label;
        if (operation.kind == OperationKind::event) {
            out += " ->";
            for (const HandlerId id : operation.handlers) {
                out += " " + program[program[id].service].name;
            }
        }
        out += "\n";
    }
}

void dump_gateways(const Program& program, std::string& out) {
    for (const Gateway& gateway : program.gateways) {
        out += "gateway " + program[gateway.service].name;
        out += gateway.open ? ", open\n" : ", " + number(gateway.tokens.size()) + " tokens\n";
        for (const Route& route : gateway.routes) {
            out += "    " + program[route.operation].name;
            if (route.require) say(out, "require", describe(program, route.require));
            if (route.timeout != never) say(out, "timeout", format_time(route.timeout));
            if (route.per_second_millionths != 0) {
                say(out, "millionths per second", number(route.per_second_millionths));
            }
            out += "\n";
        }
    }
}

std::string slots_of(const Handler& handler) {
    return number(handler.slots) + (handler.slots == 1 ? " slot" : " slots");
}

// What begins at each instruction: a handler, an undo, a block that a saga ends with.
std::multimap<std::uint32_t, std::string> headings(const Program& program) {
    std::multimap<std::uint32_t, std::string> found;
    for (const Handler& handler : program.handlers) {
        const std::string owner = program[handler.service].name;
        found.emplace(handler.entry.value, handler.kind == HandlerKind::client
                                               ? owner + ", " + slots_of(handler)
                                               : owner + " " + kind_word(handler.kind) + " " +
                                                     handler.name + ", " + slots_of(handler));
    }
    for (const Saga& saga : program.sagas) {
        for (const SagaStep& step : saga.steps) {
            if (step.undo) found.emplace(step.undo.value, "undo of " + step.name);
        }
        if (saga.on_completed) found.emplace(saga.on_completed.value, saga.name + " completed");
        if (saga.on_compensated) {
            found.emplace(saga.on_compensated.value, saga.name + " compensated");
        }
        if (saga.on_parked) found.emplace(saga.on_parked.value, saga.name + " parked");
    }
    return found;
}

void dump_code(const Program& program, std::string& out) {
    const std::multimap<std::uint32_t, std::string> begins = headings(program);
    for (std::size_t i = 0; i < program.code.size(); ++i) {
        const auto range = begins.equal_range(static_cast<std::uint32_t>(i));
        for (auto heading = range.first; heading != range.second; ++heading) {
            out += heading->second + "\n";
        }
        out += padded(i) + "  " + dump(program, program.code[i]) + "\n";
    }
}

void dump_sagas(const Program& program, std::string& out) {
    for (const Saga& saga : program.sagas) {
        out += "saga " + program[saga.service].name + "." + saga.name;
        say(out, "id", describe(program, saga.id));
        if (saga.deadline != never) say(out, "deadline", format_time(saga.deadline));
        if (saga.scope == CompensationScope::completed) out += " scope completed";
        if (saga.scope == CompensationScope::started) out += " scope started";
        if (saga.order == CompensationOrder::parallel) out += " order parallel";
        if (saga.on_failure == UndoFailure::stop) out += " on failure stop";
        if (saga.on_failure == UndoFailure::go_on) out += " on failure continue";
        say(out, "undo retry", policy(program.retries, saga.undo_retry));
        out += "\n";
        for (std::size_t i = 0; i < saga.steps.size(); ++i) {
            const SagaStep& step = saga.steps[i];
            out += padded(i) + "  " + step.name + " " + kind_word(step.kind);
            if (step.undo_only) out += " undo only";
            if (step.undo) say(out, "undo", number(step.undo.value));
            out += "\n";
        }
    }
}

void dump_workload(const Program& program, std::string& out) {
    if (!program.workload.empty()) out += "workload\n";
    for (std::size_t i = 0; i < program.workload.size(); ++i) {
        const WorkItem& item = program.workload[i];
        out += padded(i) + "  " + item.name;
        say(out, "at", format_time(item.at));
        if (item.per_second_millionths != 0) {
            say(out, "poisson, millionths per second", number(item.per_second_millionths));
        } else if (item.counter_slot != Index<void>::absent) {
            say(out, "every", format_time(item.every));
        }
        if (item.until != never) {
            say(out, "until", format_time(item.until));
        } else if (item.counter_slot != Index<void>::absent) {
            say(out, "times", number(item.times));
        }
        out += "\n";
    }
}

void dump_faults(const Program& program, std::string& out) {
    if (!program.faults.empty()) out += "faults\n";
    for (std::size_t i = 0; i < program.faults.size(); ++i) {
        out += padded(i) + "  " + program.faults[i].text;
        if (program.faults[i].optional) out += " optional";
        out += "\n";
    }
}

void dump_claims(const Program& program, const std::vector<Claim>& claims, const char* kind,
                 std::string& out) {
    for (const Claim& claim : claims) {
        out += "  " + std::string(kind) + " \"" + claim.title +
               "\": " + describe(program, claim.expression);
        for (std::size_t i = 0; i < claim.tables.size(); ++i) {
            const Table& table = program[claim.tables[i]];
            out += (i == 0 ? " reads " : ", ") + program[table.service].name + "." + table.name;
        }
        out += "\n";
    }
}

void dump_expect(const Program& program, std::string& out) {
    const Expect& expect = program.expect;
    if (!expect.empty()) out += "expect\n";
    dump_claims(program, expect.always, "always", out);
    dump_claims(program, expect.finally, "finally", out);
    dump_claims(program, expect.sometimes, "sometimes", out);
    for (const ReplyClaim& reply : expect.replies) {
        out += "  replies " + reply.name + " " + reply.expected.json() + "\n";
    }
    for (const std::uint32_t position : expect.sequence) {
        out += "  sequence " + program.label(program.deliveries[position]) + "\n";
    }
    for (const CountClaim& count : expect.counts) {
        out += "  counts " + program.label(program.deliveries[count.delivery]) + " " +
               number(count.count) + "\n";
    }
    for (const std::string& name : expect.breaks) out += "  breaks " + name + "\n";
}

void dump_expressions(const Program& program, std::string& out) {
    out += "expressions\n";
    for (std::size_t i = 0; i < program.expressions.size(); ++i) {
        const Expression& expression = program.expressions[i];
        out += padded(i) + "  " + expression.text + "\n";
        for (const ExpressionStep& step : expression.code) {
            out += "         op " + number(static_cast<std::uint64_t>(step.op));
            out += " " + number(step.operand) + " " + number(step.extra);
            if (step.op == ExpressionOp::constant) {
                out += " = " + program.constants[step.operand].json();
            }
            out += "\n";
        }
    }
}

}  // namespace

const char* op_name(Op op) {
    switch (op) {
        case Op::insert: return "insert";
        case Op::update: return "update";
        case Op::upsert: return "upsert";
        case Op::erase: return "delete";
        case Op::publish: return "publish";
        case Op::send: return "send";
        case Op::call: return "call";
        case Op::append: return "append";
        case Op::reply: return "reply";
        case Op::reject: return "reject";
        case Op::fail: return "fail";
        case Op::stop: return "stop";
        case Op::jump: return "jump";
        case Op::jump_unless: return "jump unless";
        case Op::for_begin: return "for";
        case Op::for_next: return "next";
        case Op::let: return "let";
        case Op::wait: return "wait";
        case Op::log: return "log";
        case Op::assert_that: return "assert";
        case Op::choose: return "choose";
        case Op::parallel: return "parallel";
        case Op::await_event: return "await";
        case Op::step_begin: return "begin step";
        case Op::step_end: return "end step";
        case Op::note_reply: return "note reply";
        case Op::operate: return "operate";
        case Op::count_next: return "count";
        case Op::end: break;
    }
    return "end";
}

std::string dump(const Program& program, const Instruction& instruction) {
    std::string out = op_name(instruction.op);
    if (instruction.table) out += " " + program[instruction.table].name;
    if (instruction.operation) out += " " + program[instruction.operation].label;
    const bool calls = instruction.op == Op::call && instruction.call < program.calls.size();
    if (calls && program.calls[instruction.call].operation) {
        out += " " + program[program.calls[instruction.call].operation].label;
    }
    if (instruction.ordinal > 1) out += "#" + number(instruction.ordinal);
    if (instruction.step != Index<void>::absent) out += " " + number(instruction.step);
    if (instruction.key) say(out, "key", describe(program, instruction.key));
    if (instruction.data) say(out, "data", describe(program, instruction.data));
    if (instruction.slot != Index<void>::absent) say(out, "slot", number(instruction.slot));
    if (instruction.op == Op::count_next) {
        say(out, "up to", number(static_cast<std::uint64_t>(instruction.time)));
    } else if (instruction.time != 0) {
        say(out, "time", format_time(instruction.time));
    }
    if (instruction.target) say(out, "to", number(instruction.target.value));
    if (calls) say_call(program, program.calls[instruction.call], out);
    if (instruction.on_error) say_catch(program[instruction.on_error], out);
    return out;
}

std::string dump(const Program& program, const DumpOptions& options) {
    std::string out;
    if (!options.code_only) {
        out += "scenario \"" + program.title + "\", case \"" + program.case_name + "\", seed " +
               number(program.seed) + "\n";
        dump_services(program, out);
        dump_operations(program, out);
        dump_gateways(program, out);
    }
    dump_code(program, out);
    dump_sagas(program, out);
    if (!options.code_only) {
        dump_workload(program, out);
        dump_faults(program, out);
        dump_expect(program, out);
    }
    if (options.expressions) dump_expressions(program, out);
    return out;
}

}  // namespace sagalab::program
