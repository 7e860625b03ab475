// Standard output and standard error of a command, and what they can show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.h"
#include "cli/errors.h"
#include "cli/file_output.h"
#include "views/text.h"

namespace sagalab::cli {

class Console {
public:
    Console();

    // Takes --color, -q and -v.
    void configure(const Arguments& arguments);

    [[nodiscard]] DescriptorOutput& out() { return out_; }  // results
    [[nodiscard]] DescriptorOutput& err() { return err_; }  // warnings, errors, progress
    [[nodiscard]] bool quiet() const { return quiet_; }
    [[nodiscard]] bool verbose() const { return verbose_; }

    // For text on standard output, on standard error, in a file.
    [[nodiscard]] views::TextOptions out_style() const;
    [[nodiscard]] views::TextOptions err_style() const;
    [[nodiscard]] views::TextOptions file_style() const;

    // "sagalab: error: ..." on standard error.
    void error(std::string_view message);

private:
    [[nodiscard]] views::TextOptions style_of(int descriptor) const;

    DescriptorOutput out_;
    DescriptorOutput err_;
    std::string color_ = "auto";
    bool quiet_ = false;
    bool verbose_ = false;
};

// With the nearest command as a suggestion.
UsageError unknown_command(const std::string& name);

}  // namespace sagalab::cli
