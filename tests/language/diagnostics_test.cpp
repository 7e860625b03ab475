#include "language/diagnostics.h"

#include <array>
#include <string>

#include "support/catch.h"

using namespace sagalab::language;

namespace {

Place place(std::uint32_t begin, std::uint32_t end, std::uint32_t file = 0) {
    return {file, begin, end};
}

std::string rendered(std::string text, const Place& at, std::size_t width = 100) {
    Sources sources;
    sources.add("a.json", std::move(text));
    Diagnostics diagnostics;
    diagnostics.error(at, "wrong");
    RenderOptions options;
    options.width = width;
    return render(diagnostics, sources, options);
}

}  // namespace

TEST_CASE("sources: lines and columns") {
    Sources sources;
    std::uint32_t file = sources.add("a.json", "ab\r\ncd\n\nlast");
    CHECK(sources.line(file, 1) == "ab");
    CHECK(sources.line(file, 2) == "cd");
    CHECK(sources.line(file, 3).empty());
    CHECK(sources.line(file, 4) == "last");
    CHECK(sources.line(file, 5).empty());
    CHECK(sources.line(file, 0).empty());
    CHECK(sources.line_column(place(0, 1)).line == 1);
    CHECK(sources.line_column(place(5, 6)).line == 2);
    CHECK(sources.line_column(place(5, 6)).column == 2);
    CHECK(sources.line_column(place(7, 7)).line == 3);
    CHECK(sources.line_column(place(12, 12)).column == 5);
}

TEST_CASE("diagnostics: file, line, column, the line and a caret") {
    CHECK(rendered("one\n  \"call\": \"X\"\n", place(6, 12)) ==
          "a.json:2:3: error: wrong\n"
          "    2 |   \"call\": \"X\"\n"
          "      |   ^~~~~~\n");
}

TEST_CASE("diagnostics: a place over several lines is marked on its first") {
    CHECK(rendered("[1,\n2]", place(0, 6)) ==
          "a.json:1:1: error: wrong\n"
          "    1 | [1,\n"
          "      | ^~~\n");
}

TEST_CASE("diagnostics: columns are bytes, carets stand under what is seen") {
    SECTION("two bytes, one column") {
        CHECK(rendered("é\"x\"", place(2, 5)) ==
              "a.json:1:3: error: wrong\n"
              "    1 | é\"x\"\n"
              "      |  ^~~\n");
    }
    SECTION("wide characters") {
        CHECK(rendered("漢字x", place(6, 7)) ==
              "a.json:1:7: error: wrong\n"
              "    1 | 漢字x\n"
              "      |     ^\n");
        CHECK(rendered("漢字x", place(0, 6)) ==
              "a.json:1:1: error: wrong\n"
              "    1 | 漢字x\n"
              "      | ^~~~\n");
    }
    SECTION("tabs are kept") {
        CHECK(rendered("\t\tx: 1", place(2, 3)) ==
              "a.json:1:3: error: wrong\n"
              "    1 | \t\tx: 1\n"
              "      | \t\t^\n");
    }
    SECTION("the end of the text") {
        CHECK(rendered("{", place(1, 1)) ==
              "a.json:1:2: error: wrong\n"
              "    1 | {\n"
              "      |  ^\n");
    }
}

TEST_CASE("diagnostics: a file cannot steer a terminal") {
    CHECK(rendered("\x1b[31mx", place(5, 6)) ==
          "a.json:1:6: error: wrong\n"
          "    1 | \\x1b[31mx\n"
          "      |         ^\n");
    Sources sources;
    sources.add("\x1b]0;a.json", "x");
    Diagnostics diagnostics;
    diagnostics.error(place(0, 1), "unknown \"\x07\"\n");
    CHECK(render(diagnostics, sources) ==
          "\\x1b]0;a.json:1:1: error: unknown \"\\x07\"\\x0a\n"
          "    1 | x\n"
          "      | ^\n");
}

TEST_CASE("diagnostics: long lines are cut around the place") {
    std::string text = std::string(200, 'a') + "HERE" + std::string(200, 'b');
    std::string out = rendered(text, place(200, 204), 60);
    std::size_t line_end = out.find('\n', out.find('\n') + 1);
    std::string line = out.substr(out.find('\n') + 1, line_end - out.find('\n') - 1);
    CHECK(line.size() <= 60);
    CHECK(line.find("HERE") != std::string::npos);
    CHECK(line.find("...") != std::string::npos);
    std::string caret = out.substr(line_end + 1);
    CHECK(caret.find("^~~~\n") == line.find("HERE"));
}

TEST_CASE("diagnostics: sorted, and each once") {
    Sources sources;
    sources.add("a.json", "abc\ndef");
    sources.add("b.json", "x");
    Diagnostics diagnostics;
    diagnostics.error(place(0, 1, 1), "in b");
    diagnostics.error(place(4, 5), "later");
    diagnostics.warning(Lint::dual_write, place(0, 1), "doubtful");
    diagnostics.error(place(4, 5), "later");
    diagnostics.error(place(4, 6), "another");
    CHECK(diagnostics.error_count() == 4);
    CHECK(diagnostics.has_errors());
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics.sorted()) text += diagnostic.message + ";";
    CHECK(text == "doubtful;another;later;in b;");
    CHECK(render(diagnostics, sources).find("a.json:1:1: warning: doubtful [SL007 dual-write]\n") ==
          0);
}

TEST_CASE("diagnostics: warnings alone are no errors") {
    Diagnostics diagnostics;
    diagnostics.warning(Lint::dual_write, place(0, 1), "doubtful");
    CHECK_FALSE(diagnostics.has_errors());
}

TEST_CASE("diagnostics: unknown names come with a suggestion") {
    const std::array<std::string, 2> names{"Payment", "Order"};
    Diagnostics diagnostics;
    diagnostics.unknown_name(place(0, 1), "service", "Paymnt", names);
    diagnostics.unknown_name(place(1, 2), "service", "Zebra", names);
    CHECK(diagnostics.sorted()[0].message ==
          "unknown service \"Paymnt\" (did you mean \"Payment\"?)");
    CHECK(diagnostics.sorted()[1].message == "unknown service \"Zebra\"");
}

TEST_CASE("diagnostics: past the limit they are only counted") {
    Sources sources;
    sources.add("a.json", "abcdef");
    Diagnostics diagnostics;
    for (std::uint32_t i = 0; i < 5; ++i) diagnostics.error(place(i, i + 1), "wrong");
    RenderOptions options;
    options.most = 3;
    std::string text = render(diagnostics, sources, options);
    CHECK(text.find("a.json:1:3: error: wrong") != std::string::npos);
    CHECK(text.find("a.json:1:4:") == std::string::npos);
    CHECK(text.find("\n... and 2 more errors\n") != std::string::npos);
    options.most = 4;
    CHECK(render(diagnostics, sources, options).find("... and 1 more error\n") !=
          std::string::npos);
}

TEST_CASE("diagnostics: a file without text has no line to show") {
    CHECK(rendered("", place(0, 0)) == "a.json: error: wrong\n");
}

TEST_CASE("diagnostics: colours wrap, and change no text") {
    Sources sources;
    sources.add("a.json", "abc");
    Diagnostics diagnostics;
    diagnostics.error(place(0, 1), "wrong");
    RenderOptions options;
    options.color = true;
    std::string colored = render(diagnostics, sources, options);
    CHECK(colored.find("\x1b[1;31merror: \x1b[0m") != std::string::npos);
    std::string plain;
    for (std::size_t i = 0; i < colored.size(); ++i) {
        if (colored[i] == '\x1b') {
            i = colored.find('m', i);
        } else {
            plain += colored[i];
        }
    }
    CHECK(plain == render(diagnostics, sources));
}
