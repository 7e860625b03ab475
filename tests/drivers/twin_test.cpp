// The run driver against the slow twin, for generated scenarios and every file that is shipped.
#include <algorithm>
#include <filesystem>

#include "language/load.h"
#include "support/generator.h"
#include "support/slow_twin.h"
#include "support/worlds.h"

using namespace sagalab;
using namespace sagalab::test;

namespace {

void check_generated(std::uint64_t first, std::uint64_t last, bool latency_zero) {
    for (std::uint64_t seed = first; seed < last; ++seed) {
        GeneratorSettings settings;
        settings.seed = seed;
        settings.latency_zero = latency_zero;
        const std::string text = generate(settings);
        INFO("seed " << seed);
        INFO(text);
        check_agreement(load(text), {1, 2, 8});
    }
}

// Thousands of messages in one window, so that services run on strands.
std::string crowded(std::uint64_t seed, bool latency_zero) {
    GeneratorSettings settings;
    settings.seed = seed;
    settings.latency_zero = latency_zero;
    settings.load = 400;
    return generate(settings);
}

}  // namespace

TEST_CASE("the driver agrees with the slow twin on generated scenarios") {
    check_generated(0, 120, false);
}

TEST_CASE("the driver agrees with the slow twin where messages take no time") {
    check_generated(1000, 1060, true);
}

TEST_CASE("the driver agrees with the slow twin on every scenario that is shipped") {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(SAGALAB_SCENARIOS_DIR)) {
        std::string file = entry.path().string();
        if (file.ends_with(".json") && !file.ends_with(".schema.json")) files.push_back(file);
    }
    std::sort(files.begin(), files.end());
    REQUIRE_FALSE(files.empty());
    for (const std::string& file : files) {
        INFO(file);
        const language::Loaded loaded = language::load_file(file);
        REQUIRE_FALSE(loaded.diagnostics.has_errors());
        for (const auto& program : loaded.cases) {
            INFO(program->case_name);
            check_agreement(program, {1, 2, 8});
        }
    }
}

TEST_CASE("crowded windows give the same trace for any number of threads") {
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
        INFO("seed " << seed);
        const ProgramPtr program = load(crowded(seed, seed % 2 == 1));
        const Ran one = run(program, 1);
        const std::vector<std::string> expected = lines(*program, one.records);
        for (const unsigned count : {2U, 8U}) {
            INFO(count << " threads");
            const Ran ran = run(program, count);
            REQUIRE(difference(expected, lines(*program, ran.records)).empty());
            CHECK(summary(ran.result) == summary(one.result));
        }
    }
}
