#include "language/json.h"

#include <string>

#include "language/document_support.h"
#include "support/catch.h"

using namespace sagalab::language;

namespace {

struct Parsed {
    Sources sources;
    Diagnostics diagnostics;
    std::optional<Node> root;

    explicit Parsed(std::string text) {
        std::uint32_t file = sources.add("t.json", std::move(text));
        root = parse_json(sources, file, diagnostics);
    }
    [[nodiscard]] std::string_view at(const Place& place) const {
        return sources.text(place.file).substr(place.begin, place.end - place.begin);
    }
    [[nodiscard]] Lines messages() const {
        Lines lines;
        for (const Diagnostic& diagnostic : diagnostics.sorted()) {
            lines.push_back(std::string(at(diagnostic.place)) + " | " + diagnostic.message);
        }
        return lines;
    }
};

const std::string fraction_hint =
    "fractions are not allowed: use minor units (cents for money), or text such as \"1.5\", "
    "\"2%\" or \"15ms\" where a factor, a percentage or a duration is meant";

}  // namespace

TEST_CASE("json: every token knows its place") {
    Parsed parsed("{ \"a\" : [ 12,-3 , true,null, \"x\\n\" ],\n\t\"b\":{\"c\":false}} ");
    REQUIRE(parsed.root);
    CHECK(parsed.messages().empty());
    CHECK(compact(*parsed.root) == "{a:[12,-3,true,null,'x\n'],b:{c:false}}");
    const Member* a = parsed.root->member("a");
    REQUIRE(a != nullptr);
    CHECK(parsed.at(a->key_place) == "\"a\"");
    CHECK(parsed.at(a->value.place) == "[ 12,-3 , true,null, \"x\\n\" ]");
    CHECK(parsed.at(a->value.items[0].place) == "12");
    CHECK(parsed.at(a->value.items[1].place) == "-3");
    CHECK(parsed.at(a->value.items[2].place) == "true");
    CHECK(parsed.at(a->value.items[3].place) == "null");
    CHECK(parsed.at(a->value.items[4].place) == "\"x\\n\"");
    CHECK(parsed.at(parsed.root->find("b")->find("c")->place) == "false");
    CHECK(parsed.sources.line_column(parsed.root->member("b")->key_place).line == 2);
    CHECK(parsed.sources.line_column(parsed.root->member("b")->key_place).column == 2);
    CHECK(parsed.root->find("nothing") == nullptr);
}

TEST_CASE("json: a lone number, and a byte order mark") {
    Parsed number("17");
    REQUIRE(number.root);
    CHECK(number.root->integer == 17);
    CHECK(number.at(number.root->place) == "17");
    Parsed marked("\xef\xbb\xbf{\"a\": 1}");
    REQUIRE(marked.root);
    CHECK(marked.at(marked.root->member("a")->key_place) == "\"a\"");
}

TEST_CASE("json: integers have 64 bits") {
    Parsed good("[9223372036854775807, -9223372036854775808, -0]");
    REQUIRE(good.root);
    CHECK(good.messages().empty());
    CHECK(compact(*good.root) == "[9223372036854775807,-9223372036854775808,0]");
    Parsed bad("[9223372036854775808, 18446744073709551616, -9223372036854775809]");
    CHECK(bad.messages() == Lines{"9223372036854775808 | this number does not fit in 64 bits",
                                  "18446744073709551616 | this number does not fit in 64 bits",
                                  "-9223372036854775809 | this number does not fit in 64 bits"});
}

TEST_CASE("json: everything that can be found is found in one go") {
    Parsed parsed(
        "{\"a\":1.5,\n\"b\":2e3,\"a\":2,\n\"c\":{\"d\":1,\"d\":2,\"d\":3},\"e\":\"\\u0000\"}");
    REQUIRE(parsed.root);
    CHECK(parsed.messages() == Lines{"1.5 | " + fraction_hint, "2e3 | " + fraction_hint,
                                     "\"a\" | duplicate key \"a\" (first on line 1)",
                                     "\"d\" | duplicate key \"d\" (first on line 3)",
                                     "\"d\" | duplicate key \"d\" (first on line 3)",
                                     "\\u0000 | a string may not contain \\u0000"});
    CHECK(parsed.root->members.size() == 4);
}

TEST_CASE("json: what is no JSON is said as a person would") {
    const std::pair<const char*, const char*> rows[] = {
        {"", " | the file is empty: a scenario is a JSON object"},
        {" \n", " \n | the file is empty: a scenario is a JSON object"},
        {"{\"a\":1,}", "} | a comma before \"}\" is not allowed"},
        {"[1,]", "] | a comma before \"]\" is not allowed"},
        {"[,1]", ", | a value is missing before \",\""},
        {"{,}", ", | a key is missing before \",\""},
        {"{\"a\":}", "} | a value is missing before \"}\""},
        {"{\"a\":,}", ", | a value is missing before \",\""},
        {"{\"a\" 1}", "1 | \":\" is missing after a key"},
        {"{\"a\":1 \"b\":2}", "\" | \",\" or \"}\" is missing here"},
        {"[1 2]", "2 | \",\" or \"]\" is missing here"},
        {"[1}", "} | \",\" or \"]\" is missing here"},
        {"{a:1}", "a | keys are strings in double quotes"},
        {"{'a':1}", "' | keys are strings in double quotes"},
        {"['a']", "' | strings stand in double quotes, not in single ones"},
        {"[True]", "True | unknown word \"True\" (did you mean \"true\"?)"},
        {"[paid]", "paid | unknown word \"paid\": strings stand in double quotes"},
        {"[01]", "01 | a number may not begin with 0"},
        {"[+1]", "+1 | \"+1\" is no number: leave out the \"+\""},
        {"[-]", "- | \"-\" is no number"},
        {"{} x", "x | there is text after the end of the scenario"},
        {"{}{}", "{ | there is text after the end of the scenario"},
        {"{\"a\":[1,\n2", " | the text ends inside the array that begins on line 1"},
        {"{\n\"a\"", " | the text ends inside the object that begins on line 1"},
        {"[\"abc", "\"abc | this string is not closed"},
        {"[\"abc\n\"]", "\"abc | this string is not closed on its line"},
        {"[\"a\tb\"]", "\t | a control character is written \"\\u0009\""},
        {"[\"a\\qb\"]", "\\q | unknown escape \"\\q\" (a backslash itself is \"\\\\\")"},
        {"[\"\\u12g4\"]", "\\u12 | \"\\u\" takes four hexadecimal digits"},
        {"[\"\\ud800x\"]", "\\ud800 | half of a surrogate pair stands alone"},
        {"[1 // one\n]",
         "// one | JSON has no comments: use \"about\", which may stand on every object"},
        {"/* x */ {}",
         "/* x */ {} | JSON has no comments: use \"about\", which may stand on every object"},
    };
    for (const auto& [text, message] : rows) {
        INFO(text);
        Parsed parsed(text);
        CHECK_FALSE(parsed.root);
        CHECK(parsed.messages() == Lines{message});
    }
}

TEST_CASE("json: bytes that are no text") {
    Parsed parsed(std::string("{\"a\":\"\xff\",\"b\":\0 1.5}", 19));
    REQUIRE(parsed.root);
    CHECK(parsed.messages() == Lines{"\xff | byte 6 (0xff) is not UTF-8",
                                     std::string(1, '\0') + " | byte 13 is NUL",
                                     "1.5 | " + fraction_hint});
    Parsed binary(std::string(1000, '\xfe'));
    CHECK_FALSE(binary.root);
    CHECK(binary.diagnostics.error_count() == 10);
}

TEST_CASE("json: depth has a limit") {
    auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    Parsed deepest(nested(depth_max));
    REQUIRE(deepest.root);
    CHECK(deepest.messages().empty());
    Parsed deeper(nested(depth_max + 1));
    CHECK(deeper.messages() == Lines{"[ | nested deeper than 64 levels"});
    Parsed abyss(std::string(200'000, '['));
    CHECK_FALSE(abyss.root);
    CHECK(abyss.messages() == Lines{"[ | nested deeper than 64 levels",
                                    " | the text ends inside the array that begins on line 1"});
    Parsed balanced(nested(200'000));
    CHECK(balanced.messages() == Lines{"[ | nested deeper than 64 levels"});
    std::string objects;
    for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
    CHECK_FALSE(Parsed(objects).root);
}

TEST_CASE("json: keys repeat in large objects too") {
    std::string text = "{";
    for (int i = 0; i < 20'000; ++i) text += "\"k" + std::to_string(i) + "\":" + "1,";
    text += "\"k7\":2}";
    Parsed parsed(text);
    REQUIRE(parsed.root);
    CHECK(parsed.messages() == Lines{"\"k7\" | duplicate key \"k7\" (first on line 1)"});
    CHECK(parsed.root->members.size() == 20'000);
    CHECK(parsed.root->find("k7")->integer == 1);
}

TEST_CASE("json: places inside strings account for escapes") {
    Parsed parsed(R"(["ab\n\u00e9\ud83d\ude00cd", "plain"])");
    REQUIRE(parsed.root);
    const Node& text = parsed.root->items[0];
    CHECK(text.text ==
          "ab\n\xc3\xa9\xf0\x9f\x98\x80"
          "cd");
    auto part = [&](std::size_t begin, std::size_t end) {
        return parsed.at(place_in_string(parsed.sources, text, begin, end));
    };
    CHECK(part(0, 1) == "a");
    CHECK(part(1, 3) == "b\\n");
    CHECK(part(2, 3) == "\\n");
    CHECK(part(3, 5) == "\\u00e9");
    CHECK(part(5, 9) == "\\ud83d\\ude00");
    CHECK(part(9, 11) == "cd");
    CHECK(part(10, 11) == "d");
    CHECK(part(11, 11) == "\"");
    CHECK(part(0, 11) == R"(ab\n\u00e9\ud83d\ude00cd)");
    Node elsewhere = text;
    elsewhere.text = "a param's value";
    CHECK(parsed.at(place_in_string(parsed.sources, elsewhere, 2, 3)) == parsed.at(text.place));
}

TEST_CASE("json: kinds have phrases") {
    CHECK(kind_phrase(Node::Kind::null) == "null");
    CHECK(kind_phrase(Node::Kind::boolean) == "a boolean");
    CHECK(kind_phrase(Node::Kind::integer) == "a number");
    CHECK(kind_phrase(Node::Kind::string) == "a string");
    CHECK(kind_phrase(Node::Kind::array) == "an array");
    CHECK(kind_phrase(Node::Kind::object) == "an object");
}

TEST_CASE("json: files that cannot be read say why") {
    std::string why;
    CHECK_FALSE(read_text_file("/nonexistent/x.json", why));
    CHECK(why == "no such file");
    CHECK_FALSE(read_text_file("/", why));
    CHECK(why == "is a directory");
}

TEST_CASE("json: mutated texts neither crash nor pass unnoticed") {
    const std::string original =
        R"({"a":[1,-2,"x\u00e9\n",true,null,{"b":{}}],"c":"\ud83d\ude00","d":1.5,"d":"é"})";
    const std::string alphabet = "{}[]\",:\\u0019.eE-+tfn \n\x01\xff/'";
    std::uint64_t state = 42;
    auto draw = [&](std::size_t bound) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>((state >> 33U) % bound);
    };
    for (int round = 0; round < 20'000; ++round) {
        std::string text = original;
        for (std::size_t edits = 1 + draw(4); edits > 0 && !text.empty(); --edits) {
            std::size_t at = draw(text.size());
            switch (draw(3)) {
                case 0: text[at] = alphabet[draw(alphabet.size())]; break;
                case 1: text.erase(at, 1 + draw(5)); break;
                default: text.insert(at, 1, alphabet[draw(alphabet.size())]); break;
            }
        }
        Parsed parsed(text);
        INFO(text);
        if (!parsed.root) REQUIRE(parsed.diagnostics.has_errors());
        for (const Diagnostic& diagnostic : parsed.diagnostics.sorted()) {
            REQUIRE(diagnostic.place.begin <= diagnostic.place.end);
            REQUIRE(diagnostic.place.end <= text.size());
        }
        REQUIRE((parsed.diagnostics.sorted().empty() ||
                 !render(parsed.diagnostics, parsed.sources).empty()));
    }
}
