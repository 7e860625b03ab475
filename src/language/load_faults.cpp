// Faults: what each strikes and what narrows it, by number; and the sentence that says so.
#include <set>

#include "language/load_context.h"
#include "language/load_values.h"
#include "program/points.h"

namespace sagalab::language {

namespace {

using program::Fault;
using program::FaultRow;

// "2%", "0.5%", "0.0001%"
std::string percent_text(std::int64_t millionths) {
    std::string text = std::to_string(millionths / 10'000);
    if (const std::int64_t rest = millionths % 10'000; rest != 0) {
        std::string decimals = std::to_string(rest);
        decimals.insert(0, 4 - decimals.size(), '0');
        text += "." + decimals.substr(0, decimals.find_last_not_of('0') + 1);
    }
    return text + "%";
}

class FaultLoader {
public:
    FaultLoader(LoadContext& context, const Node& node, const Member& verb, const FaultRow& row)
        : context_(context), node_(node), verb_(verb), row_(row) {}

    Fault load() {
        fault_.kind = row_.kind;
        fault_.source = context_.source(node_.place);
        load_subject();
        load_narrowing();
        fault_.text = sentence();
        check_times();
        check_moment();
        if (fault_.code.is_null()) fault_.code = default_code();
        return std::move(fault_);
    }

private:
    [[nodiscard]] Value default_code() const {
        switch (row_.kind) {
            case program::FaultKind::reject: return Value("Rejected");
            case program::FaultKind::fail: return Value("Unavailable");
            case program::FaultKind::fail_store: return Value("StoreFailed");
            default: return Value();
        }
    }

    // Receivers count apart, so that they can run side by side.
    void check_times() {
        if (fault_.times == 0 || fault_.to || !fault_.operation) return;
        const auto& handlers = context_.program[fault_.operation].handlers;
        if (handlers.size() < 2) return;
        const Member* times = node_.member("times");
        context_.error(times->key_place, "\"times\" needs \"to\" where several services handle \"" +
                                             context_.program[fault_.operation].name + "\"");
    }

    void load_subject() {
        const Node& name = verb_.value;
        if (name.is(Node::Kind::array)) return load_sides(name);
        if (!name.is(Node::Kind::string)) return;
        if (row_.subject == "operation") {
            fault_.operation = find_operation(context_, name);
            if (fault_.operation) fault_.service = context_.program[fault_.operation].service;
        } else if (row_.subject == "message") {
            fault_.operation = find_message(context_, name);
        } else if (row_.subject == "table") {
            fault_.table = find_table(context_, name);
        } else if (row_.subject == "service") {
            if (const ServiceNames* service = find_party(context_, name)) {
                fault_.service = service->id;
                load_replica(name);
            }
        }
    }

    void load_sides(const Node& sides) {
        for (const Node& side : sides.items) {
            std::vector<ServiceId>& parties = fault_.sides.emplace_back();
            for (const Node& name : side.items) {
                if (!name.is(Node::Kind::string)) continue;
                if (name.text == "bus") {
                    fault_.bus_side = static_cast<std::uint32_t>(fault_.sides.size() - 1);
                } else if (const ServiceNames* service = find_party(context_, name)) {
                    parties.push_back(service->id);
                }
            }
        }
    }

    ServiceId party(std::string_view key) {
        const Node* name = string_at(node_, key);
        const ServiceNames* service = name ? find_party(context_, *name) : nullptr;
        return service ? service->id : ServiceId();
    }

    // "OrderService/2"
    void load_replica(const Node& name) {
        const std::size_t slash = name.text.find('/');
        if (slash == std::string::npos) return;
        fault_.replica = static_cast<std::uint32_t>(std::stoul(name.text.substr(slash + 1)));
    }

    void load_restart() {
        fault_.restart_after = time_at(node_, "restartAfter", fault_.restart_after);
        const Node* restart = string_at(node_, "restartAfter");
        if (restart && restart->text == "never") fault_.restart_after = never;
    }

    // What strikes a service strikes at a time or at a point, and says so.
    void check_moment() {
        using program::FaultKind;
        const bool at = node_.find("at") != nullptr;
        const bool until = node_.find("until") != nullptr;
        const bool point = node_.find("point") != nullptr;
        const auto need = [&](std::string_view what) {
            context_.error(node_.place, "\"" + std::string(row_.verb) + "\" needs " +
                                            std::string(what) + ": when it strikes");
        };
        switch (row_.kind) {
            case FaultKind::crash:
                if (!at && !point) need("\"at\" or \"point\"");
                break;
            case FaultKind::stall:
                if (!point) need("\"point\"");
                break;
            case FaultKind::pause:
            case FaultKind::partition:
                if (!at || !until) need("\"at\" and \"until\"");
                break;
            default: break;
        }
        if (point && !takes_point()) {
            const Node& place = node_.member("point")->value;
            context_.error(place.place, "\"" + std::string(row_.verb) +
                                            "\" strikes at no point: only \"crash\" and "
                                            "\"stall\" do");
        }
    }

    [[nodiscard]] bool takes_point() const {
        return row_.kind == program::FaultKind::crash || row_.kind == program::FaultKind::stall;
    }

    // The points of this name, in all handlers of the service or in the one that `during` names.
    void load_point(const Node& name) {
        fault_.point = name.text;
        if (!fault_.service || !takes_point()) return;
        const program::Program& program = context_.program;
        const Node* during = string_at(node_, "during");
        std::set<std::string> known;
        bool can_stall = true;
        for (std::uint32_t i = 0; i < program.points.size(); ++i) {
            const program::Point& point = program.points[i];
            const program::Handler& handler = program[point.handler];
            if (handler.service != fault_.service) continue;
            if (during && handler.name != bare_name(during->text)) continue;
            const std::string found = program::point_name(program, point);
            known.insert(found);
            if (found != name.text) continue;
            fault_.points.push_back(i);
            can_stall = can_stall && program::can_stall_at(point.kind);
        }
        if (fault_.points.empty()) {
            context_.diagnostics.unknown_name(
                name.place, "point of \"" + program[fault_.service].name + "\"", name.text,
                std::vector<std::string>(known.begin(), known.end()));
        } else if (row_.kind == program::FaultKind::stall && !can_stall) {
            context_.error(name.place, "nothing can be held \"" + name.text + "\"");
        }
    }

    // "OrderService.CreateOrder" or "CreateOrder".
    static std::string_view bare_name(std::string_view name) {
        const std::size_t dot = name.find('.');
        return dot == std::string_view::npos ? name : name.substr(dot + 1);
    }

    void load_narrowing() {
        fault_.of = party("of");
        fault_.to = party("to");
        fault_.nth = small_count_at(node_, "nth", 0);
        fault_.attempt = small_count_at(node_, "attempt", 0);
        fault_.times = small_count_at(node_, "times", 0);
        fault_.at = time_at(node_, "at", 0);
        fault_.until = time_at(node_, "until", never);
        fault_.millionths = percent_at(node_, "probability", 1'000'000);
        fault_.by = time_at(node_, "by", 0);
        fault_.optional = is_true(node_, "optional");
        if (const Node* code = string_at(node_, "with")) fault_.code = Value(code->text);
        const Node* when = string_at(node_, "when");
        fault_.after = when && when->text == "after";
        if (const Node* during = string_at(node_, "during")) load_during(*during);
        if (const Node* point = string_at(node_, "point")) load_point(*point);
        if (row_.kind == program::FaultKind::crash) load_restart();
        fault_.hold = time_at(node_, "for", 0);
        if (row_.kind == program::FaultKind::slow) {
            fault_.factor_millionths = factor_at(node_, "by", fault_.factor_millionths);
        }
        if (fault_.at > fault_.until) {
            context_.error(node_.find("until")->place, "\"until\" is before \"at\"");
        }
    }

    // An event, Service.Operation, or the bare name of an operation of a service that takes part.
    void load_during(const Node& name) {
        if (fault_.service && takes_point()) return check_handler(name);
        for (const ServiceId party : {fault_.service, fault_.of, fault_.to}) {
            if (!party) continue;
            const ServiceNames& names =
                context_.names.services.find(context_.program[party].name)->second;
            const auto found = names.operations.find(name.text);
            if (found == names.operations.end()) continue;
            fault_.during = found->second;
            return;
        }
        fault_.during = find_message(context_, name);
    }

    // Of what strikes at a point: a handler of the service, jobs included.
    void check_handler(const Node& name) {
        std::vector<std::string> known;
        for (const program::Handler& handler : context_.program.handlers) {
            if (handler.service != fault_.service) continue;
            if (handler.name == bare_name(name.text)) return;
            known.push_back(handler.name);
        }
        context_.diagnostics.unknown_name(
            name.place, "handler of \"" + context_.program[fault_.service].name + "\"", name.text,
            known);
    }

    std::string subject_text() const {
        const Node& name = verb_.value;
        if (!name.is(Node::Kind::array)) return name.text;
        std::string text;
        for (const Node& side : name.items) {
            if (!text.empty()) text += " | ";
            for (std::size_t i = 0; i < side.items.size(); ++i) {
                text += (i > 0 ? ", " : "") + side.items[i].text;
            }
        }
        return text;
    }

    // The fault in the words of the file, narrowing in one fixed order.
    std::string sentence() const {
        std::string text = std::string(row_.verb) + " " + subject_text();
        const auto say = [&text](std::string_view word, const std::string& value) {
            text += " " + std::string(word) + " " + value;
        };
        if (!fault_.code.is_null()) say("with", std::string(fault_.code.text()));
        if (fault_.after) text += " after its effects";
        if (const Node* by = string_at(node_, "by")) say("by", by->text);
        if (fault_.of) say("of", context_.program[fault_.of].name);
        if (fault_.to) say("to", context_.program[fault_.to].name);
        if (!fault_.point.empty()) text += " " + fault_.point;
        if (const Node* during = string_at(node_, "during")) say("during", during->text);
        if (const Node* back = string_at(node_, "restartAfter")) say("restart after", back->text);
        if (const Node* length = string_at(node_, "for")) say("for", length->text);
        if (fault_.nth != 0) say("nth", std::to_string(fault_.nth));
        if (fault_.attempt != 0) say("attempt", std::to_string(fault_.attempt));
        if (fault_.at != 0) say("at", format_time(fault_.at));
        if (fault_.until != never) say("until", format_time(fault_.until));
        if (fault_.times != 0) say("times", std::to_string(fault_.times));
        if (fault_.millionths != 1'000'000) say("probability", percent_text(fault_.millionths));
        return text;
    }

    LoadContext& context_;
    const Node& node_;
    const Member& verb_;
    const FaultRow& row_;
    Fault fault_;
};

}  // namespace

namespace {

// Where the engine looks for it.
void index_fault(program::Program& program, FaultId id) {
    using program::FaultKind;
    const Fault& fault = program[id];
    switch (fault.kind) {
        case FaultKind::drop_reply:
            if (fault.operation) program.reply_faults[fault.operation.value].push_back(id);
            break;
        case FaultKind::crash:
        case FaultKind::stall:
            if (fault.service && !fault.point.empty()) {
                program.faults_at[fault.service.value].push_back(id);
            }
            break;
        case FaultKind::pause:
        case FaultKind::slow:
            if (fault.service) program.pauses[fault.service.value].push_back(id);
            break;
        case FaultKind::partition: program.partitions.push_back(id); break;
        case FaultKind::fail_store:
            if (fault.table) program.store_faults[fault.table.value].push_back(id);
            break;
        default:
            if (fault.operation) program.faults_on[fault.operation.value].push_back(id);
    }
}

}  // namespace

void load_faults(LoadContext& context) {
    program::Program& program = context.program;
    program.faults_on.resize(program.operations.size());
    program.reply_faults.resize(program.operations.size());
    program.faults_at.resize(program.services.size());
    program.pauses.resize(program.services.size());
    program.store_faults.resize(program.tables.size());
    const Node* faults = array_at(context.root, "faults");
    if (!faults) return;
    for (const Node& node : faults->items) {
        for (const FaultRow& row : program::fault_rows) {
            const Member* verb = node.is(Node::Kind::object) ? node.member(row.verb) : nullptr;
            if (!verb) continue;
            const FaultId id(program.faults.size());
            program.faults.push_back(FaultLoader(context, node, *verb, row).load());
            index_fault(program, id);
            break;
        }
    }
}

}  // namespace sagalab::language
