// Whether two runs left the same trace, byte by byte.
//
// The first trace goes to an unnamed temporary file, the second is compared with it as it is
// written: neither is ever held in memory.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "views/output.h"

namespace sagalab::cli {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using FilePointer = std::unique_ptr<std::FILE, CloseFile>;

class TraceRecorder : public views::Output {
public:
    TraceRecorder();  // throws Failure
    void write(std::string_view text) override;
    // The trace, to be read from its start. Throws Failure if it could not be written.
    FilePointer rewind();

private:
    FilePointer file_;
    bool failed_ = false;
};

class TraceComparer : public views::Output {
public:
    explicit TraceComparer(FilePointer expected) : expected_(std::move(expected)) {}
    void write(std::string_view text) override;

    struct Difference {
        std::uint64_t line = 0;
        std::string first;  // empty: the first trace ended before
        std::string second;
    };
    // Everything was written. True if both are equal.
    bool finish();
    [[nodiscard]] const Difference& difference() const { return difference_; }
    [[nodiscard]] std::uint64_t lines() const { return lines_; }

private:
    void compare(std::string_view line);
    bool read_line();

    FilePointer expected_;
    std::string line_;     // of the first trace
    std::string partial_;  // of the second: what has no line end yet
    std::uint64_t lines_ = 0;
    Difference difference_;
};

}  // namespace sagalab::cli
