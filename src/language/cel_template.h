// Data positions: literal JSON with ${...} inside its strings, as a tree of expressions.
//
// A string that is nothing but one ${...} is that expression; other strings with some become a
// concat; `$${` is a literal `${`. The end of an expression is found by its tokens, so strings and
// braces inside are no trouble.
#pragma once

#include <deque>
#include <optional>

#include "language/cel_ast.h"
#include "language/diagnostics.h"

namespace sagalab::language {

class TemplateParser {
public:
    TemplateParser(const Scope& scope, const Sources& sources, Diagnostics& diagnostics)
        : scope_(scope), sources_(sources), diagnostics_(diagnostics) {}

    // The trees point into this object and into the node. Errors are in the diagnostics.
    Ast data(const Node& node);
    // `data` over the fields of `msg` that `copy` names; both may be null.
    Ast record(const Node* copy, const Node* data);
    // A whole string as an expression, or nothing.
    std::optional<Ast> expression(const Node& string);

private:
    struct Entry {
        Value key;
        Ast value;
        Place place;
    };

    const CelText& text_of(const Node& node);
    Ast leaf(const Node& node, Value value);
    Ast text(const Node& node);
    std::optional<std::size_t> end_of_expression(const CelText& text, std::size_t begin);
    std::optional<Ast> inserted(const CelText& text, std::size_t& at);
    void warn_of_bare_expression(const Node& node);
    std::optional<Ast> copied(const Node& name);
    Ast object(const Node& node, std::vector<Entry> entries);

    const Scope& scope_;
    const Sources& sources_;
    Diagnostics& diagnostics_;
    std::deque<CelText> texts_;
};

}  // namespace sagalab::language
