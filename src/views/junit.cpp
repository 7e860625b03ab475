#include "views/junit.h"

#include <algorithm>

#include "base/text.h"
#include "views/layout.h"

namespace sagalab::views {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// Code points that XML 1.0 has no way to write: U+FFFE and U+FFFF, as UTF-8.
bool is_no_character(std::string_view text, std::size_t at) {
    std::string_view three = text.substr(at, 3);
    return three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF";
}

bool is_forbidden_control(char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

void append_valid(std::string& out, std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (c == '\r')
            out += "&#13;";
        else if (is_forbidden_control(c))
            out += replacement;
        else if (is_no_character(text, i)) {
            out += replacement;
            i += 2;
        } else
            out += c;
    }
}

// White space in an attribute would be read as blanks.
std::string attribute(std::string_view text) {
    std::string out;
    for (char c : xml_text(text)) {
        if (c == '\n')
            out += "&#10;";
        else if (c == '\t')
            out += "&#9;";
        else
            out += c;
    }
    return out;
}

// "scenarios/order.json" -> "scenarios.order"
std::string class_name(std::string_view file) {
    if (file.ends_with(".json")) file.remove_suffix(5);
    while (file.starts_with('/')) file.remove_prefix(1);
    std::string out(file);
    std::replace(out.begin(), out.end(), '/', '.');
    return out;
}

struct Counts {
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::size_t errors = 0;
    std::size_t skipped = 0;
    std::uint64_t milliseconds = 0;

    void add(const JunitCase& one) {
        ++tests;
        failures += one.status == JunitStatus::failure ? 1 : 0;
        errors += one.status == JunitStatus::error ? 1 : 0;
        skipped += one.status == JunitStatus::skipped ? 1 : 0;
        milliseconds += one.milliseconds;
    }
    void add(const Counts& other) {
        tests += other.tests;
        failures += other.failures;
        errors += other.errors;
        skipped += other.skipped;
        milliseconds += other.milliseconds;
    }
};

Counts counts_of(const JunitSuite& suite) {
    Counts counts;
    for (const JunitCase& one : suite.cases) counts.add(one);
    return counts;
}

class Writer {
public:
    Writer(const JunitReport& report, Output& output) : report_(report), output_(output) {}

    void write() {
        Counts all;
        for (const JunitSuite& suite : report_.suites) all.add(counts_of(suite));
        text_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sagalab\"" +
                numbers(all) + time(all.milliseconds) + ">\n";
        for (std::size_t id = 0; id < report_.suites.size(); ++id) {
            write_suite(report_.suites[id], id);
            output_.write(text_);
            text_.clear();
        }
        output_.write(text_ + "</testsuites>\n");
    }

private:
    static std::string number(std::string_view name, std::size_t value) {
        return " " + std::string(name) + "=\"" + std::to_string(value) + "\"";
    }
    static std::string numbers(const Counts& counts) {
        return number("tests", counts.tests) + number("failures", counts.failures) +
               number("errors", counts.errors);
    }
    [[nodiscard]] std::string time(std::uint64_t milliseconds) const {
        return " time=\"" + seconds(report_.times ? milliseconds : 0) + "\"";
    }

    void write_suite(const JunitSuite& suite, std::size_t id) {
        Counts counts = counts_of(suite);
        std::string file = attribute(suite.file);
        text_ += "  <testsuite name=\"" + file + "\"" + numbers(counts) +
                 number("skipped", counts.skipped) + time(counts.milliseconds) + number("id", id) +
                 " file=\"" + file + "\">\n    <properties>\n";
        for (const auto& [name, value] : report_.properties) {
            text_ += "      <property name=\"" + attribute(name) + "\" value=\"" +
                     attribute(value) + "\"/>\n";
        }
        text_ += "    </properties>\n";
        for (const JunitCase& one : suite.cases) write_case(one, class_name(suite.file));
        text_ += "  </testsuite>\n";
    }

    void write_case(const JunitCase& one, const std::string& of) {
        text_ += "    <testcase classname=\"" + attribute(of) + "\" name=\"" + attribute(one.name) +
                 "\"" + time(one.milliseconds);
        if (one.status == JunitStatus::passed && one.output.empty()) {
            text_ += "/>\n";
            return;
        }
        text_ += ">\n";
        if (one.status == JunitStatus::skipped) {
            text_ += "      <skipped message=\"" + attribute(one.message) + "\"/>\n";
        } else if (one.status != JunitStatus::passed) {
            const char* name = one.status == JunitStatus::failure ? "failure" : "error";
            text_ += std::string("      <") + name + " type=\"" + attribute(one.type) +
                     "\" message=\"" + attribute(one.message) + "\">" + xml_text(one.text) + "</" +
                     name + ">\n";
        }
        if (!one.output.empty()) {
            text_ += "      <system-out>" + xml_text(one.output) + "</system-out>\n";
        }
        text_ += "    </testcase>\n";
    }

    const JunitReport& report_;
    Output& output_;
    std::string text_;
};

}  // namespace

std::string xml_text(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (;;) {
        std::size_t bad = std::min(find_invalid_utf8(text), text.size());
        append_valid(out, text.substr(0, bad));
        if (bad == text.size()) return out;
        out += replacement;
        text.remove_prefix(bad + 1);
    }
}

void write_junit(const JunitReport& report, Output& output) { Writer(report, output).write(); }

}  // namespace sagalab::views
