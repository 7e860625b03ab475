// libFuzzer: whatever bytes a scenario file holds, it is refused with messages or runs to an end,
// and the trace does not depend on the number of threads.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/hash.h"
#include "drivers/run.h"
#include "fuzz/json_mutator.h"
#include "language/load.h"
#include "program/dump.h"
#include "views/jsonl.h"
#include "views/summary.h"
#include "views/text.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max);

namespace {

using namespace sagalab;

constexpr std::size_t cases_max = 3;
constexpr program::Limits limits_max{2000, 10 * minute, 20'000'000};

using Parts = std::map<std::string, std::string>;

// The parts that the lessons include, by the path that a lesson calls them.
Parts read_parts() {
    namespace fs = std::filesystem;
    Parts parts;
    const fs::path folder = SAGALAB_SCENARIOS_DIR;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".json") continue;
        std::ifstream file(entry.path(), std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        parts[fs::relative(entry.path(), folder).string()] = text.str();
    }
    return parts;
}

// The disk is left alone.
language::Loaded load(const std::string& text) {
    static const Parts parts = read_parts();
    language::LoadOptions options;
    options.read = [](const std::string& path, std::string& why) -> std::optional<std::string> {
        const auto found = parts.find(path);
        if (found != parts.end()) return found->second;
        why = "No such file or directory";
        return std::nullopt;
    };
    return language::load_text("input.json", text, options);
}

// A copy, because the limits of a program that was loaded are its own.
program::Program bounded(const program::Program& loaded) {
    program::Program program = loaded;
    program::Limits& limits = program.limits;
    limits.events = std::min(limits.events, limits_max.events);
    limits.virtual_time = std::min(limits.virtual_time, limits_max.virtual_time);
    limits.memory = std::min(limits.memory, limits_max.memory);
    return program;
}

std::string trace_of(const program::Program& program, unsigned threads) {
    views::StringOutput output;
    views::JsonLines lines(program, output, "input.json");
    drivers::RunOptions options;
    options.threads = threads;
    options.sink = &lines;
    lines.finish(drivers::run(program, options));
    return output.text();
}

void tell(const program::Program& program) {
    views::StringOutput output;
    const views::TextOptions style;
    views::TextStory story(program, output, style);
    story.begin();
    drivers::RunOptions options;
    options.sink = &story;
    const drivers::RunResult result = drivers::run(program, options);
    story.finish(result);
    views::expectation_lines(program, result, style);
    views::trouble_lines(program, result, style);
    views::verdict_line(result, style, result.dead_letters);
    views::warning_lines(program, result, style);
    views::reproduce_command(program, {"input.json", {}});
}

void run(const program::Program& loaded, bool compare) {
    const program::Program program = bounded(loaded);
    program::dump(program);
    tell(program);
    if (!compare) return;
    if (trace_of(program, 1) == trace_of(program, 3)) return;
    std::fputs("the traces of 1 and 3 threads differ\n", stderr);
    std::abort();
}

// The last texts that loaded. Most inputs of a corpus are refused, each for a reason of its own,
// and what comes of them is refused as well: half of all changes begin with one of these instead.
class Sound {
public:
    void keep(const std::string& text) {
        if (texts_.size() < texts_max) texts_.emplace_back();
        texts_[next_++ % texts_max] = text;
    }
    [[nodiscard]] const std::string& any(std::uint64_t seed, const std::string& otherwise) const {
        return texts_.empty() ? otherwise : texts_[seed % texts_.size()];
    }

private:
    static constexpr std::size_t texts_max = 512;
    std::vector<std::string> texts_;
    std::size_t next_ = 0;
};

Sound& sound() {
    static Sound texts;
    return texts;
}

// libFuzzer's own changes, which know the dictionary, within one value; else values exchanged.
std::string changed(const std::string& text, std::uint64_t seed) {
    const std::vector<fuzz::Part> parts = fuzz::parts_of(text);
    if (seed % 8 != 0 || parts.empty()) return fuzz::mutated(text, text, seed);
    const fuzz::Part& at = parts[mix64(seed) % parts.size()];
    std::string part = text.substr(at.begin, at.end - at.begin);
    const std::size_t size = part.size();
    part.resize(size + 64);
    part.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(part.data()), size, part.size()));
    return text.substr(0, at.begin) + part + text.substr(at.end);
}

// Of some changes the first that loads, or the last of them.
std::string changed_soundly(const std::string& text, std::uint64_t seed) {
    constexpr std::uint64_t tries = 6;
    std::string out;
    for (std::uint64_t n = 0; n < tries; ++n) {
        out = changed(text, mix64(seed + n));
        if (!load(out).diagnostics.has_errors()) break;
    }
    return out;
}

std::size_t hand_over(const std::string& text, std::uint8_t* to, std::size_t max) {
    const std::size_t size = std::min(text.size(), max);
    std::copy_n(text.data(), size, to);
    return size;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const language::Loaded loaded = load(text);
    language::render(loaded.diagnostics, loaded.sources);
    if (!loaded.cases.empty()) sound().keep(text);
    const bool compare = hash_text(text) % 4 == 0;
    const std::size_t count = std::min(loaded.cases.size(), cases_max);
    for (std::size_t i = 0; i < count; ++i) run(*loaded.cases[i], compare);
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max, unsigned seed) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    std::string out;
    switch (seed % 16) {
        case 0: break;
        case 1:
        case 2:
        case 3: out = changed(text, mix64(seed)); break;
        default: out = changed_soundly(seed % 2 == 0 ? text : sound().any(mix64(seed), text), seed);
    }
    if (out.empty()) return LLVMFuzzerMutate(data, size, max);
    return hand_over(out, data, max);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data, std::size_t size,
                                                 const std::uint8_t* lent, std::size_t lent_size,
                                                 std::uint8_t* out, std::size_t max,
                                                 unsigned seed) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string_view other(reinterpret_cast<const char*>(lent), lent_size);
    return hand_over(fuzz::mutated(text, other, seed), out, max);
}
