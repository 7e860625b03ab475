#include "cli/explore_modes.h"

#include <chrono>

#include "base/text.h"
#include "cli/errors.h"
#include "views/layout.h"

namespace sagalab::cli {
namespace {

// Options that say nothing where the file is explored in another way.
constexpr std::string_view for_random[] = {"runs", "pct", "seed-from", "steps"};
constexpr std::string_view not_for_random[] = {"states", "memory", "no-reduction", "shard"};
constexpr std::string_view not_for_audit[] = {"random", "mutate",     "no-reduction", "shard",
                                              "output", "keep-going", "format"};
constexpr std::string_view not_for_mutate[] = {"keep-going", "shard", "output"};

std::string written(std::string_view option) { return "--" + std::string(option); }

}  // namespace

void check_modes(const Arguments& arguments) {
    const bool random = arguments.has("random");
    const bool mutate = arguments.has("mutate");
    if (random && mutate) throw UsageError("--random and --mutate exclude each other");
    for (std::string_view option : for_random) {
        if (!random && arguments.has(option)) {
            throw UsageError(written(option) + " needs --random");
        }
    }
    for (std::string_view option : not_for_random) {
        if (random && arguments.has(option)) {
            throw UsageError(written(option) + " does not go with --random");
        }
    }
    for (std::string_view option : not_for_audit) {
        if (arguments.has("audit") && arguments.has(option)) {
            throw UsageError(written(option) + " does not go with --audit");
        }
    }
    for (std::string_view option : not_for_mutate) {
        if (mutate && arguments.has(option)) {
            throw UsageError(written(option) + " does not go with --mutate");
        }
    }
}

std::function<bool()> timer_of(const ExploreSettings& settings) {
    if (settings.time == never) return {};
    const auto end = std::chrono::steady_clock::now() + std::chrono::nanoseconds(settings.time);
    return [end] { return std::chrono::steady_clock::now() >= end; };
}

std::string told(std::string_view claim, std::uint32_t faults, std::string_view sites) {
    std::string text = std::string(claim) + " with " +
                       (faults == 0 ? std::string("no fault") : views::counted(faults, "fault"));
    return printable(sites.empty() ? text : text + ": " + std::string(sites));
}

}  // namespace sagalab::cli
