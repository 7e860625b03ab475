// Expectations, and which of them a case is meant to break.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "language/cel_delivery.h"
#include "language/load_context.h"
#include "language/load_values.h"

namespace sagalab::language {

namespace {

using program::Claim;
using program::ExpectSlot;
using program::ExpressionOp;

struct ExpectName {
    const char* name;
    ExpectSlot slot;
    Type type;
};
constexpr ExpectName expect_names[] = {
    {"replies", ExpectSlot::replies, Type::map},
    {"up", ExpectSlot::up, Type::list},
    {"waiting", ExpectSlot::waiting, Type::any},
    {"undelivered", ExpectSlot::undelivered, Type::any},
    {"deadLetters", ExpectSlot::dead_letters, Type::list},
    {"parked", ExpectSlot::parked, Type::list},
    {"load", ExpectSlot::load, Type::map},
};

class ExpectLoader {
public:
    explicit ExpectLoader(LoadContext& context)
        : context_(context),
          expect_(context.program.expect),
          always_(&context.params),
          at_end_(&context.params) {
        for (Scope* scope : {&always_, &at_end_}) {
            scope->tables_are_local = false;
            for (const auto& entry : context.names.services) {
                Binding binding;
                binding.kind = Binding::Kind::service;
                binding.service = entry.second.id;
                scope->bind(entry.first, binding);
            }
        }
        at_end_.may_ask_deliveries = true;
        for (const ExpectName& row : expect_names) {
            Binding binding;
            binding.slot = static_cast<std::uint32_t>(row.slot);
            binding.type = row.type;
            if (row.slot == ExpectSlot::load) {
                binding.what = "load";
                binding.fields = context.program.loads;
            }
            at_end_.bind(row.name, binding);
            binding.kind = Binding::Kind::unusable;
            binding.why = "it is known only at the end, in \"finally\" and \"sometimes\"";
            always_.bind(row.name, binding);
        }
    }

    void load(const Node& expect) {
        load_claims(object_at(expect, "always"), always_, expect_.always);
        load_claims(object_at(expect, "finally"), at_end_, expect_.finally);
        load_claims(object_at(expect, "sometimes"), at_end_, expect_.sometimes);
        if (const Node* replies = object_at(expect, "replies")) load_replies(*replies);
        if (const Node* sequence = array_at(expect, "sequence")) load_sequence(*sequence);
        if (const Node* counts = object_at(expect, "counts")) load_counts(*counts);
    }

    void load_breaks(const Node& breaks, bool of_this_case) {
        for (const Node& name : breaks.items) {
            if (!name.is(Node::Kind::string)) continue;
            if (names_.count(name.text) == 0) {
                const std::vector<std::string> known(names_.begin(), names_.end());
                context_.diagnostics.unknown_name(name.place, "expectation", name.text, known);
            } else if (of_this_case) {
                expect_.breaks.push_back(name.text);
            }
        }
    }

private:
    void load_claims(const Node* claims, const Scope& scope, std::vector<Claim>& out) {
        if (!claims) return;
        for (const Member& member : claims->members) {
            if (!names_.insert(member.key).second) {
                context_.error(member.key_place,
                               "another expectation is called \"" + printable(member.key) + "\"");
            }
            if (!member.value.is(Node::Kind::string)) continue;
            Claim claim;
            claim.title = member.key;
            claim.source = context_.source(member.value.place);
            claim.expression = context_.compiler.expression(member.value, scope, Type::boolean);
            if (claim.expression) claim.tables = tables_of(claim.expression);
            out.push_back(std::move(claim));
        }
    }

    std::vector<TableId> tables_of(ExpressionId expression) const {
        std::set<TableId> tables;
        const std::vector<program::ExpressionStep>& code = context_.program[expression].code;
        for (std::size_t i = 0; i < code.size(); ++i) {
            switch (code[i].op) {
                case ExpressionOp::table:
                case ExpressionOp::row:
                case ExpressionOp::has_row:
                case ExpressionOp::get_row:
                case ExpressionOp::table_size: tables.insert(TableId(code[i].extra)); break;
                case ExpressionOp::macro_table: tables.insert(TableId(code[i + 1].extra)); break;
                default: break;
            }
        }
        return {tables.begin(), tables.end()};
    }

    // `name` may be the reply of some item: a plain `as`, or one made by a template.
    void check_reply(const Member& reply) {
        std::vector<std::string> known;
        const Node* workload = array_at(context_.root, "workload");
        if (!workload) return report_reply(reply, known);
        if (reply_names_.empty() && templates_.empty()) collect_replies(*workload);
        if (reply_names_.count(reply.key) != 0) return;
        for (const std::string& prefix : templates_) {
            if (reply.key.compare(0, prefix.size(), prefix) == 0) return;
        }
        known.assign(reply_names_.begin(), reply_names_.end());
        report_reply(reply, known);
    }

    void report_reply(const Member& reply, const std::vector<std::string>& known) {
        context_.diagnostics.unknown_name(reply.key_place, "reply", reply.key, known);
    }

    void collect_replies(const Node& workload) {
        for (const Node& item : workload.items) {
            collect_reply(item);
            const Node* steps = array_at(item, "steps");
            if (!steps) continue;
            for (const Node& step : steps->items) collect_reply(step);
        }
    }

    void collect_reply(const Node& item) {
        const Node* as = string_at(item, "as");
        if (!as || (!item.find("call") && !item.find("request"))) return;
        const std::size_t open = as->text.find("${");
        if (open == std::string::npos) {
            reply_names_.insert(as->text);
        } else {
            templates_.insert(as->text.substr(0, open));
        }
    }

    void load_replies(const Node& replies) {
        for (const Member& member : replies.members) {
            names_.insert("replies " + member.key);
            check_reply(member);
            const auto value = context_.compiler.literal(member.value, context_.params);
            if (!value) continue;
            expect_.replies.push_back(
                {member.key, with_partial(*value), context_.source(member.key_place)});
        }
    }

    // What a page lacks stands in its body.
    static Value with_partial(const Value& reply) {
        const Value* partial =
            reply.is(Value::Kind::map) ? reply.find(std::string_view("partial")) : nullptr;
        if (!partial) return reply;
        const Value lacks = Value::map({{"partial", *partial}});
        const Value* body = reply.find(std::string_view("body"));
        const bool has_map = body && body->is(Value::Kind::map);
        std::vector<MapEntry> entries = {{"body", has_map ? Value::merged(*body, lacks) : lacks}};
        for (const MapEntry& entry : reply.entries()) {
            const std::string_view key = entry.key.text();
            if (key != "partial" && key != "body") entries.push_back(entry);
        }
        return Value::map(std::span(entries));
    }

    void load_sequence(const Node& sequence) {
        names_.insert("sequence");
        expect_.sequence_source = context_.source(sequence.place);
        for (const Node& item : sequence.items) {
            if (!item.is(Node::Kind::string)) continue;
            const auto delivery =
                resolve_delivery(context_.program, item.text, item.place, context_.diagnostics);
            if (delivery) expect_.sequence.push_back(*delivery);
        }
    }

    void load_counts(const Node& counts) {
        for (const Member& member : counts.members) {
            names_.insert("counts " + member.key);
            const auto delivery = resolve_delivery(context_.program, member.key, member.key_place,
                                                   context_.diagnostics);
            if (!delivery) continue;
            const SourceId source = context_.source(member.key_place);
            expect_.counts.push_back({*delivery, count_at(counts, member.key, 0), source});
        }
    }

    LoadContext& context_;
    program::Expect& expect_;
    Scope always_;
    Scope at_end_;
    std::set<std::string> names_;  // of all expectations, as `breaks` names them
    std::set<std::string> reply_names_;
    std::set<std::string> templates_;  // what stands before the first ${ of each
};

}  // namespace

void load_expect(LoadContext& context) {
    ExpectLoader loader(context);
    if (const Node* expect = object_at(context.root, "expect")) loader.load(*expect);
    if (const Node* breaks = array_at(context.root, "breaks")) loader.load_breaks(*breaks, true);
    const Node* explore = object_at(context.root, "explore");
    const Node* explored = explore ? array_at(*explore, "breaks") : nullptr;
    if (explored) loader.load_breaks(*explored, false);
}

}  // namespace sagalab::language
