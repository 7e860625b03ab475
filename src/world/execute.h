// Execution: runs the instructions of one handler until it waits or ends.
//
// One object lives for one reaction. The parts are files of their own: steps and control flow in
// execute.cpp, the store in store.cpp, calls in calls.cpp, how handlers begin and end in
// delivery.cpp, sagas in sagas.cpp.
#pragma once

#include <cstdint>
#include <string_view>

#include "world/effect.h"
#include "world/service.h"

namespace sagalab::world {

// The item whose handling this is.
struct Moment {
    Nanos now = 0;
    std::uint32_t round = 0;
    Hash128 cause;  // the item's id
};

struct Failure {
    Outcome outcome = Outcome::failed;
    Value code;
    Value body;  // null where the code says all
};

class Execution {
public:
    Execution(const Program& program, const Interest& interest, Service& service, Effects& effects,
              const Moment& moment)
        : program_(program),
          interest_(interest),
          service_(service),
          effects_(effects),
          now_(moment.now),
          round_(moment.round),
          cause_(moment.cause) {}

    // delivery.cpp
    // An event, a send or a call; false where it was not handled at all.
    bool deliver(Message&& message, std::uint32_t link);
    void take_reply(const Message& message);
    void take_timer(const Timer& timer);
    void fire_workload();

private:
    enum class Flow : std::uint8_t { next, jumped, waits, ended };

    // execute.cpp
    void run_ready(Running& running);
    void run_fiber(std::size_t fiber);
    Flow step(const program::Instruction& instruction);
    Flow for_begin(const program::Instruction& instruction);
    Flow for_next(const program::Instruction& instruction);
    Flow publish(const program::Instruction& instruction);
    Flow ending(const program::Instruction& instruction);
    Flow jump_unless(const program::Instruction& instruction);
    Flow let(const program::Instruction& instruction);
    Flow log(const program::Instruction& instruction);
    Flow assert_that(const program::Instruction& instruction);
    Flow wait(const program::Instruction& instruction);
    Flow note_reply(const program::Instruction& instruction);
    Value evaluate(ExpressionId expression);
    Flow broken(const Value& error);  // an expression went wrong: the handler fails
    Flow failed(const program::Instruction& instruction, const Failure& failure);
    Flow jump(InstructionId target);
    [[nodiscard]] Fiber& fiber() { return running_->fibers[fiber_]; }
    [[nodiscard]] Slots& slots() { return fiber().slots; }
    [[nodiscard]] InstructionId here() { return fiber().pc; }

    // store.cpp
    Flow insert(const program::Instruction& instruction);
    Flow update(const program::Instruction& instruction);
    Flow erase(const program::Instruction& instruction);
    void put_row(TableId table, const Value& key, Value row);
    void record_row(TableId table, const Value& key, const Value& before, const Value& after);

    // calls.cpp
    Flow call(const program::Instruction& instruction);
    Flow call_ended(const program::Instruction& instruction, Outcome outcome, const Value& code,
                    const Value& body);
    bool retry_call(const program::Instruction& instruction, Outcome outcome, const Value& code);
    Value default_key(const program::Instruction& instruction);
    void bind(const program::Instruction& instruction, Value value);
    void reply_to(const Caller& caller, Outcome outcome, const Value& code, Value body);
    void await(WaitKind kind, const Hash128& wait, Nanos due);
    void set_wait(const Hash128& wait, std::uint32_t fiber, Nanos due);
    // What comes in the instant in which it is asked for belongs to the next round.
    [[nodiscard]] std::uint32_t round_at(Nanos due) const { return due == now_ ? round_ + 1 : 0; }
    void stop_waiting(Fiber& fiber);
    Message outgoing(MessageKind kind, OperationId operation, Value payload);
    void emit(Message&& message, InstructionId by);
    [[nodiscard]] Hash128 next_id(InstructionId by);

    // delivery.cpp
    void begin(HandlerId handler, Message&& message, std::uint32_t link);
    Running& start(HandlerId handler, Message&& message, std::uint32_t link);
    bool reclaim(const Hash128& handler, Running& running);
    void park(Running& running);
    Flow end_handler(Outcome outcome, const Value& code, Value body);
    void inject_rejection(Outcome& outcome, Value& code, Value& body);
    void report_end(Outcome outcome, const Value& code, const Value& body);
    void finish_delivery(Outcome outcome, const Value& code);
    void deliver_again(Message&& message, std::uint32_t link, const Value& code);
    void put_back(Message&& message, std::uint32_t link);
    void acknowledge(std::uint32_t link);

    // faults.cpp
    enum class Strike : std::uint8_t { passes, answered, kept_away };
    Strike strike(Message& message, std::uint32_t link);
    bool strikes(FaultId id, const Message& message);
    bool postpone(Message& message, std::uint32_t link);
    Strike strike_with(FaultId id, Message& message, std::uint32_t link);
    void refuse(Message& message, Outcome outcome, const Value& code, std::uint32_t link);

    // sagas.cpp
    void begin_saga(HandlerId handler, Message&& message, std::uint32_t link);
    bool join_saga(const Value& name, const Message& message, std::uint32_t link);
    Flow step_begin(const program::Instruction& instruction);
    Flow step_end(const program::Instruction& instruction);
    void note_step(trace::SagaNote note);
    void note_step_error(Outcome outcome);
    Flow end_fiber(Outcome outcome, const Value& code, Value body);
    Flow saga_error(Outcome outcome, const Value& code);
    bool retry_step(Outcome outcome);
    [[nodiscard]] bool pivot_unknown(Outcome outcome) const;
    [[nodiscard]] const program::SagaStep* current_step() const;
    [[nodiscard]] std::uint32_t earlier_attempts();
    void deadline_passed();

    // compensation.cpp
    void compensate(Outcome outcome, const Value& code);
    void next_undo();
    void start_undo(std::uint32_t undo, std::size_t fiber);
    void undo_ended(Outcome outcome, const Value& code);
    void end_compensation();
    void finish_saga(trace::SagaNote state, Outcome outcome, const Value& code, Value body);
    void saga_note(std::uint32_t step, trace::SagaNote note, std::uint32_t attempt = 1);
    void saga_state(trace::SagaNote state);
    [[nodiscard]] const program::Saga& saga() const { return program_[running_->saga->saga]; }

    // records
    [[nodiscard]] bool listening() const { return interest_.everything; }
    trace::Record& record(trace::RecordKind kind);
    void describe(trace::Record& record, const Message& message) const;

    const Program& program_;
    const Interest& interest_;
    Service& service_;
    Effects& effects_;
    Nanos now_;
    std::uint32_t round_;
    Hash128 cause_;
    Running* running_ = nullptr;
    std::size_t fiber_ = 0;
    std::uint32_t ids_ = 0;  // given out in this reaction
    Value forced_;           // a rejection to inject at the end of the handler that begins
};

}  // namespace sagalab::world
