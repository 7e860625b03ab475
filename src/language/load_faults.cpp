// Faults: what each strikes and what narrows it, by number; and the sentence that says so.
#include <algorithm>
#include <limits>

#include "language/load_context.h"
#include "language/load_values.h"

namespace sagalab::language {

namespace {

using program::Fault;
using program::FaultRow;

std::uint32_t small_count(const Node& node, std::string_view key) {
    const std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::min(count_at(node, key, 0), most));
}

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
        if (!row_.available) {
            context_.error(verb_.key_place,
                           "\"" + std::string(row_.verb) + "\" is not available yet");
        }
        fault_.kind = row_.kind;
        fault_.source = context_.source(node_.place);
        load_subject();
        load_narrowing();
        fault_.text = sentence();
        check_times();
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
            }
        }
    }

    void load_sides(const Node& sides) {
        for (const Node& side : sides.items) {
            for (const Node& name : side.items) {
                if (name.is(Node::Kind::string) && name.text != "bus") {
                    find_party(context_, name);
                }
            }
        }
    }

    ServiceId party(std::string_view key) {
        const Node* name = string_at(node_, key);
        const ServiceNames* service = name ? find_party(context_, *name) : nullptr;
        return service ? service->id : ServiceId();
    }

    void load_narrowing() {
        fault_.of = party("of");
        fault_.to = party("to");
        fault_.nth = small_count(node_, "nth");
        fault_.attempt = small_count(node_, "attempt");
        fault_.times = small_count(node_, "times");
        fault_.at = time_at(node_, "at", 0);
        fault_.until = time_at(node_, "until", never);
        fault_.millionths = percent_at(node_, "probability", 1'000'000);
        fault_.by = time_at(node_, "by", 0);
        fault_.optional = is_true(node_, "optional");
        if (const Node* code = string_at(node_, "with")) fault_.code = Value(code->text);
        const Node* when = string_at(node_, "when");
        fault_.after = when && when->text == "after";
        if (const Node* during = string_at(node_, "during")) load_during(*during);
        if (const Member* point = node_.member("point")) {
            if (point->value.is(Node::Kind::string)) fault_.point = point->value.text;
            if (row_.available) context_.need(point->key_place, "point");
        }
        if (fault_.at > fault_.until) {
            context_.error(node_.find("until")->place, "\"until\" is before \"at\"");
        }
    }

    // An event, Service.Operation, or the bare name of an operation of a service that takes part.
    void load_during(const Node& name) {
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

void load_faults(LoadContext& context) {
    program::Program& program = context.program;
    program.faults_on.resize(program.operations.size());
    const Node* faults = array_at(context.root, "faults");
    if (!faults) return;
    for (const Node& node : faults->items) {
        for (const FaultRow& row : program::fault_rows) {
            const Member* verb = node.is(Node::Kind::object) ? node.member(row.verb) : nullptr;
            if (!verb) continue;
            const FaultId id(program.faults.size());
            program.faults.push_back(FaultLoader(context, node, *verb, row).load());
            const OperationId struck = program[id].operation;
            if (struck) program.faults_on[struck.value].push_back(id);
            break;
        }
    }
}

}  // namespace sagalab::language
