#include "language/load_steps.h"

#include <algorithm>

#include "base/text.h"
#include "language/load_values.h"

namespace sagalab::language {

namespace {

using program::CatchArm;
using program::Op;
using program::Outcome;

constexpr std::string_view only_in_on_error = "it is known only inside \"onError\"";
constexpr std::string_view only_in_set = "it is known only inside \"set\"";

std::optional<Outcome> outcome_of(std::string_view word) {
    if (word == "rejected") return Outcome::rejected;
    if (word == "failed") return Outcome::failed;
    if (word == "unknown") return Outcome::unknown;
    return std::nullopt;
}

// The names that the handler's service holds; a client holds none.
const ServiceNames& holder_of(const LoadContext& context, HandlerId handler) {
    static const ServiceNames nobody;
    const program::Service& service = context.program[context.program[handler].service];
    if (service.kind == program::ServiceKind::client) return nobody;
    return context.names.services.find(service.name)->second;
}

}  // namespace

// In the order in which a step is asked for them: `await` may hold an `if`, and `if` an ending.
std::span<const StepCompiler::Verb> StepCompiler::verbs() {
    static constexpr Verb rows[] = {
        {"await", &StepCompiler::await, true},     {"if", &StepCompiler::branch, false},
        {"for", &StepCompiler::repeat, false},     {"step", &StepCompiler::group, true},
        {"insert", &StepCompiler::insert, true},   {"update", &StepCompiler::update, true},
        {"upsert", &StepCompiler::upsert, true},   {"delete", &StepCompiler::erase, true},
        {"publish", &StepCompiler::publish, true}, {"send", &StepCompiler::send, true},
        {"call", &StepCompiler::call, true},       {"request", &StepCompiler::request, true},
        {"append", &StepCompiler::append, true},   {"parallel", &StepCompiler::parallel, true},
        {"reply", &StepCompiler::reply, false},    {"reject", &StepCompiler::reject, false},
        {"fail", &StepCompiler::fail, false},      {"stop", &StepCompiler::stop, false},
        {"let", &StepCompiler::let, false},        {"wait", &StepCompiler::wait, false},
        {"log", &StepCompiler::log, false},        {"assert", &StepCompiler::assert_that, false},
        {"choose", &StepCompiler::choose, false},
    };
    return rows;
}

StepCompiler::StepCompiler(LoadContext& context, HandlerId handler, const Scope& outer,
                           std::uint32_t first_slot)
    : context_(context),
      handler_(handler),
      service_(holder_of(context, handler)),
      is_client_(context.program[handler].kind == program::HandlerKind::client),
      locals_(outer, first_slot) {
    const SagaId saga = context.program[handler].saga;
    if (saga) saga_ = &context.program.sagas[saga.value];
    locals_.hide_own("error", std::string(only_in_on_error));
    locals_.hide_own("row", std::string(only_in_set));
}

void StepCompiler::compile(const Node& steps) {
    context_.program.handlers[handler_.value].entry = here();
    block(steps);
    emit(Op::end, steps);
    inside_step_ = true;
    for (std::size_t i = 0; i < undos_.size(); ++i) {
        saga_->steps[undos_[i].step].undo = here();
        locals_.take_all(undos_[i].names);
        block(*undos_[i].steps);
        emit(Op::end, *undos_[i].steps);
    }
    context_.program.handlers[handler_.value].slots = locals_.slots();
}

InstructionId StepCompiler::compile_aside(const Node& steps) {
    const InstructionId entry = here();
    inside_step_ = true;
    const Locals::Snapshot names = locals_.ever_bound();
    locals_.take_all(names);
    block(steps);
    emit(Op::end, steps);
    context_.program.handlers[handler_.value].slots = locals_.slots();
    return entry;
}

void StepCompiler::block(const Node& steps) {
    if (steps.is(Node::Kind::object)) step(steps);
    bool told = false;
    for (const Node& item : steps.items) {
        if (locals_.way().ended) {
            if (!told) {
                context_.error(item.place, "never runs: the step before always ends the handler");
            }
            told = true;
            Way way = locals_.way();
            way.ended = false;
            locals_.take(std::move(way));
        }
        step(item);
    }
    if (told) locals_.end();
}

void StepCompiler::step(const Node& step) {
    if (!step.is(Node::Kind::object)) return;
    for (const Verb& verb : verbs()) {
        const Member* member = step.member(verb.name);
        if (!member) continue;
        if (saga_ && verb.has_effect && !inside_step_) {
            bracket(step, verb, *member);
        } else {
            refuse_saga_words(step);
            (this->*verb.compile)(step, *member);
        }
        return;
    }
}

void StepCompiler::refuse_saga_words(const Node& step) {
    for (const char* word : {"compensate", "kind", "step"}) {
        const Member* member = step.member(word);
        if (!member) continue;
        context_.error(member->key_place,
                       "\"" + std::string(word) + "\" belongs to the steps of a saga" +
                           (saga_ ? ", not to what stands inside one of them" : ""));
    }
}

std::string StepCompiler::step_name(const Node& step, const Verb& verb,
                                    const Member& member) const {
    const std::string& text = member.value.text;
    if (verb.name == "step" || verb.name == "call" || verb.name == "send") return text;
    if (verb.name == "append" && text.empty()) {
        const Node* to = string_at(step, "to");
        return to ? "append to " + to->text : "append";
    }
    return text.empty() ? std::string(verb.name) : std::string(verb.name) + " " + text;
}

program::StepKind StepCompiler::step_kind(const Node& step) const {
    const Node* kind = string_at(step, "kind");
    if (kind && kind->text == "pivot") return program::StepKind::pivot;
    if (kind && kind->text == "retriable") return program::StepKind::retriable;
    return program::StepKind::compensatable;
}

void StepCompiler::bracket(const Node& step, const Verb& verb, const Member& member) {
    const auto index = static_cast<std::uint32_t>(saga_->steps.size());
    std::string name = step_name(step, verb, member);
    const std::uint32_t count = ++step_names_[name];
    if (count > 1) name += "#" + std::to_string(count);
    program::SagaStep& made = saga_->steps.emplace_back();
    made.name = name;
    made.kind = step_kind(step);
    made.group = verb.name == "step";
    made.undo_only = verb.name == "step" && !step.find("do");
    const Node* undo = step.find("compensate");
    Pivots pivots = locals_.way().pivots;
    if (const auto against = pivots.pass(*saga_, index, undo != nullptr)) {
        context_.error(member.value.place, *against);
    }
    locals_.pass(pivots);
    at(emit(Op::step_begin, step)).step = index;
    inside_step_ = true;
    (this->*verb.compile)(step, member);
    inside_step_ = false;
    if (!locals_.way().ended) at(emit(Op::step_end, step)).step = index;
    if (undo) undos_.push_back({index, undo, locals_.ever_bound()});
}

void StepCompiler::load_arms(const Node& step,
                             std::vector<std::pair<CatchArm, const Node*>>& arms) {
    const Node* handlers = step.find("onError");
    if (handlers->is(Node::Kind::array)) {
        arms.emplace_back(CatchArm{}, handlers);
        return;
    }
    for (const Member& member : handlers->members) {
        CatchArm arm;
        if (const auto outcome = outcome_of(member.key)) {
            arm.match = CatchArm::Match::outcome;
            arm.outcome = *outcome;
        } else if (member.key == "succeeded") {
            context_.error(member.key_place,
                           "\"succeeded\" is no error: what follows goes into the next step");
            continue;
        } else if (!is_identifier(member.key)) {
            context_.error(member.key_place, "\"" + printable(member.key) +
                                                 "\" is neither a code nor an outcome (rejected, "
                                                 "failed, unknown)");
            continue;
        } else {
            arm.match = CatchArm::Match::code;
            arm.code = Value(member.key);
        }
        arms.emplace_back(arm, &member.value);
    }
    std::stable_sort(arms.begin(), arms.end(), [](const auto& a, const auto& b) {
        if (a.first.match != b.first.match) return a.first.match < b.first.match;
        if (a.first.match == CatchArm::Match::code) return key_less(a.first.code, b.first.code);
        return a.first.outcome < b.first.outcome;
    });
}

void StepCompiler::catch_errors(const Node& step, InstructionId instruction, const Way& before) {
    if (!step.find("onError")) return;
    std::vector<std::pair<CatchArm, const Node*>> arms;
    load_arms(step, arms);
    if (error_slots_.size() <= error_depth_) error_slots_.push_back(locals_.new_slot());
    const std::uint32_t slot = error_slots_[error_depth_++];
    program::Catch caught;
    caught.error_slot = slot;
    Way after = locals_.way();
    std::vector<InstructionId> jumps = {emit(Op::jump, step)};
    for (std::size_t i = 0; i < arms.size(); ++i) {
        arms[i].first.target = here();
        caught.arms.push_back(arms[i].first);
        locals_.take(before);
        locals_.show_own("error", slot);
        block(*arms[i].second);
        after.join(locals_.way());
        const bool falls_through = i + 1 == arms.size();
        if (!locals_.way().ended && !falls_through) jumps.push_back(emit(Op::jump, step));
    }
    for (const InstructionId jump : jumps) at(jump).target = here();
    locals_.take(std::move(after));
    --error_depth_;
    if (error_depth_ > 0) {
        locals_.show_own("error", error_slots_[error_depth_ - 1]);
    } else {
        locals_.hide_own("error", std::string(only_in_on_error));
    }
    at(instruction).on_error = CatchId(context_.program.catches.size());
    context_.program.catches.push_back(std::move(caught));
}

bool StepCompiler::may_bind(const Place& place, const std::string& name) {
    if (locals_.is_bound(name)) {
        context_.error(place, "\"" + name + "\" is bound already");
        return false;
    }
    const auto held = service_.held.find(name);
    if (held == service_.held.end()) return true;
    context_.error(place, "\"" + name + "\" would hide the " + std::string(held->second) +
                              " of the same name");
    return false;
}

std::optional<std::uint32_t> StepCompiler::bind_result(const Node& step, std::string_view key) {
    const Node* name = string_at(step, key);
    if (!name || !may_bind(name->place, name->text)) return std::nullopt;
    return locals_.bind(name->text);
}

InstructionId StepCompiler::emit(Op op, const Node& node) {
    const InstructionId id = here();
    program::Instruction& instruction = context_.program.code.emplace_back();
    instruction.op = op;
    instruction.source = context_.source(node.place);
    return id;
}

void StepCompiler::number(InstructionId instruction, std::string_view verb,
                          const std::string& name) {
    at(instruction).ordinal = ++ordinals_[std::string(verb) + " " + name];
}

}  // namespace sagalab::language
