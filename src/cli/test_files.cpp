#include "cli/test_files.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "base/text.h"
#include "cli/errors.h"

namespace sagalab::cli {
namespace {

namespace fs = std::filesystem;

std::string normal(const fs::path& path) {
    std::string text = path.lexically_normal().generic_string();
    return text.empty() ? path.generic_string() : text;
}

[[noreturn]] void cannot_read(const fs::path& folder, const std::error_code& error) {
    throw Failure("cannot read folder \"" + printable(folder.string()) + "\": " + error.message());
}

std::vector<std::string> below(const fs::path& folder) {
    std::vector<std::string> found;
    std::error_code error;
    fs::recursive_directory_iterator at(folder, error);
    if (error) cannot_read(folder, error);
    for (; at != fs::recursive_directory_iterator(); at.increment(error)) {
        std::string name = at->path().filename().string();
        if (name.starts_with('.')) {
            at.disable_recursion_pending();
        } else if (at->path().extension() == ".json" && at->is_regular_file(error)) {
            found.push_back(normal(at->path()));
        }
    }
    if (error) cannot_read(folder, error);
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

std::vector<FoundFile> find_scenarios(const std::vector<std::string>& paths) {
    if (paths.empty()) throw UsageError("no file or folder given");
    std::vector<FoundFile> files;
    std::set<std::string> known;
    auto add = [&](const std::string& path, bool named) {
        if (known.insert(path).second) files.push_back({path, named});
    };
    for (const std::string& path : paths) {
        std::error_code error;
        if (path == "-") {
            add(path, true);
        } else if (fs::is_directory(path, error)) {
            for (const std::string& file : below(path)) add(file, false);
        } else {
            add(normal(path), true);
        }
    }
    return files;
}

}  // namespace sagalab::cli
