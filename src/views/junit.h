// A report in JUnit XML: the common subset that Jenkins, GitLab and others read.
//
// Valid against junit-10.xsd of Jenkins' xunit-plugin, the one reader that validates; so neither
// `file` nor `line` of a test case, no `skipped` of all suites, and times with three decimals.
// Readers tell tests apart by suite, class name and name, so these must stay and be unique. What
// XML 1.0 cannot hold (most control characters, broken UTF-8) is written as U+FFFD.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "views/output.h"

namespace sagalab::views {

enum class JunitStatus : std::uint8_t {
    passed,
    failure,  // an expectation does not hold
    error,    // it could not be judged: a file that is wrong, a limit
    skipped
};

struct JunitCase {
    std::string name;
    JunitStatus status = JunitStatus::passed;
    std::string type;     // of a failure or an error
    std::string message;  // one line
    std::string text;     // the whole explanation
    std::string output;   // the story, if it is worth telling
    std::uint64_t milliseconds = 0;
};

struct JunitSuite {
    std::string file;  // as given: its name
    std::vector<JunitCase> cases;
};

struct JunitReport {
    std::vector<std::pair<std::string, std::string>> properties;  // of every suite
    std::vector<JunitSuite> suites;
    bool times = true;  // false: all are 0, so that reports can be compared
};

void write_junit(const JunitReport& report, Output& output);

// Text as it may stand in an element or an attribute.
std::string xml_text(std::string_view text);

}  // namespace sagalab::views
