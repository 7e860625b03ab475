// Steps that decide what comes next, and those that only compute or say something.
#include <algorithm>

#include "language/load_steps.h"
#include "language/load_values.h"

namespace sagalab::language {

using program::Op;

// The ending that stands beside `if`, if there is one.
void StepCompiler::ending(const Node& step) {
    for (const Verb& verb : verbs()) {
        const bool ends = verb.name == "reply" || verb.name == "reject" || verb.name == "fail" ||
                          verb.name == "stop";
        const Member* member = ends ? step.member(verb.name) : nullptr;
        if (!member) continue;
        (this->*verb.compile)(step, *member);
        return;
    }
}

void StepCompiler::branch(const Node& step, const Member& verb) {
    const InstructionId condition = emit(Op::jump_unless, step);
    if (verb.value.is(Node::Kind::string)) {
        at(condition).key = context_.compiler.expression(verb.value, scope(), Type::boolean);
    }
    const Way before = locals_.way();
    if (const Node* then = array_at(step, "then")) {
        block(*then);
    } else {
        ending(step);
    }
    Way after = locals_.way();
    const Node* otherwise = array_at(step, "else");
    if (!otherwise) {
        at(condition).target = here();
        after.join(before);
        locals_.take(std::move(after));
        return;
    }
    std::optional<InstructionId> jump;
    if (!after.ended) jump = emit(Op::jump, step);
    at(condition).target = here();
    locals_.take(before);
    block(*otherwise);
    after.join(locals_.way());
    if (jump) at(*jump).target = here();
    locals_.take(std::move(after));
}

void StepCompiler::repeat(const Node& step, const Member& verb) {
    const InstructionId begin = emit(Op::for_begin, step);
    if (const Node* list = string_at(step, "in")) {
        at(begin).key = context_.compiler.expression(*list, scope(), Type::list);
    }
    const Way before = locals_.way();
    const std::string& name = verb.value.text;
    const bool usable = may_bind(verb.value.place, name);
    std::uint32_t slot = 0;
    if (usable) {
        slot = locals_.bind(name, Type::any, 2, "it is known only inside its \"for\"");
    } else {
        slot = locals_.new_slot();
    }
    at(begin).slot = slot;
    const InstructionId body = here();
    const Node* steps = array_at(step, "do");
    if (steps) block(*steps);
    Way after = locals_.way();
    if (saga_ && !after.ended) {
        for (const std::uint32_t pivot : after.pivots.pivots) {
            if (before.pivots.pivots.count(pivot) != 0) continue;
            context_.error(verb.value.place, "the pivot \"" + saga_->steps[pivot].name +
                                                 "\" may be passed more than once: a path through "
                                                 "a saga has at most one");
        }
    }
    const InstructionId next = emit(Op::for_next, step);
    at(next).slot = slot;
    at(next).target = body;
    at(begin).target = here();
    after.join(before);
    locals_.take(std::move(after));
    if (usable && locals_.is_bound(name)) locals_.unbind(name);
}

namespace {

std::vector<const Member*> by_name(const Node& object) {
    std::vector<const Member*> members;
    for (const Member& member : object.members) members.push_back(&member);
    std::sort(members.begin(), members.end(),
              [](const Member* a, const Member* b) { return a->key < b->key; });
    return members;
}

}  // namespace

// The step, a jump over its branches, and each branch with an end of its own.
void StepCompiler::parallel(const Node& step, const Member& verb) {
    const Way before = locals_.way();
    const InstructionId id = emit(Op::parallel, step);
    const InstructionId over = emit(Op::jump, step);
    program::Parallel made;
    if (const Node* mode = string_at(step, "mode")) {
        if (mode->text == "any") made.mode = program::ParallelMode::any;
        if (mode->text == "settle") made.mode = program::ParallelMode::settle;
    }
    const std::vector<const Member*> branches = by_name(verb.value);
    for (const Member* branch : branches) {
        made.branches.push_back({Value(branch->key), here(), 0});
        block(branch->value);
        emit(Op::end, branch->value);
        locals_.take(before);
    }
    const bool as_one = step.find("as") != nullptr;
    for (std::size_t i = 0; i < branches.size(); ++i) {
        const bool bound = !as_one && may_bind(branches[i]->key_place, branches[i]->key);
        made.branches[i].slot = bound ? locals_.bind(branches[i]->key) : locals_.new_slot();
    }
    if (const auto slot = bind_result(step, "as")) at(id).slot = *slot;
    at(over).target = here();
    at(id).call = static_cast<std::uint32_t>(context_.program.parallels.size());
    context_.program.parallels.push_back(std::move(made));
    catch_errors(step, id, before);
}

void StepCompiler::group(const Node& step, const Member&) {
    if (const Node* steps = step.find("do")) block(*steps);
}

void StepCompiler::reply(const Node& step, const Member& verb) {
    const InstructionId id = emit(Op::reply, step);
    at(id).data = context_.compiler.data(verb.value, scope());
    if (const Member* status = step.member("status")) {
        at(id).key = context_.compiler.data(status->value, scope());
        if (context_.program[handler_].kind != program::HandlerKind::route) {
            context_.error(status->key_place, "\"status\" belongs to the replies of a route");
        }
    }
    locals_.end();
}

void StepCompiler::reject(const Node& step, const Member& verb) {
    const InstructionId id = emit(Op::reject, step);
    at(id).key = context_.compiler.data(verb.value, scope());
    if (const Node* data = step.find("data")) {
        at(id).data = context_.compiler.data(*data, scope());
    }
    locals_.end();
}

void StepCompiler::fail(const Node& step, const Member& verb) {
    at(emit(Op::fail, step)).key = context_.compiler.data(verb.value, scope());
    locals_.end();
}

void StepCompiler::stop(const Node& step, const Member& verb) {
    at(emit(Op::stop, step)).key = context_.compiler.data(verb.value, scope());
    locals_.end();
}

void StepCompiler::let(const Node& step, const Member& verb) {
    const std::vector<const Member*> members = by_name(verb.value);
    std::vector<InstructionId> made;
    for (const Member* member : members) {
        made.push_back(emit(Op::let, step));
        at(made.back()).key = context_.compiler.data(member->value, scope());
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (!may_bind(members[i]->key_place, members[i]->key)) continue;
        at(made[i]).slot = locals_.bind(members[i]->key);
    }
}

void StepCompiler::wait(const Node& step, const Member&) {
    at(emit(Op::wait, step)).time = time_at(step, "wait", 0);
}

void StepCompiler::log(const Node& step, const Member& verb) {
    at(emit(Op::log, step)).key = context_.compiler.data(verb.value, scope());
}

void StepCompiler::assert_that(const Node& step, const Member& verb) {
    const InstructionId id = emit(Op::assert_that, step);
    if (verb.value.is(Node::Kind::string)) {
        at(id).key = context_.compiler.expression(verb.value, scope(), Type::boolean);
    }
    if (const Node* message = step.find("message")) {
        at(id).data = context_.compiler.data(*message, scope());
    }
}

void StepCompiler::choose(const Node& step, const Member& verb) {
    const InstructionId id = emit(Op::choose, step);
    at(id).data = context_.compiler.data(verb.value, scope());
    if (const auto slot = bind_result(step, "as")) at(id).slot = *slot;
}

}  // namespace sagalab::language
