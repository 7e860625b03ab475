#include "views/junit.h"

#include "support/catch.h"

using namespace sagalab::views;

namespace {

std::string written(const JunitReport& report) {
    StringOutput output;
    write_junit(report, output);
    return output.text();
}

JunitCase made(const std::string& name, JunitStatus status, std::uint64_t milliseconds) {
    JunitCase one;
    one.name = name;
    one.status = status;
    one.milliseconds = milliseconds;
    one.type = "finally";
    one.message = "it does not";
    one.text = "why\n";
    return one;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a JUnit report counts, by suite and in all") {
    JunitReport report;
    report.properties = {{"version", "1"}};
    report.suites = {{"scenarios/order.json",
                      {made("one", JunitStatus::passed, 1), made("two", JunitStatus::failure, 1999),
                       made("three", JunitStatus::skipped, 0)}},
                     {"/b.json", {made("one", JunitStatus::error, 20)}}};
    std::string xml = written(report);
    CHECK(
        has(xml, R"(<testsuites name="sagalab" tests="4" failures="1" errors="1" time="2.020">)"));
    CHECK(has(xml, R"(<testsuite name="scenarios/order.json" tests="3" failures="1" errors="0")"
                   R"( skipped="1" time="2.000" id="0" file="scenarios/order.json">)"));
    CHECK(has(xml, R"(<property name="version" value="1"/>)"));
    CHECK(has(xml, R"(<testcase classname="scenarios.order" name="one" time="0.001"/>)"));
    CHECK(has(xml, R"(<failure type="finally" message="it does not">why)"));
    CHECK(has(xml, R"(<skipped message="it does not"/>)"));
    CHECK(has(xml, R"(<testcase classname="b" name="one" time="0.020">)"));
    CHECK(has(xml, R"(<error type="finally")"));
}

TEST_CASE("a JUnit report without times can be compared") {
    JunitReport report;
    report.times = false;
    report.suites = {{"a.json", {made("one", JunitStatus::passed, 1234)}}};
    std::string xml = written(report);
    CHECK_FALSE(has(xml, "1.234"));
    CHECK(has(xml, R"(time="0.000")"));
}

TEST_CASE("text that XML cannot hold is replaced") {
    CHECK(xml_text("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;'");
    CHECK(xml_text(std::string("\x1b[2J\0\x07", 6)) == "\uFFFD[2J\uFFFD\uFFFD");
    CHECK(xml_text("tab\tline\nreturn\r") == "tab\tline\nreturn&#13;");
    CHECK(xml_text("broken \xff\xc3 end") == "broken \uFFFD\uFFFD end");
    CHECK(xml_text("no character \xEF\xBF\xBF, one \u00e9\U0001F600") ==
          "no character \uFFFD, one \u00e9\U0001F600");
    CHECK(xml_text("") == "");
}

TEST_CASE("names stay whole in attributes") {
    JunitReport report;
    report.suites = {{"a.json", {made("two\nlines\tand \"quotes\"", JunitStatus::passed, 0)}}};
    CHECK(has(written(report), R"(name="two&#10;lines&#9;and &quot;quotes&quot;")"));
}

TEST_CASE("an empty JUnit report is one") {
    CHECK(written({}) ==
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<testsuites name=\"sagalab\" tests=\"0\" failures=\"0\" errors=\"0\" "
          "time=\"0.000\">\n</testsuites>\n");
}
