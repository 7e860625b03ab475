// What `sagalab test` was asked to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "language/load.h"

namespace sagalab::cli {

enum class Update : std::uint8_t { none, present, all };
enum class ListForm : std::uint8_t { text, json, ctest };

struct TestSettings {
    std::vector<std::string> paths;
    std::vector<std::string> cases;    // exact names; empty: all
    std::vector<std::string> filters;  // any of them; empty: all
    language::LoadOptions load;
    unsigned jobs = 1;  // cases at a time
    bool fail_fast = false;
    bool strict = false;
    bool coverage = false;  // tell what no case reached
    bool list = false;
    ListForm list_form = ListForm::text;
    std::optional<std::string> junit;
    bool times = true;         // in the JUnit report
    std::uint64_t repeat = 0;  // 0: each case once, under its own seed
    std::optional<std::uint64_t> seed_from;
    Update update = Update::none;

    [[nodiscard]] std::uint64_t runs() const { return repeat == 0 ? 1 : repeat; }
    // Every case of every file.
    [[nodiscard]] bool whole() const { return cases.empty() && filters.empty(); }
    // Params and seeds are the files' own: golden traces are of such runs.
    [[nodiscard]] bool as_written() const {
        return load.set.empty() && !load.seed && !load.random && repeat == 0;
    }
};

// Throws UsageError.
TestSettings test_settings(const Arguments& arguments);

}  // namespace sagalab::cli
