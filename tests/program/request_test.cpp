// Requests as text, and which route they match.
#include "program/request.h"

#include <algorithm>

#include "support/catch.h"

using namespace sagalab;
using namespace sagalab::program;

namespace {

// "GET /a/{b}" as a route; `operation` tells them apart.
Route route(std::string_view text, std::uint32_t operation) {
    Route made;
    const std::size_t blank = text.find(' ');
    made.method = text.substr(0, blank);
    made.operation = OperationId(operation);
    for (const std::string& part : path_segments(text.substr(blank + 1))) {
        const bool parameter = part.starts_with('{');
        made.segments.push_back({parameter, parameter ? part.substr(1, part.size() - 2) : part});
    }
    return made;
}

Gateway gateway(std::vector<std::string_view> routes) {
    Gateway made;
    for (std::uint32_t i = 0; i < routes.size(); ++i) made.routes.push_back(route(routes[i], i));
    std::stable_sort(made.routes.begin(), made.routes.end(), more_specific);
    return made;
}

// Which of the routes it matches, and the parameters: "1 {...}"; "none".
std::string matched(const Gateway& gateway, std::string_view text) {
    const auto request = parse_request(text);
    REQUIRE(request);
    Value params;
    const Route* found = find_route(gateway, *request, params);
    return found ? std::to_string(found->operation.value) + " " + params.json() : "none";
}

std::string segments(std::string_view path) {
    std::string out;
    for (const std::string& part : path_segments(path)) out += "[" + part + "]";
    return out;
}

std::string query(std::string_view text) { return parse_request(text)->query.json(); }

}  // namespace

TEST_CASE("request: what is one and what is none") {
    for (const char* text : {"GET /", "DELETE /a/b?c=d", "X /?", "GET /a?b?c", "GET //"}) {
        INFO(text);
        CHECK(parse_request(text));
    }
    for (const char* text : {"", "GET", "GET ", " /a", "get /a", "GET a", "GET  /a", "GET /a b",
                             "GET /a ", "GET /a\t", "GET /a\x7f", "G3T /a", "/a", "GET /a?b c"}) {
        INFO(text);
        CHECK_FALSE(parse_request(text));
    }
}

TEST_CASE("request: segments are decoded after the path has been taken apart") {
    CHECK(segments("/") == "[]");
    CHECK(segments("/a") == "[a]");
    CHECK(segments("/a/") == "[a][]");
    CHECK(segments("//a") == "[][a]");
    CHECK(segments("/a%2Fb/c") == "[a/b][c]");
    CHECK(segments("/%41%7a") == "[Az]");
    CHECK(segments("/caf%C3%A9") == "[caf\xC3\xA9]");
    CHECK(segments("/a+b") == "[a+b]");
}

TEST_CASE("request: what is no escape stays as it is") {
    CHECK(segments("/%") == "[%]");
    CHECK(segments("/%4") == "[%4]");
    CHECK(segments("/%zz%41") == "[%zzA]");
    CHECK(segments("/%%41") == "[%A]");
    CHECK(segments("/%g1") == "[%g1]");
    CHECK(segments("/%1g") == "[%1g]");
    // Not UTF-8: the whole part stays.
    CHECK(segments("/%41%FF/%41") == "[%41%FF][A]");
    CHECK(segments("/%C3") == "[%C3]");
}

TEST_CASE("request: a query is a map of strings") {
    CHECK(query("GET /") == "{}");
    CHECK(query("GET /?") == "{}");
    CHECK(query("GET /?a=1&b=x%20y") == R"({"a": "1", "b": "x y"})");
    CHECK(query("GET /?a&b=&=c&&") == R"({"": "c", "a": "", "b": ""})");
    CHECK(query("GET /?a=b=c") == R"({"a": "b=c"})");
    CHECK(query("GET /?a=1&a=2") == R"({"a": "2"})");
    CHECK(query("GET /?%61%26=%3D") == R"({"a&": "="})");
    CHECK(query("GET /a?b?c=1") == R"({"b?c": "1"})");
}

TEST_CASE("request: the more specific route is tried first, whatever order they have") {
    std::vector<std::string_view> texts = {"GET /{a}/{b}", "GET /x/{b}", "GET /{a}/y",
                                           "GET /x/y",     "POST /x/y",  "GET /{a}"};
    const std::vector<std::string_view> order = texts;
    std::sort(texts.begin(), texts.end());
    do {
        const Gateway all = gateway(texts);
        const auto names = [&](std::string_view text) {
            const std::string found = matched(all, text);
            if (found == "none") return found;
            return std::string(texts[static_cast<std::size_t>(found[0] - '0')]) + found.substr(1);
        };
        CHECK(names("GET /x/y") == "GET /x/y {}");
        CHECK(names("POST /x/y") == "POST /x/y {}");
        CHECK(names("GET /x/z") == R"(GET /x/{b} {"b": "z"})");
        // From left to right: the first segment decides.
        CHECK(names("GET /w/y") == R"(GET /{a}/y {"a": "w"})");
        CHECK(names("GET /w/z") == R"(GET /{a}/{b} {"a": "w", "b": "z"})");
        CHECK(names("GET /w") == R"(GET /{a} {"a": "w"})");
        CHECK(names("POST /w/y") == "none");
        CHECK(names("GET /X/y") == R"(GET /{a}/y {"a": "X"})");
        CHECK(names("GET /x/y/") == "none");
        CHECK(names("GET /") == "none");
    } while (std::next_permutation(texts.begin(), texts.end()));
}

TEST_CASE("request: a parameter takes one segment that is not empty") {
    const Gateway all = gateway({"GET /a/{b}", "GET /"});
    CHECK(matched(all, "GET /a/") == "none");
    CHECK(matched(all, "GET /a/%2F") == R"(0 {"b": "/"})");
    CHECK(matched(all, "GET /a/b/c") == "none");
    CHECK(matched(all, "GET /%61/b?x=1") == R"(0 {"b": "b"})");
    CHECK(matched(all, "GET /") == "1 {}");
}

TEST_CASE("request: routes that differ in names only match the same") {
    CHECK(same_requests(route("GET /a/{b}", 0), route("GET /a/{c}", 1)));
    CHECK(same_requests(route("GET /%61", 0), route("GET /a", 1)));
    CHECK_FALSE(same_requests(route("GET /a/{b}", 0), route("POST /a/{b}", 1)));
    CHECK_FALSE(same_requests(route("GET /a/{b}", 0), route("GET /a/b", 1)));
    CHECK_FALSE(same_requests(route("GET /a", 0), route("GET /a/", 1)));
}
