#include "language/source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

namespace sagalab::language {
namespace {

constexpr std::uintmax_t largest_file = 1ULL << 30U;

// Reads what has no size that is known before, such as a pipe.
bool read_all(std::istream& in, std::string& text) {
    char block[1U << 16U];
    while (in.read(block, sizeof block) || in.gcount() > 0) {
        text.append(block, static_cast<std::size_t>(in.gcount()));
        if (text.size() > largest_file) return true;
    }
    return !in.bad();
}

}  // namespace

std::uint32_t Sources::add(std::string path, std::string text) {
    File file{std::move(path), std::move(text), {0}};
    for (std::size_t at = file.text.find('\n'); at != std::string::npos;
         at = file.text.find('\n', at + 1)) {
        file.line_starts.push_back(static_cast<std::uint32_t>(at + 1));
    }
    files_.push_back(std::move(file));
    return static_cast<std::uint32_t>(files_.size() - 1);
}

LineColumn Sources::line_column(const Place& place) const {
    const std::vector<std::uint32_t>& starts = files_[place.file].line_starts;
    auto next = std::upper_bound(starts.begin(), starts.end(), place.begin);
    auto line = static_cast<std::uint32_t>(next - starts.begin());
    return {line, place.begin - starts[line - 1] + 1};
}

std::string_view Sources::line(std::uint32_t file, std::uint32_t number) const {
    const File& of = files_[file];
    if (number == 0 || number > of.line_starts.size()) return {};
    std::size_t begin = of.line_starts[number - 1];
    std::string_view text = std::string_view(of.text).substr(begin);
    text = text.substr(0, text.find('\n'));
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
}

std::optional<std::string> read_text_file(const std::string& path, std::string& why) {
    std::error_code error;
    std::filesystem::file_status status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) {
        why = status.type() == std::filesystem::file_type::not_found ? "no such file"
                                                                     : error.message();
        return std::nullopt;
    }
    if (std::filesystem::is_directory(status)) {
        why = "is a directory";
        return std::nullopt;
    }
    std::string text;
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    if (!in.is_open()) {
        why = errno == EACCES ? "may not be read (permission denied)" : std::strerror(errno);
        return std::nullopt;
    }
    if (std::filesystem::is_regular_file(status)) {
        std::uintmax_t size = std::filesystem::file_size(path, error);
        if (!error && size <= largest_file) text.reserve(static_cast<std::size_t>(size));
        if (!error && size > largest_file) {
            why = "is larger than 1 GiB";
            return std::nullopt;
        }
    }
    if (!read_all(in, text)) {
        why = "cannot be read";
        return std::nullopt;
    }
    if (text.size() > largest_file) {
        why = "is larger than 1 GiB";
        return std::nullopt;
    }
    return text;
}

}  // namespace sagalab::language
