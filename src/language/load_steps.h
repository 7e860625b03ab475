// Steps of one handler to instructions.
//
// Code is laid out in the order of the file. `onError` stands behind its step:
//     [step] [jump L] [arm 1] [jump L] [arm 2] L:
// In a saga each step with an effect is put between step_begin and step_end; its undo is a block
// of its own behind the handler.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "language/load_context.h"
#include "language/locals.h"

namespace sagalab::language {

class StepCompiler {
public:
    // `outer` holds what the service or the client shows, in the slots before `first_slot`.
    StepCompiler(LoadContext& context, HandlerId handler, const Scope& outer,
                 std::uint32_t first_slot = 1);

    // The handler's code, `end` included; a saga's undos follow it.
    void compile(const Node& steps);
    // A client that does its steps `times` times; `round_slot` counts them from 0.
    void compile_client(const Node& steps, std::uint32_t round_slot, std::uint64_t times);
    // One more block of the same handler, with all names in scope that it ever bound.
    InstructionId compile_aside(const Node& steps);
    [[nodiscard]] const Scope& scope() const { return locals_.scope(); }

private:
    using Function = void (StepCompiler::*)(const Node& step, const Member& verb);
    struct Verb {
        std::string_view name;
        Function compile;
        bool has_effect;  // a step of its own in a saga
    };
    struct Undo {
        std::uint32_t step;
        const Node* steps;
        Locals::Snapshot names;
    };
    static std::span<const Verb> verbs();

    // load_steps.cpp
    void block(const Node& steps);  // an array, or one step
    void step(const Node& step);
    void bracket(const Node& step, const Verb& verb, const Member& member);
    std::string step_name(const Node& step, const Verb& verb, const Member& member) const;
    program::StepKind step_kind(const Node& step) const;
    void refuse_saga_words(const Node& step);
    void catch_errors(const Node& step, InstructionId instruction, const Way& before);
    void load_arms(const Node& step, std::vector<std::pair<program::CatchArm, const Node*>>& arms);
    std::optional<std::uint32_t> bind_result(const Node& step, std::string_view key);
    bool may_bind(const Place& place, const std::string& name);
    InstructionId emit(program::Op op, const Node& node);
    program::Instruction& at(InstructionId id) { return context_.program.code[id.value]; }
    [[nodiscard]] InstructionId here() const { return InstructionId(context_.program.code.size()); }
    void number(InstructionId instruction, std::string_view verb, const std::string& name);

    // load_effects.cpp
    void insert(const Node& step, const Member& verb);
    void update(const Node& step, const Member& verb);
    void upsert(const Node& step, const Member& verb);
    void erase(const Node& step, const Member& verb);
    void merge_row(program::Op op, const Node& step, const Member& verb);
    void publish(const Node& step, const Member& verb);
    void send(const Node& step, const Member& verb);
    void call(const Node& step, const Member& verb);
    void append(const Node& step, const Member& verb);
    void await(const Node& step, const Member& verb);
    TableId own_table(const Node& name);
    void schedule(const Node& step, InstructionId instruction);

    // load_flow.cpp
    void branch(const Node& step, const Member& verb);
    void repeat(const Node& step, const Member& verb);
    void parallel(const Node& step, const Member& verb);
    void group(const Node& step, const Member& verb);  // {"step": ..., "do": [...]}
    void reply(const Node& step, const Member& verb);
    void reject(const Node& step, const Member& verb);
    void fail(const Node& step, const Member& verb);
    void stop(const Node& step, const Member& verb);
    void let(const Node& step, const Member& verb);
    void wait(const Node& step, const Member& verb);
    void log(const Node& step, const Member& verb);
    void assert_that(const Node& step, const Member& verb);
    void choose(const Node& step, const Member& verb);
    void ending(const Node& step);

    // load_clients.cpp
    void request(const Node& step, const Member& verb);
    void note(const Node& step, InstructionId call);
    void refuse_error_words(const Node& step);

    LoadContext& context_;
    HandlerId handler_;
    const ServiceNames& service_;
    program::Saga* saga_ = nullptr;
    bool is_client_ = false;
    bool inside_step_ = false;  // of the saga, or in an undo: no further steps of it here
    Locals locals_;
    std::uint32_t row_slot_ = Index<void>::absent;
    std::vector<std::uint32_t> error_slots_;  // by depth of `onError`
    std::size_t error_depth_ = 0;
    std::map<std::string, std::uint16_t> ordinals_;  // "insert orders" -> 2
    std::map<std::string, std::uint32_t> step_names_;
    std::vector<Undo> undos_;
};

// The place in Program::loads of what is called `as`: the text before the first ${; absent where
// there is none.
std::uint32_t load_of(program::Program& program, const std::string& as);
// What expressions in the handlers of a service see: `msg`, `meta`, `store`, and what all see.
Scope handler_scope(const LoadContext& context, ServiceId service);

// What a call says beside its data, for a handler or (`settled`) for a client.
std::uint32_t add_call(LoadContext& context, const Node& step, const Scope& scope, bool settled);
// Api operations only: a saga is started by a call.
OperationId find_command(LoadContext& context, const Node& string);

}  // namespace sagalab::language
