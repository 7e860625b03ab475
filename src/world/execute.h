// Execution: runs the instructions of one handler until it waits or ends.
//
// One object lives for one reaction. The parts are files of their own: steps and control flow in
// execute.cpp, the store in store.cpp, calls in calls.cpp, how handlers begin and end in
// delivery.cpp, sagas in sagas.cpp, event sourcing in events.cpp and projections.cpp, and so on.
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

// The outcome that a word names; unknown if it names none.
Outcome outcome_of(const Value& word);

struct Failure {
    Outcome outcome = Outcome::failed;
    Value code;
    Value body;  // null where the code says all
};

// What a call binds whose caller takes every outcome alike: {outcome, code, body}, of a request
// with `status`. Status and body are null where the gateway itself has not answered.
Value settled(const program::Call& spec, Outcome outcome, const Value& code, const Value& body);

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

    // An event, a send or a call; false where it was not handled at all.
    bool take_message(Message&& message, std::uint32_t link);
    void take_reply(Message&& message, std::uint32_t link);
    void take_timer(const Timer& timer);
    // An adversary's moves.
    void crash_now(std::uint32_t replica);
    void restart_now(std::uint32_t replica, Nanos clock);
    void stand_still(std::uint32_t replica);
    void go_on(std::uint32_t replica);

private:
    enum class Flow : std::uint8_t { next, jumped, waits, ended };

    // delivery.cpp
    bool deliver(Message&& message, std::uint32_t link);
    void fire(std::uint32_t own);  // the next one of a workload item or a job
    void fire_client(const program::WorkItem& item, Message&& message, std::uint64_t count);
    void take_wait(const Timer& timer);
    void send_scheduled(const Hash128& id);

    // execute.cpp
    void run_ready(Running& running);
    void run_fiber(std::size_t fiber);
    bool advance();
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
    Flow choose(const program::Instruction& instruction);
    Flow count_next(const program::Instruction& instruction);
    Flow send_command(const program::Instruction& instruction);
    void schedule(Message&& message, Nanos after);
    void keep_until_due(Message&& message);
    Value evaluate(ExpressionId expression);
    Flow broken(const Value& error);  // an expression went wrong: the handler fails
    Flow failed(const program::Instruction& instruction, const Failure& failure);
    Flow unhandled(const Failure& failure);
    Flow jump(InstructionId target);
    [[nodiscard]] Fiber& fiber() { return running_->fibers[fiber_]; }
    [[nodiscard]] Slots& slots() { return fiber().slots; }
    [[nodiscard]] InstructionId here() { return fiber().pc; }

    // store.cpp
    Flow insert(const program::Instruction& instruction);
    Flow update(const program::Instruction& instruction);
    Flow erase(const program::Instruction& instruction);
    void put_row(TableId table, const Value& key, Value row);
    void drop_row(TableId table, const Value& key);  // if it is there
    void record_row(TableId table, const Value& key, const Value& before, const Value& after);

    // calls.cpp
    Flow call(const program::Instruction& instruction);
    Flow call_ended(const program::Instruction& instruction, Outcome outcome, const Value& code,
                    const Value& body);
    void timed_out(WaitKind kind, const Hash128& wait);
    bool retry_call(const program::Instruction& instruction, Outcome outcome, const Value& code);
    Value default_key(const program::Instruction& instruction);
    void bind(const program::Instruction& instruction, Value value);
    void reply_to(const Caller& caller, Outcome outcome, const Value& code, Value body);
    void await(WaitKind kind, const Hash128& wait, Nanos due);
    void set_wait(const Hash128& wait, std::uint32_t fiber, Nanos due);
    // What comes in the instant in which it is asked for belongs to the next round.
    [[nodiscard]] std::uint32_t round_at(Nanos due) const { return due == now_ ? round_ + 1 : 0; }
    void stop_waiting(Fiber& fiber);
    void stop_fiber(std::size_t fiber);
    Message outgoing(MessageKind kind, OperationId operation, Value payload);
    void emit(Message&& message, InstructionId by);
    [[nodiscard]] Hash128 next_id(InstructionId by);

    // parallel.cpp
    Flow parallel(const program::Instruction& instruction);
    Flow branch_ended(Outcome outcome, const Value& code, Value body);
    void finish_parallel(std::size_t parent);
    void leave_branches(std::size_t parent);
    std::size_t free_fiber();

    // events.cpp
    Flow append(const program::Instruction& instruction);
    Hash128 event_id(const program::Instruction& instruction);
    Flow expected_version(const program::Instruction& instruction, const Value& key,
                          std::int64_t& version);
    Flow write_events(const program::Instruction& instruction, const Value& key,
                      std::int64_t version, std::vector<StoredEvent> events);
    void tell_appended(const program::Aggregate& aggregate, const Value& key, std::int64_t version,
                       const StoredEvent& event);
    void send_event(const program::Aggregate& aggregate, const Value& key, std::int64_t version,
                    const StoredEvent& event);

    // projections.cpp
    void take_feed(Message&& message, std::uint32_t link);
    void rebuild(std::uint32_t projection);       // an operator asks for it
    void rebuild_step(std::uint32_t projection);  // its timer
    void rebuild_later(std::uint32_t projection, Nanos due);
    void swap_rebuilt(const program::Projection& spec);
    void rebuild_entry(const program::Projection& spec, Rebuild& rebuild, const Value& entry);
    [[nodiscard]] const program::Projection& projection_of(OperationId feed) const;
    void run_feed();
    bool check_entry(const program::Projection& spec, const Value& entry);
    bool read_entry(const program::Projection& spec, const Value& entry);
    void end_feed();
    void write_projected(const program::Projection& spec, const Value& entry);
    void miss_entry(const Value& entry, const Value& code);
    void bury_entry(const Message& message);

    // operators.cpp
    void operate(Message&& message, std::uint32_t link);
    void redrive(OperationId type);
    [[nodiscard]] bool is_of_type(const Message& message, OperationId type) const;
    void come_once_more(Message&& message);
    void move_saga(SagaId saga, const Value& key, bool undo);
    void ask_to_undo(Running& running);

    // gateway.cpp
    void request(Message&& message, std::uint32_t link);
    void turn_down(const Message& message, Outcome outcome, std::int64_t status,
                   std::string_view code);
    [[nodiscard]] Value evaluate_require(const program::Route& route, const Value& request) const;
    bool within_limit(const program::Route& route, const Value& user);
    void enter_route();
    Flow end_route(Outcome outcome, const Value& code, Value body);
    void route_timed_out();
    // False: it is no request, and the payload is the error.
    bool address(const program::Call& spec, Message& message);

    // points.cpp: true where the handler stands still there, crashed or held
    [[nodiscard]] bool watched() const;
    bool adversary_stops(std::uint32_t point);
    bool pass(program::PointKind kind, InstructionId instruction = {});
    bool pass_record(std::uint32_t step, trace::SagaNote note);
    bool passed(const program::Point& point);
    bool strikes_here(FaultId fault);
    void carry_out_stop();

    // commit.cpp
    [[nodiscard]] bool transacts() const;
    void hold_row(TableId table, const Value& key, Value before, Value after);
    void hold_stream(std::uint32_t aggregate, const Value& key);
    void commit();
    void roll_back();
    void roll_back_quietly();
    void relay();
    void relay_again();
    void leave(Send&& send);
    void commit_before_wait();
    Flow finish();
    void put_aside();
    [[nodiscard]] bool was_overtaken() const;
    void give_up();
    void held_no_longer();
    void take_up_again();

    // inbox.cpp
    [[nodiscard]] Hash128 inbox_key(const Message& message) const;
    bool known(Message& message, std::uint32_t link);
    void answer_known(const Message& message, std::uint32_t link, const Remembered& known);
    void note_begun();
    void remember();
    void release_copies();
    void lose_copies(const Hash128& key);
    bool stale(const Message& message, std::uint32_t link);

    // breaker.cpp
    BreakerState& breaker_of(PolicyId policy);
    void switch_breaker(PolicyId policy, BreakerState& breaker, BreakerState::Mode mode);
    bool breaker_lets(PolicyId policy);
    void breaker_hears(PolicyId policy, Outcome outcome);

    // outages.cpp
    [[nodiscard]] Nanos paused_until(std::uint32_t replica) const;
    [[nodiscard]] Nanos all_paused_until() const;
    void pause_begins(FaultId fault);
    std::int64_t slowness();
    bool cut_off(Message& message, std::uint32_t link);
    void come_at(Message&& message, std::uint32_t link, Nanos time);
    void lose_on_the_way(Message&& message, std::uint32_t link);
    bool stands_still(Message& message, std::uint32_t link);
    bool put_off(const Timer& timer);
    void set_again(const Timer& timer, Nanos due);
    bool store_fails(TableId table, Value& code);

    // await.cpp
    Flow await_event(const program::Instruction& instruction);
    void wake(const Message& event);
    void stop_awaiting(const Hash128& wait);

    // workers.cpp
    void admit(HandlerId handler, Message&& message, std::uint32_t link);
    void enlist(Queued&& queued, std::uint32_t replica);
    void begin_work(Queued&& queued, std::uint32_t replica);
    [[nodiscard]] std::uint32_t coming_replica() const;  // whose turn it is
    std::uint32_t next_replica();
    bool works_first();  // `takes`: the handler that begins waits before its first step
    void release();
    void next_queued(std::uint32_t replica);

    // crash.cpp
    void fault_begins(FaultId fault);
    void crash(std::uint32_t replica, Nanos restart_at);
    void lose(Running& running);
    void lose_message(Message&& message, std::uint32_t link, bool begun);
    void suspend(Running& running);
    void lose_queue(std::uint32_t replica);
    void restart(std::uint32_t replica);
    void take_over(std::uint32_t replica);  // its lease has expired
    void resume_sagas(std::uint32_t of, std::uint32_t replica);
    void resume(Running& running);
    void take_saga_from(const Cow<Running>& owner, std::uint32_t replica);
    [[nodiscard]] bool owns_saga(const Running& running) const;
    bool fenced(const Running& running);                   // somebody else runs the saga by now
    bool turn_away(Message& message, std::uint32_t link);  // nobody is up

    // delivery.cpp
    void begin(HandlerId handler, Message&& message, std::uint32_t link, std::uint32_t replica);
    Running& start(HandlerId handler, Message&& message, std::uint32_t link, std::uint32_t replica);
    bool reclaim(const Hash128& handler, Running& running);
    void park(Running& running);
    Flow end_handler(Outcome outcome, const Value& code, Value body);
    void answer_end();
    bool crashes_before(HandlerId handler, Message& message, std::uint32_t link);
    void inject_rejection(Outcome& outcome, Value& code, Value& body);
    void report_end(Outcome outcome, const Value& code, const Value& body);
    void finish_delivery(Outcome outcome, const Value& code);
    // In time: no earlier than the bus waits; what a crash has lost may come at once.
    void deliver_again(Message&& message, std::uint32_t link, const Value& code,
                       bool in_time = true);
    void put_back(Message&& message, std::uint32_t link);
    void acknowledge(std::uint32_t link);
    bool set_aside(const Message& message, std::uint32_t link);
    void bury(Message&& message, const Value& code);  // a dead letter
    void park_sequence(const Hash128& sequence);
    [[nodiscard]] Hash128 sequence_of(const Message& message);

    // faults.cpp
    enum class Strike : std::uint8_t { passes, answered, kept_away };
    Strike strike(Message& message, std::uint32_t link);
    bool strikes(FaultId id, const Message& message);
    bool postpone(Message& message, std::uint32_t link);
    Strike strike_with(FaultId id, Message& message, std::uint32_t link);
    void duplicate(const Message& message, std::uint32_t link);
    bool reply_lost(const Message& message);
    Strike strike_by_adversary(Message& message, std::uint32_t link);
    void refuse(Message& message, Outcome outcome, const Value& code, std::uint32_t link);

    // sagas.cpp
    void begin_saga(HandlerId handler, Message&& message, std::uint32_t link,
                    std::uint32_t replica);
    bool join_saga(const Value& name, const Message& message, std::uint32_t link);
    Flow step_begin(const program::Instruction& instruction);
    Flow step_end(const program::Instruction& instruction);
    void note_step(trace::SagaNote note);
    bool note_step_error(Outcome outcome);
    Flow end_fiber(Outcome outcome, const Value& code, Value body);
    Flow saga_error(Outcome outcome, const Value& code);
    bool retry_step(Outcome outcome);
    [[nodiscard]] bool pivot_unknown(Outcome outcome) const;
    [[nodiscard]] const program::SagaStep* current_step() const;
    [[nodiscard]] std::uint32_t earlier_attempts();
    void deadline_passed();
    void stop_saga(Running& running);

    // compensation.cpp
    [[nodiscard]] bool undo_is_due(const Undo& undo) const;
    void compensate(Outcome outcome, const Value& code, trace::SagaNote recorded);
    void next_undo();
    void start_undo(std::uint32_t undo, std::size_t fiber);
    void undo_ended(Outcome outcome, const Value& code);
    void after_undo(const Hash128& wait);
    void go_on_undoing();
    [[nodiscard]] bool gave_up() const;
    void end_compensation();
    void finish_saga(trace::SagaNote state, Outcome outcome, const Value& code, Value body);
    void saga_note(std::uint32_t step, trace::SagaNote note, std::uint32_t attempt = 1);
    void saga_state(trace::SagaNote state);
    void saga_epoch();
    void keep_parked();
    [[nodiscard]] const program::Saga& saga() const { return program_[running_->saga->saga]; }

    // records
    [[nodiscard]] bool listening() const { return interest_.everything; }
    // For coverage: the spot, or the n-th from it.
    void reached(std::uint32_t spot, std::uint32_t nth = 0) {
        if (spot != program::CoverageMap::absent) effects_.reached.add(spot + nth);
    }
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

    // What the handler that runs has written and sent, and not committed.
    std::vector<HeldRow> rows_;
    std::vector<HeldStream> streams_;
    std::vector<Send> held_;
    bool quiet_ = false;  // nothing of it is told
    struct Stop {         // a crash, to be carried out when the handler stands still
        bool now = false;
        std::uint32_t replica = 0;
        Nanos restart_at = never;
    };
    Stop stopped_;
    trace::SagaNote last_note_ = trace::SagaNote::none;  // of the saga's step that just ended
};

}  // namespace sagalab::world
