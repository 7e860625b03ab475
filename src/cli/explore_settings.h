// What `sagalab explore` was asked to do.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "language/load.h"
#include "program/program.h"

namespace sagalab::cli {

struct ExploreSettings {
    std::vector<std::string> files;
    std::vector<std::string> cases;
    language::LoadOptions load;
    std::map<program::Adversity, std::uint32_t> budgets;  // of the command line
    std::optional<std::uint32_t> faults;
    std::optional<bool> reorder;
    std::vector<std::string> only;
    std::size_t samples = 0;  // passing stories to show
    bool keep_going = false;
    bool reduce = true;
    bool json = false;
    unsigned threads = 1;
    Nanos time = never;        // of the wall clock
    std::uint64_t memory = 0;  // bytes; 0: no limit
    std::uint64_t states = 0;  // 0: no limit
    std::uint32_t shard = 0;
    std::uint32_t shards = 1;
    std::optional<std::string> folder;  // where counterexamples go

    // The file's bounds with what the command line says instead. Throws UsageError.
    [[nodiscard]] program::Exploration bounds(const program::Program& program) const;
};

// Throws UsageError.
ExploreSettings explore_settings(const Arguments& arguments);

}  // namespace sagalab::cli
