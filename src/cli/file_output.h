// Writing to descriptors and to files, with every error noticed.
//
// A failed write is kept, asks a running simulation to stop, and makes all later ones do nothing.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "views/output.h"

namespace sagalab::cli {

class DescriptorOutput : public views::Output {
public:
    explicit DescriptorOutput(int descriptor) : descriptor_(descriptor) {}
    void write(std::string_view text) override;
    // Closes, which is where some file systems report an error first.
    void close();
    [[nodiscard]] int error() const { return error_; }  // errno of the first failure, or 0

private:
    int descriptor_;
    int error_ = 0;
};

// `-o FILE`: a temporary beside FILE that takes its name when all is written, so that FILE is never
// half a file. What is no regular file (a pipe, a device) is written directly.
class FileOutput : public views::Output {
public:
    // Throws Failure, also if FILE is one of `inputs`.
    FileOutput(const std::string& path, const std::vector<std::string>& inputs);
    ~FileOutput() override;
    void write(std::string_view text) override;
    // Everything is written: the file gets its name. Throws Failure.
    void commit();

private:
    void open_temporary();

    std::string path_;    // as given
    std::string target_;  // what it is after links were followed
    std::string temporary_;
    std::unique_ptr<DescriptorOutput> output_;
};

// "No space left on device"
std::string error_text(int number);

}  // namespace sagalab::cli
