#include "program/points.h"

#include "program/dump.h"

namespace sagalab::program {
namespace {

bool has_effect(Op op) {
    switch (op) {
        case Op::insert:
        case Op::update:
        case Op::upsert:
        case Op::erase:
        case Op::publish:
        case Op::send:
        case Op::call:
        case Op::append:
        case Op::await_event: return true;
        default: return false;
    }
}

// What the verb of a step names.
std::string object_of(const Program& program, const Instruction& step) {
    if (step.op == Op::append) {
        std::string events;
        if (step.call >= program.appends.size()) return events;
        for (const AppendedEvent& event : program.appends[step.call].events) {
            if (!events.empty()) events += '+';
            if (event.event) events += program[event.event].name;
        }
        return events;
    }
    if (step.op == Op::call) {
        if (step.call >= program.calls.size()) return {};
        const OperationId operation = program.calls[step.call].operation;
        return operation ? program[operation].label : std::string();
    }
    if (step.table) return program[step.table].name;
    return step.operation ? program[step.operation].label : std::string();
}

const char* plain_name(PointKind kind) {
    switch (kind) {
        case PointKind::before_receive: return "before receive";
        case PointKind::after_dedup: return "after dedup";
        case PointKind::before_commit: return "before commit";
        case PointKind::after_commit: return "after commit";
        case PointKind::after_send: return "after send";
        case PointKind::after_mark: return "after mark";
        default: break;
    }
    return "before acknowledge";
}

void add_records(const Program& program, HandlerId handler, std::vector<Point>& points) {
    const Saga& saga = program[program[handler].saga];
    constexpr std::size_t forward = 5;  // words of record_words before those of undos
    for (std::uint32_t step = 0; step < saga.steps.size(); ++step) {
        const std::size_t words = saga.steps[step].undo ? record_words.size() : forward;
        for (std::size_t word = 0; word < words; ++word) {
            Point point;
            point.kind = PointKind::after_record;
            point.handler = handler;
            point.step = step;
            point.record = static_cast<std::uint8_t>(word);
            points.push_back(point);
        }
    }
}

}  // namespace

std::string point_name(const Program& program, const Point& point) {
    if (point.kind == PointKind::after_record) {
        const Saga& saga = program[program[point.handler].saga];
        return "after " + std::string(record_words[point.record]) + " " +
               saga.steps[point.step].name;
    }
    if (point.kind != PointKind::after_step) return plain_name(point.kind);
    const Instruction& step = program[point.instruction];
    std::string name = std::string("after ") + op_name(step.op);
    if (const std::string object = object_of(program, step); !object.empty()) name += " " + object;
    return step.ordinal > 1 ? name + "#" + std::to_string(step.ordinal) : name;
}

namespace {

std::vector<Point> points_of(const Program& program, HandlerId handler) {
    std::vector<Point> points;
    const auto add = [&](PointKind kind, InstructionId instruction = {}) {
        Point point;
        point.kind = kind;
        point.handler = handler;
        point.instruction = instruction;
        points.push_back(point);
    };
    const HandlerKind handler_kind = program[handler].kind;
    if (handler_kind != HandlerKind::job) add(PointKind::before_receive);
    if (handler_kind == HandlerKind::projection) {
        add(PointKind::after_commit);
        add(PointKind::after_mark);
        add(PointKind::before_acknowledge);
        return points;
    }
    add(PointKind::after_dedup);
    for (InstructionId at = program[handler].entry; at < program[handler].end; ++at.value) {
        if (has_effect(program[at].op)) add(PointKind::after_step, at);
    }
    if (program[handler].saga) {
        add_records(program, handler, points);
        return points;
    }
    for (const PointKind kind :
         {PointKind::before_commit, PointKind::after_commit, PointKind::after_send,
          PointKind::after_mark, PointKind::before_acknowledge}) {
        add(kind);
    }
    return points;
}

}  // namespace

void number_points(Program& program) {
    for (std::size_t i = 0; i < program.handlers.size(); ++i) {
        program.first_point.push_back(static_cast<std::uint32_t>(program.points.size()));
        if (program.handlers[i].kind == HandlerKind::client) continue;
        if (!program.handlers[i].entry) continue;
        for (const Point& point : points_of(program, HandlerId(i))) {
            program.points.push_back(point);
        }
    }
    program.first_point.push_back(static_cast<std::uint32_t>(program.points.size()));
}

bool can_be_passed(const Program& program, const Point& point) {
    const Handler& handler = program[point.handler];
    if (point.kind == PointKind::after_dedup) {
        return handler.takes.kind == Latency::Kind::constant && handler.takes.low == 0;
    }
    if (point.kind != PointKind::after_mark || handler.kind != HandlerKind::projection) return true;
    const Operation& feed = program[handler.operation];
    return program.projections[feed.target].checkpoint != Checkpoint::atomic;
}

bool can_stall_at(PointKind kind) { return kind != PointKind::before_receive; }

}  // namespace sagalab::program
