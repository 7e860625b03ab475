// No text makes lexer, parser, checker or evaluator crash or hang: a bounded walk with fixed seeds.
#include <array>

#include "base/random.h"
#include "language/cel_fixture.h"
#include "support/catch.h"

using namespace sagalab;
using namespace sagalab::language;

namespace {

constexpr std::array<const char*, 56> words{"msg",
                                            "row",
                                            "params",
                                            "meta",
                                            "store",
                                            ".",
                                            "orders",
                                            "amount",
                                            "(",
                                            ")",
                                            "[",
                                            "]",
                                            "{",
                                            "}",
                                            ",",
                                            ":",
                                            "?",
                                            "&&",
                                            "||",
                                            "!",
                                            "-",
                                            "+",
                                            "*",
                                            "/",
                                            "%",
                                            "==",
                                            "<",
                                            ">=",
                                            "in",
                                            "1",
                                            "0",
                                            "9223372036854775808",
                                            "'a'",
                                            "\"b\"",
                                            "r'\\'",
                                            "'''",
                                            "has",
                                            "size",
                                            ".all(x,",
                                            ".map(x,",
                                            ".exists(k,v,",
                                            ".filter(x,",
                                            ".transformMap(k,v,",
                                            "x",
                                            "k",
                                            "v",
                                            "true",
                                            "null",
                                            "${",
                                            "$${",
                                            "\\",
                                            "//",
                                            "\n",
                                            "1.5",
                                            "`a-b`",
                                            "get("};

std::string random_text(std::uint64_t seed) {
    std::string text;
    std::uint64_t length = 1 + scale(draw(seed, Purpose::choice, {}), 24);
    for (std::uint64_t i = 0; i < length; ++i) {
        std::uint64_t bits = draw(seed, Purpose::choice, Hash128{1, i});
        if (scale(bits, 40) == 0) {
            text += static_cast<char>(32 + scale(mix64(bits), 95));
        } else {
            text += words[scale(mix64(bits + 1), words.size())];
        }
        if (bits % 3 == 0) text += ' ';
    }
    return text;
}

}  // namespace

TEST_CASE("random expressions and templates end in a value or an error") {
    int values = 0;
    int refused = 0;
    for (std::uint64_t seed = 0; seed < 6000; ++seed) {
        CelFixture fixture;
        std::string text = random_text(seed);
        INFO(text);
        std::string found = fixture.value(text);
        CHECK_FALSE(found.empty());
        found.starts_with("refused: ") ? ++refused : ++values;
        std::string json;
        append_json_string(json, "x ${" + text + "} y");
        CelFixture data;
        CHECK_FALSE(data.data_value(json).empty());
    }
    CHECK(values > 50);
    CHECK(refused > 1000);
}

TEST_CASE("explaining gives the same value as evaluating") {
    int compared = 0;
    for (std::uint64_t seed = 0; seed < 6000; ++seed) {
        CelFixture fixture;
        ExpressionId id = fixture.compiled(random_text(seed));
        if (!id) continue;
        std::vector<program::Part> parts;
        Value plain = program::evaluate(fixture.program, id, fixture.environment());
        Value explained =
            program::evaluate_explained(fixture.program, id, fixture.environment(), parts);
        CHECK(plain.json() == explained.json());
        ++compared;
    }
    CHECK(compared > 50);
}
