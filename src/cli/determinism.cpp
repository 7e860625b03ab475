#include "cli/determinism.h"

#include <array>
#include <cstring>

#include "cli/errors.h"

namespace sagalab::cli {

TraceRecorder::TraceRecorder() : file_(std::tmpfile()) {
    if (!file_) throw Failure("cannot create a temporary file for the trace");
}

void TraceRecorder::write(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) failed_ = true;
}

FilePointer TraceRecorder::rewind() {
    if (std::fflush(file_.get()) != 0 || failed_) {
        throw Failure("cannot write a temporary file for the trace");
    }
    std::rewind(file_.get());
    return std::move(file_);
}

bool TraceComparer::read_line() {
    line_.clear();
    std::array<char, 4096> piece{};
    while (std::fgets(piece.data(), static_cast<int>(piece.size()), expected_.get())) {
        line_ += piece.data();
        if (line_.ends_with('\n')) {
            line_.pop_back();
            return true;
        }
    }
    return !line_.empty();
}

void TraceComparer::compare(std::string_view line) {
    ++lines_;
    if (difference_.line != 0) return;
    if (!read_line() || line_ != line) difference_ = {lines_, line_, std::string(line)};
}

void TraceComparer::write(std::string_view text) {
    std::size_t end = text.find('\n');
    while (end != std::string_view::npos) {
        if (partial_.empty()) {
            compare(text.substr(0, end));
        } else {
            partial_ += text.substr(0, end);
            compare(partial_);
            partial_.clear();
        }
        text.remove_prefix(end + 1);
        end = text.find('\n');
    }
    partial_ += text;
}

bool TraceComparer::finish() {
    if (!partial_.empty()) compare(partial_);
    if (difference_.line == 0 && read_line()) difference_ = {lines_ + 1, line_, ""};
    return difference_.line == 0;
}

}  // namespace sagalab::cli
