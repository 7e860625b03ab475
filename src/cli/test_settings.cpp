#include "cli/test_settings.h"

#include <algorithm>
#include <limits>
#include <thread>

#include "cli/errors.h"
#include "cli/scenario_files.h"

namespace sagalab::cli {
namespace {

constexpr std::uint64_t jobs_max = 1024;
constexpr std::uint64_t repeat_max = 1'000'000;
constexpr std::uint64_t seed_max = std::numeric_limits<std::uint64_t>::max();

ListForm to_form(std::string_view name) {
    if (name == "json") return ListForm::json;
    return name == "ctest" ? ListForm::ctest : ListForm::text;
}

Update to_update(const Arguments& arguments) {
    if (arguments.has("update-all")) return Update::all;
    return arguments.has("update") ? Update::present : Update::none;
}

void read_seeds(const Arguments& arguments, TestSettings& settings) {
    if (auto repeat = arguments.value("repeat")) {
        settings.repeat = to_integer("--repeat", *repeat, 1, repeat_max);
    }
    if (auto from = arguments.value("seed-from")) {
        if (settings.repeat == 0) throw UsageError("--seed-from needs --repeat");
        if (settings.load.seed) throw UsageError("--seed and --seed-from exclude each other");
        std::uint64_t highest = seed_max - (settings.repeat - 1);
        settings.seed_from = to_integer("--seed-from", *from, 0, highest);
    }
}

// A golden trace is of a whole file as it is written.
void check_update(const TestSettings& settings) {
    if (settings.update == Update::none) return;
    if (!settings.whole()) {
        throw UsageError("golden traces are of whole files: update without --filter and --case");
    }
    if (!settings.as_written()) {
        throw UsageError(
            "golden traces are of files as they are: update without --set, --seed, --random and "
            "--repeat");
    }
}

}  // namespace

TestSettings test_settings(const Arguments& arguments) {
    TestSettings settings;
    settings.paths = arguments.words();
    settings.cases = arguments.values("case");
    settings.filters = arguments.values("filter");
    settings.load = load_options(arguments);
    settings.jobs = std::max(1U, std::thread::hardware_concurrency());
    if (auto jobs = arguments.value("jobs")) {
        settings.jobs = static_cast<unsigned>(to_integer("--jobs", *jobs, 1, jobs_max));
    }
    settings.fail_fast = arguments.has("fail-fast");
    settings.strict = arguments.has("strict");
    settings.coverage = arguments.has("coverage");
    settings.list = arguments.has("list");
    settings.list_form = to_form(arguments.value("format").value_or("text"));
    if (arguments.has("format") && !settings.list) throw UsageError("--format needs --list");
    settings.junit = arguments.value("junit");
    settings.times = !arguments.has("no-times");
    read_seeds(arguments, settings);
    settings.update = to_update(arguments);
    check_update(settings);
    return settings;
}

}  // namespace sagalab::cli
