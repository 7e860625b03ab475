// Lint missing-row: an expectation reads a row whose key no step can give.
//
// Keys are followed back to where they come from: `msg.orderId` of a handler is what its senders
// put there, a text in the workload or a field of their own msg. What is anything else, a template,
// a reply, what comes round in a circle, or more than can be looked through, is not known, and
// where one key is not known nothing is said of the table.
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "language/lint_rules.h"
#include "language/load_values.h"

namespace sagalab::language {

namespace {

using program::ExpressionOp;
using program::ExpressionStep;
using Texts = std::set<std::string, std::less<>>;
using Known = std::shared_ptr<const Texts>;  // null: not known

constexpr std::size_t texts_max = 10'000;

// 'o-1' -> o-1; nothing where the text is more or less than one plain string.
std::optional<std::string> plain_string(std::string_view expression) {
    if (expression.size() < 2) return std::nullopt;
    const char quote = expression.front();
    if ((quote != '\'' && quote != '"') || expression.back() != quote) return std::nullopt;
    const std::string_view inside = expression.substr(1, expression.size() - 2);
    if (inside.find_first_of("'\"\\") != std::string_view::npos) return std::nullopt;
    return std::string(inside);
}

class KeyFinder {
public:
    explicit KeyFinder(const LintContext& context) : context_(context) {}

    // Every key that the table can ever have.
    Known keys_of(TableId id) {
        const auto [entry, is_new] = tables_.try_emplace(id);
        if (is_new) entry->second = find_keys(context_.program[id]);
        return entry->second;
    }

private:
    Known find_keys(const program::Table& table) {
        Texts keys;
        for (const auto& row : table.rows) keys.insert(std::string(row.first.text()));
        if (table.kind == program::TableKind::saga) {
            const program::Saga& saga = context_.program[table.saga];
            const std::uint32_t handler = context_.uses.handler_of(saga.operation);
            const Node* id = string_at(*context_.load.names.handlers[handler].saga, "id");
            return id && add(keys, expression(id->text, handler)) ? share(keys) : nullptr;
        }
        if (table.kind != program::TableKind::table) return nullptr;
        const TableId self(static_cast<std::size_t>(&table - context_.program.tables.data()));
        for (const RowUse& write : context_.uses.writes(self)) {
            const Node* key = string_at(*write.step, "key");
            if (!key || !add(keys, expression(key->text, write.handler))) return nullptr;
        }
        return share(keys);
    }

    static Known share(Texts& texts) { return std::make_shared<const Texts>(std::move(texts)); }
    static bool add(Texts& texts, const Known& more) {
        if (!more || texts.size() + more->size() > texts_max) return false;
        texts.insert(more->begin(), more->end());
        return true;
    }

    Known expression(std::string_view text, std::uint32_t handler) {
        if (auto constant = plain_string(text)) {
            Texts one{*constant};
            return share(one);
        }
        const auto field = plain_field(text);
        return field ? field_of(handler, std::string(*field)) : nullptr;
    }

    // What `msg.field` can be in a handler.
    Known field_of(std::uint32_t handler, const std::string& field) {
        if (handler == Index<void>::absent) return nullptr;
        const program::Handler& found =
            context_.program[context_.load.names.handlers[handler].handler];
        using program::HandlerKind;
        const bool is_sent_to = found.kind == HandlerKind::api ||
                                found.kind == HandlerKind::event || found.kind == HandlerKind::saga;
        if (!is_sent_to || context_.uses.is_seeded(found.operation)) return nullptr;
        const auto [entry, is_new] = fields_.try_emplace({found.operation, field});
        if (is_new) {
            // Until it is found it is not known: so is what comes round in a circle.
            Known values = sent(found.operation, field);
            fields_[{found.operation, field}] = values;
            return values;
        }
        return entry->second;
    }

    Known sent(OperationId operation, const std::string& field) {
        const std::vector<std::uint32_t>& senders = context_.uses.senders(operation);
        if (senders.empty()) return nullptr;
        Texts values;
        for (const std::uint32_t sender : senders) {
            const MessageUse& use = context_.uses.messages()[sender];
            const Node* data = object_at(*use.payload, "data");
            const Node* value = data ? data->find(field) : nullptr;
            if (value) {
                if (!add(values, data_value(*value, use.handler))) return nullptr;
            } else if (copies(*use.payload, field)) {
                if (!add(values, field_of(use.handler, field))) return nullptr;
            }
        }
        return share(values);
    }

    Known data_value(const Node& value, std::uint32_t handler) {
        if (!value.is(Node::Kind::string)) return nullptr;
        std::string_view text = value.text;
        if (text.find("${") == std::string_view::npos) {
            Texts one{value.text};
            return share(one);
        }
        if (!text.starts_with("${") || !text.ends_with("}")) return nullptr;
        const auto field = plain_field(text.substr(2, text.size() - 3));
        return field ? field_of(handler, std::string(*field)) : nullptr;
    }

    static bool copies(const Node& payload, const std::string& field) {
        const Node* copy = array_at(payload, "copy");
        return copy && std::any_of(copy->items.begin(), copy->items.end(),
                                   [&](const Node& name) { return name.text == field; });
    }

    const LintContext& context_;
    std::map<TableId, Known> tables_;
    std::map<std::pair<OperationId, std::string>, Known> fields_;
};

// The expression asks whether the row is there, as well.
bool asks_for(const program::Program& program, const program::Expression& expression,
              const Value& key, TableId table) {
    const std::vector<ExpressionStep>& code = expression.code;
    for (std::size_t i = 1; i < code.size(); ++i) {
        const bool asks =
            code[i].op == ExpressionOp::has_row || code[i].op == ExpressionOp::get_row;
        if (!asks || TableId(code[i].extra) != table) continue;
        if (code[i].op == ExpressionOp::get_row) return true;
        const bool constant = code[i - 1].op == ExpressionOp::constant;
        if (!constant || program.constants[code[i - 1].operand] == key) return true;
    }
    return false;
}

class ClaimLint {
public:
    explicit ClaimLint(const LintContext& context) : context_(context), keys_(context) {}

    void look(const Node* section, const std::vector<program::Claim>& claims) {
        if (!section) return;
        auto claim = claims.begin();
        for (const Member& member : section->members) {
            if (!member.value.is(Node::Kind::string) || claim == claims.end()) continue;
            look(member.value, *claim++);
        }
    }

private:
    void look(const Node& text, const program::Claim& claim) {
        const program::Program& program = context_.program;
        if (!claim.expression) return;
        const program::Expression& expression = program[claim.expression];
        for (std::size_t i = 1; i < expression.code.size(); ++i) {
            const ExpressionStep& row = expression.code[i];
            const ExpressionStep& key = expression.code[i - 1];
            if (row.op != ExpressionOp::row || key.op != ExpressionOp::constant) continue;
            const Value& value = program.constants[key.operand];
            if (!value.is(Value::Kind::string)) continue;
            const TableId table(row.extra);
            const Known keys = keys_.keys_of(table);
            if (!keys || asks_for(program, expression, value, table)) continue;
            const Place place = place_in_string(context_.load.sources, text, key.begin, key.end);
            const bool fires = !is_meant(claim) && keys->count(std::string(value.text())) == 0;
            context_.look(Lint::missing_row, place, fires,
                          fires ? message(program[table], std::string(value.text()), *keys) : "");
        }
    }

    [[nodiscard]] bool is_meant(const program::Claim& claim) const {
        const std::vector<std::string>& breaks = context_.program.expect.breaks;
        return std::find(breaks.begin(), breaks.end(), claim.title) != breaks.end();
    }

    [[nodiscard]] std::string message(const program::Table& table, const std::string& key,
                                      const Texts& keys) const {
        const std::vector<std::string> known(keys.begin(), keys.end());
        return "no step can create the row \"" + printable(key) + "\" of \"" +
               context_.program[table.service].name + "." + table.name + "\"" + meant(key, known);
    }

    const LintContext& context_;
    KeyFinder keys_;
};

}  // namespace

void lint_missing_rows(const LintContext& context) {
    const Node* expect = object_at(context.load.root, "expect");
    if (!expect || context.program.workload.empty()) return;
    ClaimLint lint(context);
    lint.look(object_at(*expect, "always"), context.program.expect.always);
    lint.look(object_at(*expect, "finally"), context.program.expect.finally);
    lint.look(object_at(*expect, "sometimes"), context.program.expect.sometimes);
}

}  // namespace sagalab::language
