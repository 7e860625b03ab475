// The public face: load scenario files, run their cases, ask what became of them.
//
//     TEST_CASE("a declined payment leaves an order in error") {
//         sagalab::Scenario scenario = sagalab::Scenario::load("order.json");
//         INFO(scenario.errors());
//         REQUIRE(scenario.ok());
//         sagalab::RunSettings settings;
//         settings.trace = true;
//         sagalab::Result result = scenario.run("the payment is declined", settings);
//         INFO(result.report);
//         CHECK(result.passed);
//         CHECK(result.row("OrderService.orders", "o-1") == R"({"status": "error"})");
//         CHECK(result.reply("r1") == R"({"body": null, "code": null, "outcome": "rejected"})");
//         CHECK(result.trace.find("PayOrder") != std::string::npos);
//     }
//
// The same engine as the command line, and the same results: a file, a case, a seed and a version
// give the same trace, byte for byte, with any number of threads. Values are JSON text with keys in
// order. Times are virtual, in nanoseconds. Nothing is thrown but std::bad_alloc. Different
// scenarios may be used by different threads, and one by several at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sagalab {

struct LoadSettings {
    std::vector<std::pair<std::string, std::string>> set;  // params: name and value, as --set
    std::optional<std::uint64_t> seed;
    bool random = false;  // open choices are drawn from the seed, as --random
};

struct RunSettings {
    unsigned threads = 1;  // at least 1
    bool trace = false;    // keep the trace in Result::trace
};

// What became of one expectation.
struct Judgement {
    std::string kind;  // "always", "finally", "replies", "sequence", "counts", "fault", "assert"
    std::string name;
    bool holds = false;
    bool meant_to_break = false;       // the case says so in `breaks`
    std::vector<std::string> reasons;  // why it does not hold, a line each
};

enum class End : std::uint8_t {
    quiescent,  // nothing could be taken up any more
    limit,      // a limit of the scenario was reached
    assertion,  // an `assert` was false
    unknown_case
};

struct Result {
    bool passed = false;
    End end = End::quiescent;
    bool demonstration = false;  // the case expects nothing
    std::string message;         // about a limit
    // The verdict, then what is broken or vacuous and why: lines as `sagalab run -q` prints them.
    std::string report;
    std::vector<Judgement> judgements;
    std::int64_t virtual_time_ns = 0;
    std::uint64_t events = 0;        // messages and timers taken up
    std::uint64_t dead_letters = 0;  // messages that the bus gave up
    // "OrderService.orders" -> key -> row as JSON; empty unless it ended quiescent.
    std::map<std::string, std::map<std::string, std::string>> stores;
    std::map<std::string, std::string> replies;  // by the `as` of the workload, as JSON
    std::string trace;                           // JSON Lines, one CloudEvent a line

    // A row as JSON, or nothing.
    [[nodiscard]] std::optional<std::string> row(const std::string& table,
                                                 const std::string& key) const;
    // The reply to an item of the workload as JSON, by its `as`, or nothing.
    [[nodiscard]] std::optional<std::string> reply(const std::string& name) const;
};

class Scenario {
public:
    // From a file, or from text that `name` stands for in messages.
    static Scenario load(const std::string& path, const LoadSettings& settings = {});
    static Scenario parse(const std::string& name, std::string text,
                          const LoadSettings& settings = {});

    [[nodiscard]] bool ok() const;
    // Everything wrong with the file, "file:line:column: error: ..." with the line and a caret.
    [[nodiscard]] std::string errors() const;
    // In the order of the file; a file without cases is one case named by its title.
    [[nodiscard]] std::vector<std::string> cases() const;
    [[nodiscard]] Result run(std::string_view case_name, const RunSettings& settings = {}) const;

private:
    struct State;
    explicit Scenario(std::shared_ptr<const State> state) : state_(std::move(state)) {}
    std::shared_ptr<const State> state_;
};

}  // namespace sagalab
