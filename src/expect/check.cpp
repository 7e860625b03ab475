#include "expect/check.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "expect/explain.h"
#include "program/points.h"
#include "program/premise.h"

namespace sagalab::expect {

using program::ExpectSlot;
using trace::RecordKind;

world::Interest Check::interest(bool everything) const {
    world::Interest interest;
    interest.everything = everything;
    // A fault at a point that never fired is told which points were passed.
    interest.points =
        std::ranges::any_of(program_.faults_at, [](const auto& faults) { return !faults.empty(); });
    for (std::size_t t = 0; t < program_.tables.size(); ++t) {
        interest.tables.push_back(always_.watches(TableId(t)));
    }
    return interest;
}

void Check::take(const trace::Record& record) {
    if (record.kind != RecordKind::row_changed) {
        ledger_.take(record);
    } else {
        always_.changed(record);
    }
}

std::vector<Verdict> Check::verdicts(const world::World& world, bool settled) const {
    std::vector<Verdict> verdicts = always_.verdicts();
    judge_assertions(verdicts);
    if (!settled) {
        std::erase_if(verdicts, [](const Verdict& verdict) { return verdict.holds; });
        return verdicts;
    }
    judge_claims(program_.expect.finally, Kind::finally, world, verdicts);
    judge_claims(program_.expect.sometimes, Kind::sometimes, world, verdicts);
    judge_replies(verdicts);
    judge_deliveries(verdicts);
    judge_faults(world, verdicts);
    return verdicts;
}

namespace {

// [{type, to, id, data, reason, attempts}, ...], by service.
std::vector<Value> left_dead(const program::Program& program, const world::World& world) {
    std::vector<Value> dead;
    for (const Cow<world::Service>& service : world.services) {
        for (const world::DeadLetter& each : service->dead_letters) {
            const world::Message& message = each.message;
            dead.push_back(Value::map({{"type", program[message.operation].name},
                                       {"to", program[message.to].name},
                                       {"id", message.id.hex()},
                                       {"data", message.payload},
                                       {"reason", each.code},
                                       {"attempts", static_cast<std::int64_t>(message.attempt)}}));
        }
    }
    return dead;
}

}  // namespace

std::size_t Check::dead_letters(const world::World& world, bool settled) const {
    return settled ? left_dead(program_, world).size() : ledger_.dead_letters();
}

std::vector<Value> Check::final_slots(const world::World& world) const {
    std::vector<Value> slots(static_cast<std::size_t>(ExpectSlot::count));
    auto slot = [&](ExpectSlot which) -> Value& { return slots[static_cast<std::size_t>(which)]; };
    std::vector<MapEntry> replies;
    ledger_.replies().for_each([&](const Value& name, const Value& reply) {
        replies.push_back({name, reply});
    });
    slot(ExpectSlot::replies) = Value::map(std::span(replies));

    std::vector<Value> up;
    for (const program::Service& service : program_.services) {
        if (service.kind == program::ServiceKind::client) continue;
        if (world.services[static_cast<std::size_t>(&service - program_.services.data())]->up()) {
            up.emplace_back(service.name);
        }
    }
    slot(ExpectSlot::up) = Value::list(std::span(up));
    std::vector<Value> waiting;
    std::vector<Value> undelivered;
    for (const Cow<world::Service>& service : world.services) {
        service->handlers.for_each([&](const Hash128&, const Cow<world::Running>& running) {
            const program::Handler& handler = program_[running->handler];
            waiting.push_back(Value(program_[handler.service].name + "." + handler.name));
        });
        for (const world::Link& link : service->mailbox.links()) {
            auto add = [&](const world::Message& message) {
                undelivered.push_back(Value(program_.label({message.operation, message.to})));
            };
            if (link.again) add(*link.again);
            link.queue.for_each(add);
        }
        service->scheduled.for_each([&](const Hash128&, const world::Message& message) {
            undelivered.push_back(Value(program_[message.operation].label));
        });
    }
    auto by_text = [](const Value& a, const Value& b) { return key_less(a, b); };
    std::sort(waiting.begin(), waiting.end(), by_text);
    std::sort(undelivered.begin(), undelivered.end(), by_text);
    slot(ExpectSlot::waiting) = Value::list(std::span(waiting));
    slot(ExpectSlot::undelivered) = Value::list(std::span(undelivered));
    std::vector<Value> dead = left_dead(program_, world);
    slot(ExpectSlot::dead_letters) = Value::list(std::span(dead));

    std::vector<Value> parked;
    for (const program::Saga& saga : program_.sagas) {
        const program::Table& table = program_[saga.table];
        for (const auto* entry : world.services[saga.service.value]->tables[table.local].sorted()) {
            const Value* left = entry->value.find("left");
            if (!left) continue;
            std::string name = program_[saga.service].name + "." + saga.name;
            parked.push_back(Value::map({{"saga", name}, {"id", entry->key}, {"left", *left}}));
        }
    }
    slot(ExpectSlot::parked) = Value::list(std::span(parked));
    slot(ExpectSlot::load) = ledger_.load();
    return slots;
}

void Check::judge_claims(const std::vector<program::Claim>& claims, Kind kind,
                         const world::World& world, std::vector<Verdict>& verdicts) const {
    if (claims.empty()) return;
    std::vector<Value> slots = final_slots(world);
    std::vector<program::Rows> tables;
    for (const program::Table& table : program_.tables) {
        tables.push_back(world.services[table.service.value]->tables[table.local]);
    }
    program::Environment environment;
    environment.slots = slots.data();
    environment.tables = tables.data();
    environment.delivered = ledger_.counts().data();
    for (const program::Claim& claim : claims) {
        Verdict verdict;
        verdict.kind = kind;
        verdict.name = claim.title;
        verdict.source = claim.source;
        program::PremiseWatch watch;
        if (auto premise = program::premise_of(program_, program_[claim.expression])) {
            watch.at = premise->at;
            verdict.premise = premise->text;
        }
        environment.premise = verdict.premise.empty() ? nullptr : &watch;
        Value result = program::evaluate(program_, claim.expression, environment);
        verdict.premise_met = watch.met;
        environment.premise = nullptr;
        verdict.holds = result.is(Value::Kind::boolean) && result.truth();
        if (!verdict.holds) {
            verdict.reasons = explain(program_, claim.expression, environment);
        } else {
            TableId range = range_of(program_[claim.expression]);
            verdict.vacuous = range && tables[range.value].empty();
        }
        verdicts.push_back(std::move(verdict));
    }
}

void Check::judge_replies(std::vector<Verdict>& verdicts) const {
    for (const program::ReplyClaim& claim : program_.expect.replies) {
        Verdict verdict;
        verdict.kind = Kind::replies;
        verdict.name = "replies " + claim.name;
        verdict.source = claim.source;
        const Value* found = ledger_.replies().find(Value(claim.name));
        if (!found) {
            verdict.reasons.push_back("no reply \"" + claim.name + "\" was recorded");
        } else {
            compare(claim.name, claim.expected, found, verdict.reasons);
        }
        verdict.holds = verdict.reasons.empty();
        verdicts.push_back(std::move(verdict));
    }
}

void Check::judge_deliveries(std::vector<Verdict>& verdicts) const {
    const program::Expect& expect = program_.expect;
    auto label = [&](std::uint32_t delivery) {
        return program_.label(program_.deliveries[delivery]);
    };
    if (!expect.sequence.empty()) {
        Verdict verdict;
        verdict.kind = Kind::sequence;
        verdict.name = "sequence";
        verdict.source = expect.sequence_source;
        std::size_t done = ledger_.sequence_done();
        verdict.holds = done == expect.sequence.size();
        if (!verdict.holds) {
            std::string after = done == 0 ? "at all" : "after " + label(expect.sequence[done - 1]);
            verdict.reasons.push_back(label(expect.sequence[done]) + " did not come " + after);
        }
        verdicts.push_back(std::move(verdict));
    }
    for (const program::CountClaim& claim : expect.counts) {
        Verdict verdict;
        verdict.kind = Kind::counts;
        verdict.name = "counts " + label(claim.delivery);
        verdict.source = claim.source;
        std::uint64_t count = ledger_.counts()[claim.delivery];
        verdict.holds = count == claim.count;
        if (!verdict.holds) {
            verdict.reasons.push_back(label(claim.delivery) + " came " + std::to_string(count) +
                                      " times, expected " + std::to_string(claim.count));
        }
        verdicts.push_back(std::move(verdict));
    }
}

// A fault that never fired fails the run: a test that did not inject anything proves nothing.
// Which points of the fault's service were passed: the one most like it, or the first few.
std::string Check::points_passed(const program::Fault& fault) const {
    std::vector<std::string> names;
    const std::vector<std::uint64_t>& passed = ledger_.passed();
    for (std::size_t i = 0; i < passed.size(); ++i) {
        const program::Point& point = program_.points[i];
        if (passed[i] == 0 || program_[point.handler].service != fault.service) continue;
        names.push_back("\"" + program::point_name(program_, point) + "\" during " +
                        program_[point.handler].name);
    }
    const std::string& service = program_[fault.service].name;
    if (names.empty()) return "no point of " + service + " was passed";
    auto distance = [&](const std::string& name) { return edit_distance(fault.point, name); };
    auto nearest = std::min_element(
        names.begin(), names.end(),
        [&](const std::string& a, const std::string& b) { return distance(a) < distance(b); });
    return service + " passed " + std::to_string(names.size()) + " points, the nearest is " +
           *nearest;
}

void Check::judge_faults(const world::World& world, std::vector<Verdict>& verdicts) const {
    for (std::size_t i = 0; i < program_.faults.size(); ++i) {
        const program::Fault& fault = program_.faults[i];
        std::uint32_t strikes = 0;
        std::uint32_t matches = 0;
        for (const Cow<world::Service>& service : world.services) {
            strikes += service->faults[i].strikes;
            matches += service->faults[i].matches();
        }
        if (strikes > 0 || fault.optional) continue;
        Verdict verdict;
        verdict.kind = Kind::fault_fired;
        verdict.name = fault.text;
        verdict.source = fault.source;
        verdict.holds = false;
        verdict.reasons.push_back("the fault never fired: it matched " + std::to_string(matches) +
                                  (fault.point.empty() ? " deliveries" : " passes of its point"));
        if (!fault.point.empty() && matches == 0) {
            verdict.reasons.push_back(points_passed(fault));
        }
        verdicts.push_back(std::move(verdict));
    }
}

void Check::judge_assertions(std::vector<Verdict>& verdicts) const {
    for (const trace::Record& record : ledger_.assertions()) {
        Verdict verdict;
        verdict.kind = Kind::assertion;
        verdict.name = record.value.is(Value::Kind::string) ? std::string(record.value.text())
                                                            : std::string("assert");
        verdict.holds = false;
        verdict.at = record.at;
        verdict.cause = record.cause;
        const program::Instruction& instruction = program_[record.instruction];
        verdict.source = instruction.source;
        verdict.broken_by = program_[record.service].name;
        verdict.reasons.push_back(program_[instruction.key].text + " is false");
        verdicts.push_back(std::move(verdict));
    }
}

bool passes(const program::Program& program, std::vector<Verdict>& verdicts) {
    const std::vector<std::string>& breaks = program.expect.breaks;
    bool passes = true;
    for (Verdict& verdict : verdicts) {
        verdict.meant_to_break =
            std::find(breaks.begin(), breaks.end(), verdict.name) != breaks.end();
        // `sometimes` is judged over all cases of a file, but where this one is meant to break it.
        if (verdict.kind == Kind::sometimes && !verdict.meant_to_break) continue;
        passes = passes && verdict.holds != verdict.meant_to_break;
    }
    return passes;
}

}  // namespace sagalab::expect
