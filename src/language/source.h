// The texts that a scenario is loaded from, and places in them.
//
// A place is a range of bytes in one file; lines and columns are worked out only for messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sagalab::language {

struct Place {
    std::uint32_t file = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;  // one past the last byte
};

struct LineColumn {
    std::uint32_t line = 1;
    std::uint32_t column = 1;  // in bytes
};

class Sources {
public:
    // Takes a file's text; its number is what places name.
    std::uint32_t add(std::string path, std::string text);
    [[nodiscard]] const std::string& path(std::uint32_t file) const { return files_[file].path; }
    [[nodiscard]] std::string_view text(std::uint32_t file) const { return files_[file].text; }
    [[nodiscard]] std::size_t size() const { return files_.size(); }
    [[nodiscard]] LineColumn line_column(const Place& place) const;
    [[nodiscard]] std::string_view line(std::uint32_t file, std::uint32_t number) const;

private:
    struct File {
        std::string path;
        std::string text;
        std::vector<std::uint32_t> line_starts;
    };
    std::vector<File> files_;
};

// The text of a file, or nothing and the reason in `why`: "no such file", "is a directory", ...
// Files of more than 1 GiB are refused.
std::optional<std::string> read_text_file(const std::string& path, std::string& why);

}  // namespace sagalab::language
