// Every file in tests/language/bad is refused, with exactly the messages in its .expected twin.
//
//     SAGALAB_UPDATE=1 sagalab-tests "bad files*"     rewrites the twins; read the diff
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "language/load.h"
#include "support/catch.h"

namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(SAGALAB_TESTS_DIR) / "language" / "bad";

std::optional<std::string> content(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::string> bad_files() {
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ".json") names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

// The messages name the file as it stands in the folder, wherever that is.
std::string messages_for(const std::string& name) {
    sagalab::language::LoadOptions options;
    options.read = [](const std::string& path, std::string& why) {
        std::optional<std::string> text = content(folder / path);
        if (!text) why = "No such file or directory";
        return text;
    };
    const sagalab::language::Loaded loaded = sagalab::language::load_file(name, options);
    CHECK(loaded.diagnostics.has_errors());
    CHECK(loaded.cases.empty());
    return sagalab::language::render(loaded.diagnostics, loaded.sources);
}

}  // namespace

TEST_CASE("bad files: each is refused with the messages that were approved") {
    const std::vector<std::string> names = bad_files();
    CHECK(names.size() >= 60);
    for (const std::string& name : names) {
        INFO(name);
        const std::string found = messages_for(name);
        const fs::path twin = folder / fs::path(name).replace_extension(".expected");
        if (std::getenv("SAGALAB_UPDATE")) std::ofstream(twin, std::ios::binary) << found;
        CHECK(found == content(twin).value_or("(no twin)"));
    }
}
