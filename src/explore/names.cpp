#include "explore/names.h"

#include <algorithm>
#include <array>

#include "program/points.h"

namespace sagalab::explore {

using program::Program;
using trace::MessageKind;
using world::Item;
using world::Timer;
using world::TimerKind;
using world::Variant;
using world::WaitKind;

namespace {

std::string shown(const Program& program, ServiceId service) {
    return service ? program[service].display : std::string("the bus");
}

std::string in_parentheses(const Program& program, const world::Correlation& correlation) {
    return " (" + std::string(world::correlation_name(program, correlation).text()) + ")";
}

std::string message_name(const Program& program, const world::Message& message) {
    std::string text = message.kind == MessageKind::reply ? "reply " : "";
    text += program[message.operation].label + in_parentheses(program, message.correlation);
    return text + " from " + shown(program, message.from) + " to " + shown(program, message.to);
}

std::string wait_name(const Program& program, const world::Service& service, const Timer& timer) {
    const world::Wait& wait = *service.waits.find(timer.wait);
    const Cow<world::Running>* found = service.handlers.find(wait.handler);
    if (!found) return "timer in " + shown(program, service.id);
    const world::Running& running = **found;
    std::string where = " in " + shown(program, service.id) + "." + program[running.handler].name +
                        in_parentheses(program, running.message.correlation);
    if (wait.fiber >= running.fibers.size()) return "deadline" + where;
    const world::Fiber& fiber = running.fibers[wait.fiber];
    const program::Instruction& at = program[fiber.pc];
    std::string what;
    if (at.op == program::Op::call && at.call != Index<void>::absent) {
        const program::Call& call = program.calls[at.call];
        what = call.operation ? " of " + program[call.operation].label : " of the request";
    } else if (at.operation) {
        what = " of " + program[at.operation].label;
    }
    switch (fiber.waits_for) {
        case WaitKind::reply:
        case WaitKind::event: return "timeout" + what + where;
        case WaitKind::retry: return "retry" + what + where;
        case WaitKind::step: return "retry of step" + where;
        case WaitKind::undo: return "retry of undo" + where;
        case WaitKind::work: return "work done" + where;
        case WaitKind::stall: return "end of stall" + where;
        default: return "wait" + where;
    }
}

std::string timer_name(const Program& program, const world::Service& service, const Timer& timer) {
    std::string own = shown(program, service.id);
    switch (timer.kind) {
        case TimerKind::wait: return wait_name(program, service, timer);
        case TimerKind::firing: {
            const world::Firing& firing = service.firings[timer.of];
            const program::WorkItem& item = program.workload[firing.item];
            world::Correlation correlation;
            correlation.item = firing.item;
            correlation.firing = firing.count;
            if (item.job) return item.name;
            return std::string(world::correlation_name(program, correlation).text());
        }
        case TimerKind::scheduled: {
            const world::Message* message = service.scheduled.find(timer.wait);
            return "scheduled " + (message ? message_name(program, *message) : own);
        }
        case TimerKind::worker: return "worker of " + own;
        case TimerKind::fault: return "fault " + program[FaultId(timer.of)].text;
        case TimerKind::restart: return "restart of " + own;
        case TimerKind::lease: return "lease of " + own;
        case TimerKind::rebuild: return "rebuild in " + own;
    }
    return own;
}

std::string replica_name(const Program& program, ServiceId service, std::size_t replica) {
    std::string text = shown(program, service);
    if (program[service].replicas > 1) text += " replica " + std::to_string(replica + 1);
    return text;
}

// "after insert payments", and "#2" where the handling passes it a second time.
std::string stop_name(const Program& program, const world::Passed& passed, std::uint32_t at) {
    if (at >= passed.points.size()) return "at a point";
    std::string text = program::point_name(program, program.points[passed.points[at]]);
    auto before = std::count(passed.points.begin(), passed.points.begin() + at, passed.points[at]);
    return before == 0 ? text : text + " #" + std::to_string(before + 1);
}

// "orders", and "orders #2" where the handling writes to it a second time.
std::string write_name(const Program& program, const world::Passed& passed, std::uint32_t at) {
    if (at >= passed.writes.size()) return "a table";
    auto before = std::count(passed.writes.begin(), passed.writes.begin() + at, passed.writes[at]);
    const std::string& name = program[passed.writes[at]].name;
    return before == 0 ? name : name + " #" + std::to_string(before + 1);
}

// What is done to an item; the restart of a replica is called by itself.
constexpr std::array<std::string_view, 9> verbs{
    "deliver ", "duplicate ",          "drop ", "reject ", "fail ", "delay ",
    "fire ",    "duplicate and drop ", ""};

std::string verb(const Item& item, const Step& step) {
    if (step.deed == Deed::delay) return "delay ";
    if (!item.message && !item.timer) return "";
    if (!item.message) return "fire ";
    switch (static_cast<Variant::Kind>(step.variant)) {
        case Variant::Kind::drop: return step.duplicate ? "duplicate and drop " : "drop ";
        case Variant::Kind::reject: return "reject ";
        case Variant::Kind::fail: return "fail ";
        default: return step.duplicate ? "duplicate " : "deliver ";
    }
}

std::string code_of(const program::Exploration& bounds, program::Adversity kind,
                    std::uint32_t which) {
    const std::vector<Value>& codes = bounds.budget(kind).with;
    return " with " + (which < codes.size() ? std::string(codes[which].text()) : "Injected");
}

// What follows the item: ", crash after insert payments".
std::string ending(Adversary& adversary, const Node& node, const Item& item, const Step& step) {
    const program::Exploration& bounds = adversary.bounds();
    std::string text;
    switch (static_cast<Variant::Kind>(step.variant)) {
        case Variant::Kind::crash:
            text = ", crash " +
                   stop_name(adversary.program(), adversary.passed(node, item, step), step.at);
            break;
        case Variant::Kind::stall:
            text = ", stall " +
                   stop_name(adversary.program(), adversary.passed(node, item, step), step.at);
            break;
        case Variant::Kind::fail_store:
            text =
                ", write to " +
                write_name(adversary.program(), adversary.passed(node, item, step), step.at >> 4U) +
                " fails" + code_of(bounds, program::Adversity::fail_store, step.at & 15U);
            break;
        case Variant::Kind::reject:
            text = code_of(bounds, program::Adversity::reject, step.at);
            break;
        case Variant::Kind::fail: text = code_of(bounds, program::Adversity::fail, step.at); break;
        default: break;
    }
    for (std::size_t i = 0; i < step.options.size(); ++i) {
        text += i == 0 ? choosing : " and ";
        text += std::to_string(step.options[i] + 1);
    }
    return text;
}

}  // namespace

std::string item_name(const Program& program, const world::World& world, const Item& item) {
    const world::Service& service = *world.services[item.service.value];
    if (item.message) return message_name(program, *item.message);
    if (item.timer) return timer_name(program, service, *item.timer);
    switch (item.pick.move) {
        case world::Pick::Move::go_on:
            return "resume " + replica_name(program, item.service, item.pick.nth);
        case world::Pick::Move::heal:
            return "heal " + shown(program, item.service) + " and " + shown(program, item.from);
        default: return "restart " + replica_name(program, item.service, item.pick.nth);
    }
}

namespace {

// What strikes no item.
std::string name_at_rest(const Program& program, const Step& step) {
    const ServiceId service(step.item);
    if (step.deed == Deed::cut) {
        return "cut " + shown(program, service) + " from " + shown(program, ServiceId(step.at));
    }
    return (step.deed == Deed::pause ? "pause " : "crash ") +
           replica_name(program, service, step.at);
}

std::string sentence_at_rest(const Program& program, const Step& step) {
    const ServiceId service(step.item);
    if (step.deed == Deed::cut) {
        return shown(program, service) + " and " + shown(program, ServiceId(step.at)) +
               " do not reach each other for a while";
    }
    return replica_name(program, service, step.at) +
           (step.deed == Deed::pause ? " stands still for a while" : " crashes while it waits");
}

}  // namespace

bool is_about(std::string_view step, std::string_view item) {
    return std::ranges::any_of(verbs, [&](std::string_view each) {
        if (step.substr(0, each.size()) != each) return false;
        const std::string_view rest = step.substr(each.size());
        if (rest.substr(0, item.size()) != item) return false;
        const std::string_view end = rest.substr(item.size());
        return end.empty() || end[0] == ',' || end.substr(0, 2) == " #" ||
               end.substr(0, 6) == " with ";
    });
}

std::string step_name(Adversary& adversary, const Node& node, const std::vector<Item>& items,
                      const Step& step) {
    const Program& program = adversary.program();
    if (!is_about_an_item(step.deed)) return name_at_rest(program, step);
    const Item& item = items[step.item];
    std::string name = item_name(program, node.world, item);
    std::size_t alike = 1;
    for (std::uint32_t at = 0; at < step.item; ++at) {
        if (item_name(program, node.world, items[at]) == name) ++alike;
    }
    if (alike > 1) name += " #" + std::to_string(alike);
    return verb(item, step) + name + ending(adversary, node, item, step);
}

std::optional<Step> step_named(Adversary& adversary, const Node& node, const std::string& name) {
    const Program& program = adversary.program();
    const std::vector<Item> items = adversary.items(node);
    Selection selection;
    for (const Item& item : items) {
        selection.items.push_back(is_about(name, item_name(program, node.world, item)));
    }
    auto is_named = [&](std::string_view verb, ServiceId service) {
        return name.rfind(verb, 0) == 0 && name.find(program[service].display) != std::string::npos;
    };
    for (std::size_t i = 0; i < program.services.size(); ++i) {
        selection.crashes.push_back(is_named("crash ", ServiceId(i)));
        selection.pauses.push_back(is_named("pause ", ServiceId(i)));
    }
    for (const Pair& pair : adversary.pairs()) {
        selection.cuts.push_back(is_named("cut ", pair.a) && is_named("cut ", pair.b));
    }
    std::vector<Step> steps;
    adversary.expand(node, items, &selection,
                     [&](Successor&& next) { steps.push_back(std::move(next.step)); });
    for (Step& step : steps) {
        if (step_name(adversary, node, items, step) == name) return std::move(step);
    }
    return std::nullopt;
}

std::string fault_sentence(Adversary& adversary, const Node& node, const std::vector<Item>& items,
                           const Step& step) {
    const Program& program = adversary.program();
    if (!is_about_an_item(step.deed)) return sentence_at_rest(program, step);
    const Item& item = items[step.item];
    std::string what = item_name(program, node.world, item);
    if (item.message) {
        bool reply = item.message->kind == MessageKind::reply;
        what = (reply ? "the reply of " : "") + program[item.message->operation].label +
               in_parentheses(program, item.message->correlation);
    }
    const std::string who = shown(program, item.service);
    std::string twice = step.duplicate ? what + " to " + who + " comes twice" : "";
    const std::string more = step.duplicate ? ", and " : "";
    const world::Passed passed = adversary.passed(node, item, step);
    const program::Exploration& bounds = adversary.bounds();
    if (step.deed == Deed::delay) return what + " to " + who + " is late";
    switch (static_cast<Variant::Kind>(step.variant)) {
        case Variant::Kind::plain: return twice;
        case Variant::Kind::drop: return what + " to " + who + " is lost";
        case Variant::Kind::reject:
            return who + " rejects " + what + code_of(bounds, program::Adversity::reject, step.at);
        case Variant::Kind::fail:
            return who + " fails " + what + code_of(bounds, program::Adversity::fail, step.at);
        case Variant::Kind::crash:
            return twice + more + who + " crashes " + stop_name(program, passed, step.at) +
                   ", handling " + what;
        case Variant::Kind::stall:
            return twice + more + who + " is held " + stop_name(program, passed, step.at) +
                   ", handling " + what;
        case Variant::Kind::fail_store:
            return twice + more + "a write of " + who + " to " +
                   write_name(program, passed, step.at >> 4U) + " fails" +
                   code_of(bounds, program::Adversity::fail_store, step.at & 15U) + ", handling " +
                   what;
    }
    return what;
}

}  // namespace sagalab::explore
