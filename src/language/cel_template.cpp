#include "language/cel_template.h"

#include <algorithm>

#include "base/text.h"
#include "language/cel_lexer.h"
#include "language/cel_parser.h"

namespace sagalab::language {
namespace {

// Adds literal text; neighbours become one part.
void add_text(Ast& whole, Ast part) {
    if (part.value.text().empty()) return;
    whole.children.push_back(std::move(part));
}

}  // namespace

const CelText& TemplateParser::text_of(const Node& node) {
    texts_.push_back({node.text, node.is(Node::Kind::string) ? &node : nullptr, node.place.file});
    return texts_.back();
}

Ast TemplateParser::leaf(const Node& node, Value value) {
    Ast ast;
    ast.text = &text_of(node);
    ast.begin = node.is(Node::Kind::string) ? 0 : node.place.begin;
    ast.end =
        node.is(Node::Kind::string) ? static_cast<std::uint32_t>(node.text.size()) : node.place.end;
    ast.value = std::move(value);
    return ast;
}

Ast TemplateParser::data(const Node& node) {
    switch (node.kind) {
        case Node::Kind::null: return leaf(node, Value());
        case Node::Kind::boolean: return leaf(node, Value(node.truth));
        case Node::Kind::integer: return leaf(node, Value(node.integer));
        case Node::Kind::string: return text(node);
        case Node::Kind::array: {
            Ast list = leaf(node, Value());
            list.kind = AstKind::list;
            for (const Node& item : node.items) list.children.push_back(data(item));
            return list;
        }
        case Node::Kind::object: break;
    }
    std::vector<Entry> entries;
    for (const Member& member : node.members) {
        entries.push_back({Value(member.key), data(member.value), member.key_place});
    }
    return object(node, std::move(entries));
}

Ast TemplateParser::object(const Node& node, std::vector<Entry> entries) {
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return key_less(a.key, b.key); });
    Ast record = leaf(node, Value());
    record.kind = AstKind::record;
    for (Entry& entry : entries) {
        if (!record.keys.empty() && record.keys.back() == entry.key) continue;
        record.keys.push_back(std::move(entry.key));
        record.children.push_back(std::move(entry.value));
    }
    return record;
}

std::optional<Ast> TemplateParser::expression(const Node& string) {
    if (!string.is(Node::Kind::string)) {
        diagnostics_.error(string.place, "expected an expression, which is a string, found " +
                                             std::string(kind_phrase(string.kind)));
        return std::nullopt;
    }
    const CelText& text = text_of(string);
    auto end = static_cast<std::uint32_t>(string.text.size());
    bool wrapped = string.text.starts_with("${") && string.text.ends_with("}");
    if (wrapped) {
        diagnostics_.error(string.place,
                           "this is an expression already: leave out \"${\" and \"}\"");
        return std::nullopt;
    }
    return parse_expression(text, 0, end, sources_, diagnostics_);
}

// The position of the } that closes the expression which begins here.
std::optional<std::size_t> TemplateParser::end_of_expression(const CelText& text,
                                                             std::size_t begin) {
    Lexer lexer(text.text, begin, text.text.size());
    int open = 0;
    while (true) {
        Token token = lexer.next();
        if (token.kind == Token::Kind::error) {
            diagnostics_.error(text.place(sources_, token.begin, token.end), token.text);
            return std::nullopt;
        }
        if (token.kind == Token::Kind::end) {
            auto at = static_cast<std::uint32_t>(begin);
            diagnostics_.error(text.place(sources_, at - 2, at),
                               "\"${\" has no \"}\" (a literal \"${\" is written \"$${\")");
            return std::nullopt;
        }
        if (token.is("{")) ++open;
        if (token.is("}") && --open < 0) return token.begin;
    }
}

// The expression behind the ${ at `at`, which moves past its }.
std::optional<Ast> TemplateParser::inserted(const CelText& text, std::size_t& at) {
    std::size_t begin = at + 2;
    std::optional<std::size_t> end = end_of_expression(text, begin);
    if (!end) return std::nullopt;
    at = *end + 1;
    if (text.text.substr(begin, *end - begin).find_first_not_of(" \t\r\n") ==
        std::string_view::npos) {
        diagnostics_.error(text.place(sources_, static_cast<std::uint32_t>(begin - 2),
                                      static_cast<std::uint32_t>(at)),
                           "an expression is missing between \"${\" and \"}\"");
        return std::nullopt;
    }
    return parse_expression(text, static_cast<std::uint32_t>(begin),
                            static_cast<std::uint32_t>(*end), sources_, diagnostics_);
}

Ast TemplateParser::text(const Node& node) {
    Ast whole = leaf(node, Value());
    whole.kind = AstKind::concat;
    const CelText& source = *whole.text;
    std::string literal;
    std::size_t at = 0;
    bool has_expressions = false;
    while (at < source.text.size()) {
        std::string_view rest = source.text.substr(at);
        if (rest.starts_with("$${")) {
            literal += "${";
            at += 3;
            continue;
        }
        if (!rest.starts_with("${")) {
            literal += source.text[at++];
            continue;
        }
        std::optional<Ast> part = inserted(source, at);
        if (!part) return leaf(node, Value(""));
        has_expressions = true;
        add_text(whole, leaf(node, Value(std::exchange(literal, std::string()))));
        whole.children.push_back(std::move(*part));
    }
    if (!has_expressions) {
        warn_of_bare_expression(node);
        return leaf(node, Value(literal));
    }
    add_text(whole, leaf(node, Value(literal)));
    if (whole.children.size() > 1) return whole;
    Ast only = std::move(whole.children[0]);
    return only;
}

void TemplateParser::warn_of_bare_expression(const Node& node) {
    std::string_view text = node.text;
    std::size_t root = text.find_first_of(".[");
    const Binding* binding =
        root == std::string_view::npos ? nullptr : scope_.find(text.substr(0, root));
    if (!binding || binding->kind == Binding::Kind::unusable ||
        binding->kind == Binding::Kind::service) {
        return;  // "OrderService.CreateOrder" is no slip
    }
    CelText whole{text, &node, node.place.file};
    Diagnostics ignored;
    if (!parse_expression(whole, 0, static_cast<std::uint32_t>(text.size()), sources_, ignored)) {
        return;
    }
    diagnostics_.warning(Lint::bare_expression, node.place,
                         "this text looks like an expression: write \"${" + std::string(text) +
                             "}\" to insert its value");
}

// One name in `copy`: the field of `msg`.
std::optional<Ast> TemplateParser::copied(const Node& name) {
    if (!name.is(Node::Kind::string) || !is_identifier(name.text)) {
        diagnostics_.error(name.place, "\"copy\" names fields of \"msg\": expected a name");
        return std::nullopt;
    }
    Ast message = leaf(name, Value());
    message.kind = AstKind::name;
    message.name_end = message.end;
    message.name = "msg";
    Ast field = leaf(name, Value());
    field.kind = AstKind::select;
    field.name = name.text;
    field.name_end = field.end;
    field.children.push_back(std::move(message));
    return field;
}

Ast TemplateParser::record(const Node* copy, const Node* given) {
    static const Node nothing;
    std::vector<Entry> entries;
    if (given && !given->is(Node::Kind::object)) {
        diagnostics_.error(given->place,
                           "expected an object, found " + std::string(kind_phrase(given->kind)));
        given = nullptr;
    }
    if (copy && !copy->is(Node::Kind::array)) {
        diagnostics_.error(copy->place, "expected an array of names, found " +
                                            std::string(kind_phrase(copy->kind)));
        copy = nullptr;
    }
    if (given) {
        for (const Member& member : given->members) {
            entries.push_back({Value(member.key), data(member.value), member.key_place});
        }
    }
    std::size_t count = copy ? copy->items.size() : 0;
    for (std::size_t i = 0; i < count; ++i) {
        const Node& name = copy->items[i];
        std::optional<Ast> field = copied(name);
        if (!field) continue;
        std::string quoted = "\"" + name.text + "\"";
        bool twice = std::any_of(entries.begin(), entries.end(),
                                 [&](const Entry& entry) { return entry.key.text() == name.text; });
        bool here = given && given->find(name.text);
        if (twice) {
            diagnostics_.error(name.place, here ? quoted + " is both copied and given"
                                                : quoted + " is copied twice");
        }
        entries.push_back({Value(name.text), std::move(*field), name.place});
    }
    const Node* where = given ? given : copy ? copy : &nothing;
    return object(*where, std::move(entries));
}

}  // namespace sagalab::language
