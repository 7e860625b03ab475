// Scenarios in tests: loaded from text, run, and looked at.
//
//     const Ran ran = run(scenario);
//     CHECK(ran.row("OrderService.orders", "o-1").json() == R"({"status": "paid"})");
//     CHECK(ran.story() == "1ms CreateOrder -> OrderService\n...");
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/run.h"
#include "program/program.h"
#include "support/catch.h"
#include "trace/record.h"

namespace sagalab::test {

using ProgramPtr = std::shared_ptr<const program::Program>;

// What a program asks for, to be filled in by a test; each part is JSON.
struct Scenario {
    std::string services;  // the members of "services"
    std::string workload;  // its items
    std::string faults;    // its items
    std::string expect;    // the members of "expect"
    std::string more;      // further members of the file, with a comma at the end
    [[nodiscard]] std::string text() const;
};

// The cases of a scenario that must load.
std::vector<ProgramPtr> load_cases(const std::string& text);
// The only one.
ProgramPtr load(const std::string& text);
ProgramPtr load(const Scenario& scenario);

// Keeps the records of a run.
class Records : public trace::Sink {
public:
    void take(const trace::Record& record) override { all.push_back(record); }
    std::vector<trace::Record> all;
};

// Every field of a record in one line.
std::string line(const program::Program& program, const trace::Record& record);
std::vector<std::string> lines(const program::Program& program,
                               const std::vector<trace::Record>& records);
// The first place where two traces differ, with both lines; empty if they are equal.
std::string difference(const std::vector<std::string>& expected,
                       const std::vector<std::string>& found);
// Verdicts and figures of a result, as lines.
std::string summary(const drivers::RunResult& result);

// A run that has come to its end.
struct Ran {
    ProgramPtr program;
    drivers::RunResult result;
    std::vector<trace::Record> records;

    // A row as it ended ("Service.table"); null where there is none.
    [[nodiscard]] Value row(std::string_view table, std::string_view key) const;
    [[nodiscard]] std::size_t rows(std::string_view table) const;
    // The saga log of an instance: "T.Do started, T.Do succeeded".
    [[nodiscard]] std::string saga_log(std::string_view saga, std::string_view key) const;
    [[nodiscard]] std::vector<trace::Record> of(trace::RecordKind kind) const;
    [[nodiscard]] std::size_t count(trace::RecordKind kind) const;
    // When records of a kind were made, in milliseconds: "1 5 9".
    [[nodiscard]] std::string times(trace::RecordKind kind) const;
    // Deliveries, replies taken up and timeouts, one a line: "1ms CreateOrder -> OrderService",
    // "2ms CreateOrder = rejected AlreadyExists".
    [[nodiscard]] std::string story() const;
    // What the client's item was answered: "rejected CardDeclined", "succeeded 5".
    [[nodiscard]] std::string reply(std::string_view name) const;
    [[nodiscard]] const expect::Verdict& verdict(std::string_view name) const;
};

Ran run(ProgramPtr program, unsigned threads = 1);
Ran run(const Scenario& scenario);
Ran run(const std::string& text);

}  // namespace sagalab::test
