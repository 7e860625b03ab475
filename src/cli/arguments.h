// The words of a command line, told apart by a command's row.
//
// Boost.Program_options splits options from words; names are taken whole, never guessed, a word is
// never lost, and every message is ours. Of an option given twice the last one counts, except where
// all are asked for. Throws UsageError.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command.h"

namespace sagalab::cli {

class Arguments {
public:
    void add(std::string name, std::string value, std::string written);
    void add_word(std::string word) { words_.push_back(std::move(word)); }

    [[nodiscard]] bool has(std::string_view name) const;
    // The last one; nothing if it was not given.
    [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> values(std::string_view name) const;
    // Whether the option was written in its long form at least once.
    [[nodiscard]] bool is_long(std::string_view name) const;
    [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

private:
    struct Given {
        std::string name;
        std::string value;
        std::string written;
    };
    std::vector<Given> given_;
    std::vector<std::string> words_;
};

Arguments parse_arguments(const Command& command, const std::vector<std::string>& words);

// The text after `name`, as an integer from low to high.
std::uint64_t to_integer(std::string_view option, std::string_view text, std::uint64_t low,
                         std::uint64_t high);

// "NAME=VALUE" as a pair.
std::pair<std::string, std::string> to_setting(std::string_view option, std::string_view text);

// ` (did you mean "--seed"?)`, or nothing.
std::string suggestion(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace sagalab::cli
