#include <algorithm>
#include <utility>

#include "world/execute.h"

namespace sagalab::world {

using program::HandlerKind;
using program::PointKind;
using trace::RecordKind;

// With an outbox, what a handler writes and sends is one commit. A saga commits step by step with
// its log instead: it goes on from there, and never takes anything back. A projection has a
// checkpoint.
bool Execution::transacts() const {
    return program_[service_.id].outbox && running_ && !running_->saga &&
           program_[running_->handler].kind != HandlerKind::client &&
           program_[running_->handler].kind != HandlerKind::projection;
}

void Execution::hold_row(TableId table, const Value& key, Value before, Value after) {
    if (transacts()) {
        rows_.push_back({table, key, std::move(before), std::move(after), here()});
        return;
    }
    if (running_) running_->lasting = true;
    if (interest_.in_table(table)) record_row(table, key, before, after);
}

// What has been written is there to stay; what is to be sent lies in the outbox.
void Execution::commit() {
    if (!rows_.empty() || !held_.empty()) running_->lasting = true;
    bool first = true;
    for (const HeldRow& row : rows_) {
        if (!interest_.in_table(row.table)) continue;
        if (!first) effects_.records.back().more = true;
        first = false;
        record_row(row.table, row.key, row.before, row.after);
        effects_.records.back().instruction = row.instruction;
    }
    for (Send& send : held_) {
        if (send.message.kind == MessageKind::call) {
            leave(std::move(send));
        } else if (send.message.durable && send.message.arrival > now_) {
            keep_until_due(std::move(send.message));
        } else {
            send.message.durable = true;
            service_.outbox.push_back(std::move(send));
        }
    }
    rows_.clear();
    streams_.clear();
    held_.clear();
}

// Nobody has seen it: as if it had never been.
void Execution::roll_back() {
    if (rows_.empty() && held_.empty() && streams_.empty()) return;
    if (listening() && !quiet_) record(RecordKind::rolled_back);
    for (std::size_t i = rows_.size(); i-- > 0;) {
        HeldRow& row = rows_[i];
        Rows& table = service_.tables[program_[row.table].local];
        std::size_t size = table.size();
        if (row.before.is_null()) {
            table.erase(row.key);
        } else {
            table.put(row.key, std::move(row.before));
        }
        service_.cost += (table.size() - size) * row_cost;
    }
    for (std::size_t i = streams_.size(); i-- > 0;) {
        HeldStream& held = streams_[i];
        Streams& streams = service_.streams[held.aggregate];
        if (held.before.version() == 0) {
            streams.erase(held.key);
        } else {
            streams.put(held.key, std::move(held.before));
        }
    }
    rows_.clear();
    streams_.clear();
    held_.clear();
}

// A stream is about to change.
void Execution::hold_stream(std::uint32_t aggregate, const Value& key) {
    if (!transacts()) return;
    const Stream* found = service_.streams[aggregate].find(key);
    streams_.push_back({aggregate, key, found ? *found : Stream(), 0});
}

// The relay: what was committed leaves, in order. It is there until it is marked as sent.
void Execution::relay() {
    if (service_.outbox.empty()) return;
    service_.outbox.for_each([&](const Send& send) {
        Send copy = send;
        copy.message.arrival = now_;
        copy.message.round = round_;
        leave(std::move(copy));
    });
}

// Sent, and not marked as sent: what the relay will send once more are other copies, so that both
// can be handled at the same time.
void Execution::relay_again() {
    constexpr std::uint8_t sent_again = 16;  // apart from those that a fault makes
    Queue<Send> again;
    service_.outbox.for_each([&](const Send& send) {
        Send copy = send;
        copy.message.copy += sent_again;
        again.push_back(std::move(copy));
    });
    service_.outbox = std::move(again);
}

void Execution::leave(Send&& send) {
    send.records = static_cast<std::uint32_t>(effects_.records.size());
    effects_.sends.push_back(std::move(send));
}

// Before a handler waits: what it did so far is one commit.
void Execution::commit_before_wait() {
    bool nothing = rows_.empty() && held_.empty();
    if (transacts() && !nothing && pass(PointKind::before_commit)) return roll_back();
    commit();
    if (!nothing && pass(PointKind::after_commit)) return;
    if (service_.outbox.empty()) return;
    relay();
    if (pass(PointKind::after_send)) return relay_again();
    service_.outbox = {};
    pass(PointKind::after_mark);
}

// The end of a handler that is no saga, stage by stage; it goes on here after having been held.
Execution::Flow Execution::finish() {
    bool keeps = running_->ending->outcome == Outcome::succeeded ||
                 running_->ending->outcome == Outcome::rejected;
    if (!keeps) {
        roll_back();
        running_->ending->stage = EndStage::answer;
    }
    for (;;) {
        EndStage stage = running_->ending->stage;
        running_->ending->stage = static_cast<EndStage>(static_cast<int>(stage) + 1);
        switch (stage) {
            case EndStage::begin:
                if (pass(PointKind::before_commit)) return Flow::waits;
                break;
            case EndStage::commit:
                commit();
                remember();
                if (pass(PointKind::after_commit)) return Flow::waits;
                break;
            case EndStage::send:
                relay();
                if (pass(PointKind::after_send)) {
                    relay_again();
                    return Flow::waits;
                }
                break;
            case EndStage::mark:
                service_.outbox = {};
                if (pass(PointKind::after_mark)) return Flow::waits;
                break;
            case EndStage::acknowledge:
                if (pass(PointKind::before_acknowledge)) return Flow::waits;
                break;
            case EndStage::answer: answer_end(); return Flow::ended;
        }
    }
}

// Held with something uncommitted: nobody sees it before the handler goes on.
void Execution::put_aside() {
    if (rows_.empty() && held_.empty() && streams_.empty()) return;
    Held& held = running_->held.emplace();
    for (const HeldStream& stream : streams_) {
        bool known = std::ranges::any_of(held.streams, [&](const HeldStream& each) {
            return each.aggregate == stream.aggregate && each.key == stream.key;
        });
        if (known) continue;
        held.streams.push_back({stream.aggregate, stream.key,
                                *service_.streams[stream.aggregate].find(stream.key),
                                stream.before.version()});
    }
    held.rows = rows_;
    held.sends = std::move(held_);
    held_.clear();
    roll_back_quietly();
}

void Execution::roll_back_quietly() {
    bool told = std::exchange(quiet_, true);
    roll_back();
    quiet_ = told;
}

// Where another has appended to one of its streams meanwhile, it cannot be committed any more.
bool Execution::was_overtaken() const {
    if (!running_->held) return false;
    const Held& held = *running_->held;
    return std::ranges::any_of(held.streams, [&](const HeldStream& each) {
        const Stream* now = service_.streams[each.aggregate].find(each.key);
        return (now ? now->version() : 0) != each.version;
    });
}

void Execution::give_up() {
    running_->held = {};
    for (Fiber& each : running_->fibers) {
        if (each.waits_for != WaitKind::none) stop_waiting(each);
        each.ended = true;
    }
    fiber_ = 0;
    end_handler(Outcome::failed, Value("WrongExpectedVersion"), Value());
}

// A stall is over.
void Execution::held_no_longer() {
    if (was_overtaken()) return give_up();
    take_up_again();
    if (fiber_ != 0) return;
    if (program_[running_->handler].kind == HandlerKind::projection) return run_feed();
    if (running_->ending) finish();
}

// All of it is as the handler left it.
void Execution::take_up_again() {
    if (!running_->held) return;
    Held held = std::move(*running_->held);
    running_->held = {};
    for (HeldRow& row : held.rows) {
        Rows& table = service_.tables[program_[row.table].local];
        const Value* now = table.find(row.key);
        row.before = now ? *now : Value();
        std::size_t size = table.size();
        if (row.after.is_null()) {
            table.erase(row.key);
        } else {
            table.put(row.key, row.after);
        }
        service_.cost += (table.size() - size) * row_cost;
    }
    for (HeldStream& stream : held.streams) {
        hold_stream(stream.aggregate, stream.key);
        service_.streams[stream.aggregate].put(stream.key, std::move(stream.before));
    }
    rows_ = std::move(held.rows);
    held_ = std::move(held.sends);
}

}  // namespace sagalab::world
