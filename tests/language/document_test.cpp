#include "language/document.h"

#include <string>

#include "language/document_support.h"
#include "support/catch.h"

using namespace sagalab::language;

namespace {

std::string root_of(const ReadResult& result, std::size_t at = 0) {
    return compact(result.document->cases.at(at).root);
}

const std::string part_of_a = R"({"services":{"A":{}},"faults":[{"drop":"E"}]})";

}  // namespace

TEST_CASE("document: a file without cases is one case named by its title") {
    ReadResult result = read(R"({"scenario":"the title","seed":2})");
    REQUIRE(result.document);
    CHECK_FALSE(result.document->is_part);
    CHECK(result.document->title == "the title");
    REQUIRE(result.document->cases.size() == 1);
    CHECK(result.document->cases[0].name == "the title");
    CHECK(root_of(result) == "{scenario:'the title',seed:2}");
    CHECK(result.document->files == Lines{"main.json"});
}

TEST_CASE("document: a file without a title is a part") {
    ReadResult result = read(R"({"services":{"A":{}}})");
    REQUIRE(result.document);
    CHECK(result.document->is_part);
    CHECK(result.messages().empty());
}

TEST_CASE("document: what is no document") {
    CHECK(read("[]").messages() == Lines{"1:1 a scenario file must be an object, not an array"});
    Sources sources;
    Diagnostics diagnostics;
    CHECK_FALSE(read_document("/nonexistent.json", std::nullopt, {}, sources, diagnostics));
    CHECK(render(diagnostics, sources) ==
          "/nonexistent.json: error: cannot read this file: no such file\n");
}

TEST_CASE("document: cases are merge patches") {
    ReadResult result = read(R"({"scenario":"s","params":{"p":{"x":1,"y":2}},
        "services":{"A":{"outbox":true,"store":{"rows":{"rows":{"a":{"n":1},"b":{}}}}}},
        "faults":[{"drop":"E"}],
        "cases":{"one":{"params":{"p":{"x":null,"z":3}},
                        "services":{"A":{"outbox":null,"store":{"rows":{"rows":{"c":{"n":null}}}}}},
                        "addFaults":[{"drop":"F"}],"breaks":["t"]},
                 "two":{"faults":[],"addWorkload":[{"publish":"E"}],"seed":7}}})");
    REQUIRE(result.document);
    CHECK(result.messages().empty());
    REQUIRE(result.document->cases.size() == 2);
    CHECK(result.document->cases[0].name == "one");
    CHECK(root_of(result, 0) ==
          "{scenario:'s',params:{p:{y:2,z:3}},services:{A:{store:{rows:{rows:{c:{n:null}}}}}},"
          "faults:[{drop:'E'},{drop:'F'}],breaks:['t']}");
    CHECK(root_of(result, 1) ==
          "{scenario:'s',params:{p:{x:1,y:2}},services:{A:{outbox:true,store:{rows:{rows:{a:{n:1},"
          "b:{}}}}}},faults:[],seed:7,workload:[{publish:'E'}]}");
}

TEST_CASE("document: mistakes in cases have the places of the case, in the base once") {
    ReadResult result = read(
        "{\"scenario\":\"s\",\"sed\":1,\n\"cases\":{\"one\":{\"seed\":-1},\n"
        "\"two\":{\"include\":[],\"seed\":\"x\"},\n\"three\":5,\n\"\":{}}}");
    CHECK(result.messages() ==
          Lines{"1:17 unknown key \"sed\" in a scenario (did you mean \"seed\"?)",
                "2:24 \"seed\" must be a whole number of at least 0, not -1",
                "3:8 unknown key \"include\" in a case",
                "3:28 \"seed\" must be a whole number of at least 0, not a string",
                "4:9 \"three\" must be an object, not a number",
                "5:1 the name of a case must not be empty"});
}

TEST_CASE("document: two cases of one name") {
    CHECK(read(R"({"scenario":"s","cases":{"a":{},"a":{}}})").messages() ==
          Lines{"1:33 duplicate key \"a\" (first on line 1)"});
}

TEST_CASE("document: params replace strings that are nothing else") {
    ReadResult result = read(R"({"scenario":"s",
        "params":{"n":3,"on":true,"t":"2ms","own":"${params.n}","data":{"k":[1]}},
        "services":{"A":{"workers":"${params.n}","outbox":"${ params.on }","takes":"${params.t}",
          "store":{"o":{"rows":{"a":"${params.data}","b":{"x":"n: ${params.n}","y":"${params.n + 1}"}}}}}}})");
    REQUIRE(result.document);
    CHECK(result.messages().empty());
    CHECK(root_of(result) ==
          "{scenario:'s',params:{n:3,on:true,t:'2ms',own:'${params.n}',data:{k:[1]}},"
          "services:{A:{workers:3,outbox:true,takes:'2ms',"
          "store:{o:{rows:{a:{k:[1]},b:{x:'n: ${params.n}',y:'${params.n + 1}'}}}}}}}");
}

TEST_CASE("document: unknown params, and values of the wrong kind at their use") {
    ReadResult result = read(
        "{\"scenario\":\"s\",\"params\":{\"patience\":\"x\"},\n"
        "\"services\":{\"A\":{\"takes\":\"${params.patienc}\",\n"
        "\"lease\":\"${params.patience}\"}}}");
    CHECK(result.messages() ==
          Lines{"2:36 unknown param \"patienc\" (did you mean \"patience\"?)",
                "3:9 \"lease\" must be a duration such as \"250us\" or \"1m30s\", not \"x\""});
}

TEST_CASE("document: --set overrides params, in cases too") {
    const std::string text = R"({"scenario":"s","params":{"a":1,"b":"x"},"seed":"${params.a}",
        "cases":{"one":{"params":{"a":2,"c":0}},"two":{}}})";
    ReadResult result = read(text, {}, {{"a", "5"}, {"b", "50ms"}, {"c", "[true]"}});
    CHECK(result.messages().empty());
    CHECK(root_of(result, 0) == "{scenario:'s',params:{a:5,b:'50ms',c:[true]},seed:5}");
    CHECK(root_of(result, 1) == "{scenario:'s',params:{a:5,b:'50ms'},seed:5}");
    CHECK(root_of(read(text, {}, {{"b", "\"7\""}}), 1) ==
          "{scenario:'s',params:{a:1,b:'7'},seed:1}");
    CHECK(root_of(read(text, {}, {{"b", "1.5"}}), 1) ==
          "{scenario:'s',params:{a:1,b:'1.5'},seed:1}");
    CHECK(read(text, {}, {{"aa", "1"}}).messages() ==
          Lines{"1:17 unknown param \"aa\" in --set (did you mean \"a\"?)"});
    CHECK(read(text, {}, {{"a", "[1"}}).messages() ==
          Lines{"1:17 the value of --set a is wrong: the text ends inside the array that begins on "
                "line 1"});
    CHECK(read(R"({"scenario":"s"})", {}, {{"x", "1"}}).messages() ==
          Lines{"1:1 unknown param \"x\" in --set: the file has no params"});
}

TEST_CASE("document: includes merge by name, relative to the file that names them") {
    ReadResult result = read(
        R"({"scenario":"s","include":["sys/a.json","sys/c.json"],"services":{"Own":{}},
                 "faults":[{"drop":"F"}]})",
        {{"sys/a.json", R"({"about":"part","include":["c.json","../d.json"],"services":{"A":{}},
                                "faults":[{"drop":"E"}],"policies":{"retry":{"p":{}}}})"},
         {"sys/c.json", R"({"services":{"C":{}}})"},
         {"d.json", R"({"bus":{"topics":{"E":{}}},"policies":{"retry":{"q":{}}}})"}});
    CHECK(result.messages().empty());
    CHECK(result.document->files == Lines{"main.json", "sys/a.json", "sys/c.json", "d.json"});
    const Node& root = result.document->cases[0].root;
    CHECK(compact(*root.find("services")) == "{C:{},A:{},Own:{}}");
    CHECK(compact(*root.find("faults")) == "[{drop:'E'},{drop:'F'}]");
    CHECK(compact(*root.find("policies")) == "{retry:{q:{},p:{}}}");
    CHECK(root.find("include") == nullptr);
    CHECK(root.find("about") == nullptr);
}

TEST_CASE("document: what includes may not do") {
    CHECK(read(R"({"scenario":"s","include":["a.json"],"services":{"A":{}}})",
               {{"a.json", part_of_a}})
              .messages() == Lines{"1:50 service \"A\" is defined twice (first at a.json:1:14)"});
    CHECK(read(R"({"scenario":"s","include":["none.json",5]})").messages() ==
          Lines{"1:28 cannot read \"none.json\": no such file",
                "1:40 an item of \"include\" must be a path, not a number"});
    CHECK(read(R"({"scenario":"s","include":["a.json"]})", {{"a.json", R"({"scenario":"t"})"}})
              .messages() ==
          Lines{"1:28 \"a.json\" is a scenario of its own; what is included has no \"scenario\""});
    CHECK(read(R"({"scenario":"s","include":["a.json"]})",
               {{"a.json", R"({"include":["b.json"]})"}, {"b.json", R"({"include":["a.json"]})"}})
              .messages() ==
          Lines{"b.json:1:13 include cycle: main.json -> a.json -> b.json -> a.json"});
    CHECK(read(R"({"scenario":"s","include":["main.json"]})").messages() ==
          Lines{"1:28 include cycle: main.json -> main.json"});
    CHECK(read(R"({"scenario":"s","include":"a.json"})").messages() ==
          Lines{"1:27 \"include\" must be an array, not a string"});
    CHECK(read(R"({"scenario":"s","seed":1,"include":["a.json"]})", {{"a.json", R"({"seed":2})"}})
              .messages() == Lines{"1:17 \"seed\" is defined twice (first at a.json:1:2)"});
}

TEST_CASE("document: mutated documents are survived") {
    const std::string original =
        R"({"scenario":"s","params":{"n":3},"include":["a.json"],"services":{"A":{"workers":"${params.n}",
        "api":{"Do":[{"insert":"t","key":"k","row":{}},{"if":"c","then":[],"else":[]}]}}},
        "workload":[{"call":"A.Do","as":"r${i}","every":"1ms","times":2}],
        "cases":{"x":{"addFaults":[{"drop":"E"}],"services":{"A":{"workers":null}}},"y":{}}})";
    const std::string alphabet = "{}[]\",:0n${}._";
    std::uint64_t state = 7;
    auto draw = [&](std::size_t bound) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>((state >> 33U) % bound);
    };
    std::size_t whole = 0;
    for (int round = 0; round < 4000; ++round) {
        std::string text = original;
        for (std::size_t edits = 1 + draw(3); edits > 0; --edits) {
            std::size_t at = draw(text.size());
            text[at] = draw(2) == 0 ? alphabet[draw(alphabet.size())] : text[draw(text.size())];
        }
        INFO(text);
        ReadResult result = read(text, {{"a.json", R"({"services":{"B":{}}})"}});
        if (result.document) ++whole;
        REQUIRE((result.document || result.diagnostics.has_errors()));
        REQUIRE((result.diagnostics.sorted().empty() ||
                 !render(result.diagnostics, result.sources).empty()));
    }
    CHECK(whole > 100);
}
