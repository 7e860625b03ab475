// Where a view writes: standard output, a file, a string.
//
// A view keeps a buffer of its own and hands over large pieces. Errors stay with the output: a view
// writes on, and whoever made the output asks it at the end.
#pragma once

#include <string>
#include <string_view>

namespace sagalab::views {

class Output {
public:
    Output() = default;
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    virtual ~Output() = default;
    virtual void write(std::string_view text) = 0;
};

// Keeps everything in memory.
class StringOutput : public Output {
public:
    void write(std::string_view text) override { text_ += text; }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
};

}  // namespace sagalab::views
