// Lint unwritten-field: a handler reads a field of `msg` that none of its senders writes.
//
// What is read is taken from the compiled expressions, where nothing is mistaken for a read; the
// text of the file is searched for the place only.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "language/lint_rules.h"
#include "language/load_values.h"

namespace sagalab::language {

namespace {

using program::ExpressionOp;
using program::ExpressionStep;
using program::HandlerKind;
using Fields = std::set<std::string, std::less<>>;

constexpr std::uint32_t msg_slot = 0;

// Fields of msg that a handler reads, and those that it asks for before.
struct Reads {
    Fields read;
    Fields asked;
};

class ReadCollector {
public:
    explicit ReadCollector(const program::Program& program) : program_(program) {}

    void instruction(const program::Instruction& each, Reads& reads) const {
        expression(each.key, reads);
        expression(each.data, reads);
        if (each.op == program::Op::call) {
            const program::Call& call = program_.calls[each.call];
            for (ExpressionId id : {call.idempotency_key, call.fallback}) expression(id, reads);
        }
        if (each.op != program::Op::append) return;
        const program::Append& append = program_.appends[each.call];
        expression(append.expected, reads);
        for (const program::AppendedEvent& event : append.events) expression(event.data, reads);
    }

    void expression(ExpressionId id, Reads& reads) const {
        if (!id) return;
        const std::vector<ExpressionStep>& code = program_[id].code;
        for (std::size_t i = 0; i < code.size(); ++i) {
            const ExpressionStep& step = code[i];
            const bool after_msg =
                i > 0 && code[i - 1].op == ExpressionOp::slot && code[i - 1].operand == msg_slot;
            if (step.op == ExpressionOp::slot_field && step.operand == msg_slot) {
                reads.read.insert(text(step.extra));
            } else if (step.op == ExpressionOp::has_field && after_msg) {
                reads.asked.insert(text(step.operand));
            } else if (step.op == ExpressionOp::in && after_msg && i > 1 &&
                       code[i - 2].op == ExpressionOp::constant) {
                reads.asked.insert(text(code[i - 2].operand));
            }
        }
    }

private:
    [[nodiscard]] std::string text(std::uint32_t constant) const {
        const Value& value = program_.constants[constant];
        return value.is(Value::Kind::string) ? std::string(value.text()) : std::string();
    }

    const program::Program& program_;
};

// By HandlerId. The code of a handler goes on to the entry of the next one.
std::vector<Reads> reads_of_handlers(const program::Program& program) {
    std::vector<Reads> reads(program.handlers.size());
    std::map<std::size_t, std::size_t> begins;  // entry -> handler
    for (std::size_t i = 0; i < program.handlers.size(); ++i) {
        const InstructionId entry = program.handlers[i].entry;
        if (entry) begins[entry.value] = i;
    }
    const ReadCollector collector(program);
    auto next = begins.begin();
    Reads* current = nullptr;
    for (std::size_t i = 0; i < program.code.size(); ++i) {
        if (next != begins.end() && next->first == i) current = &reads[(next++)->second];
        if (current) collector.instruction(program.code[i], *current);
    }
    for (const program::Saga& saga : program.sagas) {
        collector.expression(saga.id, reads[saga.handler.value]);
    }
    return reads;
}

Fields written_fields(const LintContext& context, OperationId operation) {
    Fields fields;
    for (const std::uint32_t sender : context.uses.senders(operation)) {
        const Node& payload = *context.uses.messages()[sender].payload;
        if (const Node* data = object_at(payload, "data")) {
            for (const Member& member : data->members) fields.insert(member.key);
        }
        if (const Node* copy = array_at(payload, "copy")) {
            for (const Node& name : copy->items) fields.insert(name.text);
        }
    }
    return fields;
}

bool is_name_part(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The place of "msg.field" in a text.
std::optional<Place> read_in_text(const LintContext& context, const Node& string,
                                  const std::string& field) {
    const std::string wanted = "msg." + field;
    const std::string& text = string.text;
    for (std::size_t at = text.find(wanted); at != std::string::npos;
         at = text.find(wanted, at + 1)) {
        const std::size_t end = at + wanted.size();
        const bool begins = at == 0 || (!is_name_part(text[at - 1]) && text[at - 1] != '.');
        const bool ends = end == text.size() || !is_name_part(text[end]);
        if (begins && ends) return place_in_string(context.load.sources, string, at, end);
    }
    return std::nullopt;
}

std::optional<Place> find_read(const LintContext& context, const Node& node,
                               const std::string& field) {
    if (node.is(Node::Kind::string)) return read_in_text(context, node, field);
    for (const Node& item : node.items) {
        if (auto place = find_read(context, item, field)) return place;
    }
    for (const Member& member : node.members) {
        if (member.key == "copy" && member.value.is(Node::Kind::array)) {
            for (const Node& name : member.value.items) {
                if (name.text == field) return name.place;
            }
        } else if (auto place = find_read(context, member.value, field)) {
            return place;
        }
    }
    return std::nullopt;
}

}  // namespace

void lint_unwritten_fields(const LintContext& context) {
    const std::vector<Reads> reads = reads_of_handlers(context.program);
    std::map<OperationId, Fields> written_of;
    for (const PendingHandler& pending : context.load.names.handlers) {
        const program::Handler& handler = context.program[pending.handler];
        const bool is_sent_to = handler.kind == HandlerKind::api ||
                                handler.kind == HandlerKind::event ||
                                handler.kind == HandlerKind::saga;
        const Reads& found = reads[pending.handler.value];
        if (!is_sent_to || found.read.empty() || !pending.steps) continue;
        const bool has_senders = !context.uses.senders(handler.operation).empty();
        if (!has_senders || context.uses.is_seeded(handler.operation)) continue;
        const auto [entry, is_new] = written_of.try_emplace(handler.operation);
        if (is_new) entry->second = written_fields(context, handler.operation);
        const Fields& written = entry->second;
        const Node& node = pending.saga ? *pending.saga : *pending.steps;
        for (const std::string& field : found.read) {
            if (found.asked.count(field) != 0) continue;
            const bool fires = written.count(field) == 0;
            if (!fires && !context.report.wants_fine()) continue;
            const auto place = find_read(context, node, field);
            if (!place) continue;
            const std::vector<std::string> known(written.begin(), written.end());
            context.look(Lint::unwritten_field, *place, fires,
                         "nobody who sends \"" + context.program[handler.operation].label +
                             "\" writes the field \"" + field + "\"" + meant(field, known));
        }
    }
}

}  // namespace sagalab::language
