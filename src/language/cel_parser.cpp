#include "language/cel_parser.h"

#include <algorithm>
#include <array>

#include "language/cel_lexer.h"

namespace sagalab::language {
namespace {

using program::ExpressionOp;

struct Infix {
    std::string_view sign;
    int precedence;
    ExpressionOp op;
};

constexpr std::array<Infix, 14> infixes{{{"||", 1, ExpressionOp::logical_or},
                                         {"&&", 2, ExpressionOp::logical_and},
                                         {"==", 3, ExpressionOp::equal},
                                         {"!=", 3, ExpressionOp::not_equal},
                                         {"<", 3, ExpressionOp::less},
                                         {"<=", 3, ExpressionOp::less_equal},
                                         {">", 3, ExpressionOp::greater},
                                         {">=", 3, ExpressionOp::greater_equal},
                                         {"in", 3, ExpressionOp::in},
                                         {"+", 4, ExpressionOp::add},
                                         {"-", 4, ExpressionOp::subtract},
                                         {"*", 5, ExpressionOp::multiply},
                                         {"/", 5, ExpressionOp::divide},
                                         {"%", 5, ExpressionOp::modulo}}};

const Infix* infix_of(const Token& token) {
    if (token.kind != Token::Kind::sign && !token.is_word("in")) return nullptr;
    for (const Infix& infix : infixes) {
        if (token.text == infix.sign) return &infix;
    }
    return nullptr;
}

// Words of other languages, and what CEL says instead.
std::string_view instead_of(const Token& token) {
    if (token.is_word("and")) return "&&";
    if (token.is_word("or")) return "||";
    return {};
}

class Parser {
public:
    Parser(const CelText& text, std::uint32_t begin, std::uint32_t end, const Sources& sources,
           Diagnostics& diagnostics)
        : text_(text), sources_(sources), diagnostics_(diagnostics), lexer_(text.text, begin, end) {
        advance();
    }

    std::optional<Ast> parse() {
        Ast ast = expression();
        if (!failed_ && token_.kind != Token::Kind::end) unexpected();
        if (failed_) return std::nullopt;
        return ast;
    }

private:
    void fail(std::uint32_t begin, std::uint32_t end, std::string message) {
        if (!failed_) diagnostics_.error(text_.place(sources_, begin, end), std::move(message));
        failed_ = true;
    }
    void fail(const Token& token, std::string message) {
        fail(token.begin, token.end, std::move(message));
    }

    void advance() {
        previous_end_ = token_.end;
        token_ = lexer_.next();
        if (token_.kind == Token::Kind::error) fail(token_, token_.text);
    }

    void unexpected() {
        if (token_.kind == Token::Kind::end) return fail(token_, "the expression ends too early");
        std::string_view instead = instead_of(token_);
        std::string what =
            token_.kind == Token::Kind::string ? "string" : "\"" + token_.text + "\"";
        std::string hint =
            instead.empty() ? "" : " (did you mean \"" + std::string(instead) + "\"?)";
        fail(token_, "unexpected " + what + hint);
    }

    bool take(std::string_view sign) {
        if (failed_ || !token_.is(sign)) return false;
        advance();
        return true;
    }

    void expect(std::string_view sign) {
        if (take(sign) || failed_) return;
        if (!instead_of(token_).empty()) return unexpected();
        std::string found = token_.kind == Token::Kind::end      ? "the end"
                            : token_.kind == Token::Kind::string ? "a string"
                                                                 : "\"" + token_.text + "\"";
        fail(token_, "expected \"" + std::string(sign) + "\", found " + found);
    }

    Ast node(AstKind kind, const Token& from) const {
        Ast ast;
        ast.kind = kind;
        ast.text = &text_;
        ast.begin = ast.name_begin = from.begin;
        ast.end = ast.name_end = from.end;
        return ast;
    }

    // Adds a child; a tree that became too deep is an error.
    void adopt(Ast& parent, Ast child) {
        parent.depth = std::max(parent.depth, child.depth + 1);
        parent.children.push_back(std::move(child));
        if (parent.depth > tree_depth_max) {
            fail(parent.begin, parent.end, "the expression is nested too deeply");
        }
    }

    // `operand` under an operator whose sign is `sign`.
    Ast over(AstKind kind, ExpressionOp op, const Token& sign, Ast operand) {
        Ast ast = node(kind, sign);
        ast.op = op;
        ast.begin = std::min(sign.begin, operand.begin);
        ast.type = Type::any;
        adopt(ast, std::move(operand));
        return ast;
    }

    bool enter() {
        if (++nesting_ <= nesting_max) return !failed_;
        fail(token_, "the expression is nested too deeply");
        return false;
    }

    Ast expression() {
        if (!enter()) return leave({});
        Ast condition = binary(1);
        Token sign = token_;
        if (!take("?")) return leave(std::move(condition));
        Ast ast =
            over(AstKind::conditional, ExpressionOp::jump_if_false, sign, std::move(condition));
        adopt(ast, binary(1));
        expect(":");
        adopt(ast, expression());
        ast.end = previous_end_;
        return leave(std::move(ast));
    }

    Ast leave(Ast ast) {
        --nesting_;
        return ast;
    }

    Ast binary(int lowest) {
        Ast left = unary();
        while (!failed_) {
            const Infix* infix = infix_of(token_);
            if (!infix || infix->precedence < lowest) break;
            Token sign = token_;
            advance();
            AstKind kind = infix->precedence <= 2 ? AstKind::logical : AstKind::binary;
            Ast right = binary(infix->precedence + 1);
            left = over(kind, infix->op, sign, std::move(left));
            adopt(left, std::move(right));
            left.end = previous_end_;
        }
        return left;
    }

    Ast unary() {
        Token sign = token_;
        bool minus = token_.is("-");
        if (!minus && !token_.is("!")) return postfix(primary());
        if (!enter()) return leave({});
        advance();
        if (minus && token_.kind == Token::Kind::integer) {
            Ast ast = postfix(integer(&sign));
            return leave(std::move(ast));
        }
        ExpressionOp op = minus ? ExpressionOp::negate : ExpressionOp::logical_not;
        Ast ast = over(AstKind::unary, op, sign, unary());
        ast.end = previous_end_;
        return leave(std::move(ast));
    }

    // The token, an integer; its sign, if there is one, belongs to it.
    Ast integer(const Token* minus) {
        Ast ast = node(AstKind::constant, token_);
        std::uint64_t magnitude = token_.magnitude;
        if (!minus && magnitude == std::uint64_t{1} << 63U) {
            fail(token_, "the number does not fit into 64 bits");
        }
        if (minus) ast.begin = ast.name_begin = minus->begin;
        ast.value = Value(static_cast<std::int64_t>(minus ? 0 - magnitude : magnitude));
        advance();
        return ast;
    }

    Ast primary() {
        Token first = token_;
        if (failed_) return {};
        if (first.kind == Token::Kind::integer) return integer(nullptr);
        if (first.kind == Token::Kind::string) {
            advance();
            Ast ast = node(AstKind::constant, first);
            ast.value = Value(first.text);
            return ast;
        }
        if (first.kind == Token::Kind::name) return word();
        if (take("(")) {
            Ast ast = expression();
            expect(")");
            return ast;
        }
        if (take("[")) return items(AstKind::list, first, "]");
        if (take("{")) return map(first);
        unexpected();
        return {};
    }

    Ast word() {
        Token first = token_;
        advance();
        Ast ast = node(AstKind::constant, first);
        if (first.text == "true" || first.text == "false") {
            ast.value = Value(first.text == "true");
        } else if (first.text == "null") {
            ast.value = Value();
        } else if (is_cel_reserved(first.text)) {
            fail(first, "\"" + first.text + "\" is a reserved word");
        } else if (first.text == "not" && token_.kind != Token::Kind::end && !infix_of(token_) &&
                   token_.kind == Token::Kind::name) {
            fail(first, "unexpected \"not\" (did you mean \"!\"?)");
        } else if (take("(")) {
            ast = items(AstKind::call, first, ")");
            ast.name = first.text;
        } else {
            ast.kind = AstKind::name;
            ast.name = first.text;
        }
        return ast;
    }

    // Expressions between commas, up to the closing bracket; a list may end with a comma.
    Ast items(AstKind kind, const Token& first, std::string_view closing) {
        Ast ast = node(kind, first);
        append_items(ast, closing);
        return ast;
    }

    void append_items(Ast& ast, std::string_view closing) {
        while (!failed_ && !token_.is(closing)) {
            adopt(ast, expression());
            if (!take(",")) break;
            if (ast.kind != AstKind::list && token_.is(closing)) unexpected();
        }
        expect(closing);
        ast.end = previous_end_;
    }

    Ast map(const Token& first) {
        Ast ast = node(AstKind::map, first);
        while (!failed_ && !token_.is("}")) {
            adopt(ast, expression());
            expect(":");
            adopt(ast, expression());
            if (!take(",")) break;
        }
        expect("}");
        ast.end = previous_end_;
        return ast;
    }

    Ast postfix(Ast ast) {
        while (!failed_) {
            if (take(".")) {
                ast = member(std::move(ast));
            } else if (Token bracket = token_; take("[")) {
                ast = over(AstKind::index, ExpressionOp::index, bracket, std::move(ast));
                adopt(ast, expression());
                expect("]");
                ast.end = ast.name_end = previous_end_;
            } else if (token_.is("{") && ast.kind == AstKind::name) {
                fail(token_, "there are no message types: a map is {'key': value}");
            } else {
                break;
            }
        }
        return ast;
    }

    Ast member(Ast target) {
        Token name = token_;
        bool quoted = name.kind == Token::Kind::quoted_name;
        bool keyword = name.is_word("in") || name.is_word("true") || name.is_word("false") ||
                       name.is_word("null");
        if ((name.kind != Token::Kind::name && !quoted) || keyword) {
            if (name.is("?")) {
                fail(name, "there are no optional fields: use has() or get()");
            } else {
                fail(name, "expected the name of a field after \".\"");
            }
            return target;
        }
        advance();
        AstKind kind = !quoted && token_.is("(") ? AstKind::method : AstKind::select;
        Ast ast = over(kind, ExpressionOp::field, name, std::move(target));
        ast.name = name.text;
        ast.end = previous_end_;
        if (kind == AstKind::method && take("(")) append_items(ast, ")");
        return ast;
    }

    const CelText& text_;
    const Sources& sources_;
    Diagnostics& diagnostics_;
    Lexer lexer_;
    Token token_;
    std::uint32_t previous_end_ = 0;
    std::uint32_t nesting_ = 0;
    bool failed_ = false;
};

}  // namespace

std::optional<Ast> parse_expression(const CelText& text, std::uint32_t begin, std::uint32_t end,
                                    const Sources& sources, Diagnostics& diagnostics) {
    if (end - begin > expression_bytes_max) {
        diagnostics.error(
            text.place(sources, begin, end),
            "the expression is longer than " + std::to_string(expression_bytes_max) + " bytes");
        return std::nullopt;
    }
    bool blank =
        text.text.substr(begin, end - begin).find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (blank) {
        diagnostics.error(text.place(sources, begin, end), "an expression is missing");
        return std::nullopt;
    }
    return Parser(text, begin, end, sources, diagnostics).parse();
}

}  // namespace sagalab::language
