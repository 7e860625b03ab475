#include "program/eval_operators.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "base/text.h"

namespace sagalab::program {
namespace {

using Kind = Value::Kind;

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

Value no_operands(ExpressionOp op, const Value& a, const Value& b) {
    return failure(quoted(operator_sign(op)) + " does not take " +
                   std::string(kind_name(a.kind())) + " and " + std::string(kind_name(b.kind())));
}

Value overflow(ExpressionOp op, const Value& a, const Value& b) {
    return failure("integer overflow in " + std::to_string(a.integer()) + " " +
                   std::string(operator_sign(op)) + " " + std::to_string(b.integer()));
}

Value of_integers(ExpressionOp op, const Value& left, const Value& right) {
    std::int64_t a = left.integer();
    std::int64_t b = right.integer();
    std::int64_t result = 0;
    bool over = false;
    switch (op) {
        case ExpressionOp::add: over = __builtin_add_overflow(a, b, &result); break;
        case ExpressionOp::subtract: over = __builtin_sub_overflow(a, b, &result); break;
        case ExpressionOp::multiply: over = __builtin_mul_overflow(a, b, &result); break;
        default:
            if (b == 0) return failure("division by zero");
            over = a == std::numeric_limits<std::int64_t>::min() && b == -1;
            if (!over) result = op == ExpressionOp::divide ? a / b : a % b;
    }
    return over ? overflow(op, left, right) : Value(result);
}

Value of_durations(ExpressionOp op, const Value& a, const Value& b) {
    Nanos result = 0;
    bool over = op == ExpressionOp::add ? __builtin_add_overflow(a.nanos(), b.nanos(), &result)
                                        : __builtin_sub_overflow(a.nanos(), b.nanos(), &result);
    return over ? failure("duration overflow") : Value::duration(result);
}

Value joined_lists(const Value& a, const Value& b) {
    std::vector<Value> items(a.items().begin(), a.items().end());
    items.insert(items.end(), b.items().begin(), b.items().end());
    return Value::list(std::span(items));
}

Value joined_texts(const Value& a, const Value& b) {
    if (a.text().size() + b.text().size() > std::size_t{1} << 24U) {
        return failure("a text of more than 16 MiB");
    }
    std::string text(a.text());
    text += b.text();
    return Value(text);
}

std::string suggestion(const Value& map, std::string_view name) {
    std::vector<std::string> keys;
    for (const MapEntry& entry : map.entries()) {
        if (keys.size() == 100) break;
        keys.emplace_back(entry.key.text());
    }
    std::optional<std::string> near = nearest(name, keys);
    return near ? " (did you mean " + quoted(*near) + "?)" : std::string();
}

// Negative, zero or positive; only for kinds that have an order.
int compared(const Value& a, const Value& b) {
    if (a.is(Kind::string)) return a.text().compare(b.text());
    return a.integer() < b.integer() ? -1 : a.integer() > b.integer() ? 1 : 0;
}

}  // namespace

Value failure(std::string_view message) { return Value::error("ExpressionError", message); }

std::string_view operator_sign(ExpressionOp op) {
    switch (op) {
        case ExpressionOp::negate: return "-";
        case ExpressionOp::logical_not: return "!";
        case ExpressionOp::add: return "+";
        case ExpressionOp::subtract: return "-";
        case ExpressionOp::multiply: return "*";
        case ExpressionOp::divide: return "/";
        case ExpressionOp::modulo: return "%";
        case ExpressionOp::equal: return "==";
        case ExpressionOp::not_equal: return "!=";
        case ExpressionOp::less: return "<";
        case ExpressionOp::less_equal: return "<=";
        case ExpressionOp::greater: return ">";
        case ExpressionOp::greater_equal: return ">=";
        case ExpressionOp::in: return "in";
        case ExpressionOp::logical_and: return "&&";
        case ExpressionOp::logical_or: return "||";
        case ExpressionOp::jump_if_false: return "?:";
        default: return "?";
    }
}

Value arithmetic(ExpressionOp op, const Value& a, const Value& b) {
    if (a.is_error()) return a;
    if (b.is_error()) return b;
    if (a.kind() == b.kind()) {
        bool sum = op == ExpressionOp::add;
        if (a.is(Kind::integer)) return of_integers(op, a, b);
        if (a.is(Kind::duration) && (sum || op == ExpressionOp::subtract)) {
            return of_durations(op, a, b);
        }
        if (a.is(Kind::string) && sum) return joined_texts(a, b);
        if (a.is(Kind::list) && sum) return joined_lists(a, b);
    }
    return no_operands(op, a, b);
}

Value ordered(ExpressionOp op, const Value& a, const Value& b) {
    if (a.is_error()) return a;
    if (b.is_error()) return b;
    bool has_order =
        a.is(Kind::integer) || a.is(Kind::string) || a.is(Kind::duration) || a.is(Kind::boolean);
    if (a.kind() != b.kind() || !has_order) return no_operands(op, a, b);
    int order = compared(a, b);
    switch (op) {
        case ExpressionOp::less: return Value(order < 0);
        case ExpressionOp::less_equal: return Value(order <= 0);
        case ExpressionOp::greater: return Value(order > 0);
        default: return Value(order >= 0);
    }
}

Value contained(const Value& item, const Value& container) {
    if (item.is_error()) return item;
    if (container.is_error()) return container;
    if (container.is(Kind::map)) {
        return Value(item.is(Kind::string) && container.find(item) != nullptr);
    }
    if (!container.is(Kind::list)) return no_operands(ExpressionOp::in, item, container);
    std::span<const Value> items = container.items();
    return Value(std::find(items.begin(), items.end(), item) != items.end());
}

Value indexed(const Value& container, const Value& key) {
    if (container.is_error()) return container;
    if (key.is_error()) return key;
    std::string kind(kind_name(key.kind()));
    if (container.is(Kind::map)) {
        if (!key.is(Kind::string)) return failure("a key of a map is a string, not " + kind);
        if (const Value* found = container.find(key)) return *found;
        return failure("no key " + quoted(key.text()) + suggestion(container, key.text()));
    }
    if (!container.is(Kind::list)) {
        return failure(std::string(kind_name(container.kind())) + " has no elements");
    }
    if (!key.is(Kind::integer)) return failure("an index of a list is an int, not " + kind);
    std::span<const Value> items = container.items();
    if (key.integer() < 0 || key.integer() >= static_cast<std::int64_t>(items.size())) {
        return failure("index " + std::to_string(key.integer()) +
                       " is out of range: the list has " + std::to_string(items.size()) +
                       (items.size() == 1 ? " item" : " items"));
    }
    return items[static_cast<std::size_t>(key.integer())];
}

Value absorbed(ExpressionOp op, const Value& a, const Value& b, bool decisive) {
    auto decides = [&](const Value& side) {
        return side.is(Kind::boolean) && side.truth() == decisive;
    };
    if (decides(a) || decides(b)) return Value(decisive);
    if (a.is_error()) return a;
    if (!a.is(Kind::boolean)) return wrong_kind(op, a);
    if (b.is_error()) return b;
    if (!b.is(Kind::boolean)) return wrong_kind(op, b);
    return Value(!decisive);
}

Value no_field(const Value& container, const Value& key) {
    if (container.is_error()) return container;
    if (!container.is(Kind::map)) {
        return failure("no field " + quoted(key.text()) + " in " +
                       std::string(kind_name(container.kind())));
    }
    return failure("no field " + quoted(key.text()) + suggestion(container, key.text()));
}

Value wrong_kind(ExpressionOp op, const Value& a) {
    if (a.is_error()) return a;
    return failure(quoted(operator_sign(op)) + " does not take " +
                   std::string(kind_name(a.kind())));
}

Value make_map(std::span<Value> keys_and_values) {
    std::vector<MapEntry> entries;
    entries.reserve(keys_and_values.size() / 2);
    for (const Value& part : keys_and_values) {
        if (part.is_error()) return part;
    }
    for (std::size_t i = 0; i < keys_and_values.size(); i += 2) {
        Value& key = keys_and_values[i];
        if (!key.is(Kind::string)) {
            return failure("a key of a map is a string, not " + std::string(kind_name(key.kind())));
        }
        entries.push_back({std::move(key), std::move(keys_and_values[i + 1])});
    }
    std::size_t given = entries.size();
    std::stable_sort(entries.begin(), entries.end(),
                     [](const MapEntry& a, const MapEntry& b) { return key_less(a.key, b.key); });
    for (std::size_t i = 1; i < given; ++i) {
        if (entries[i - 1].key == entries[i].key) {
            return failure("key " + quoted(entries[i].key.text()) + " is given twice");
        }
    }
    return Value::map(std::span(entries));
}

Value concatenated(std::span<const Value> parts) {
    char small[64];
    std::size_t used = 0;
    std::string large;
    auto append = [&](std::string_view text) {
        if (large.empty() && used + text.size() <= sizeof small) {
            if (!text.empty()) std::memcpy(small + used, text.data(), text.size());
            used += text.size();
            return;
        }
        if (large.empty()) large.assign(small, used);
        large += text;
    };
    constexpr std::size_t longest = std::size_t{1} << 24U;
    for (const Value& part : parts) {
        if (large.size() > longest) return failure("a text of more than 16 MiB");
        if (part.is(Kind::string)) {
            append(part.text());
        } else if (part.is(Kind::integer)) {
            char digits[24];
            auto [end, error] = std::to_chars(digits, digits + sizeof digits, part.integer());
            append({digits, static_cast<std::size_t>(end - digits)});
        } else if (part.is(Kind::boolean)) {
            append(part.truth() ? "true" : "false");
        } else if (part.is_error()) {
            return part;
        } else {
            return failure(std::string(kind_name(part.kind())) +
                           " cannot stand inside a text: only string, int and bool can");
        }
    }
    return large.empty() ? Value(std::string_view(small, used)) : Value(large);
}

}  // namespace sagalab::program
