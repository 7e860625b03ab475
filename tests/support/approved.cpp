#include "support/approved.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace sagalab::test {

std::string first_difference(std::string_view approved, std::string_view received) {
    std::size_t line = 1;
    std::size_t line_begin = 0;
    for (std::size_t at = 0; approved.substr(at, 1) == received.substr(at, 1); ++at) {
        if (at == approved.size()) return {};
        if (approved[at] == '\n') {
            ++line;
            line_begin = at + 1;
        }
    }
    const auto from = [&](std::string_view text) {
        text.remove_prefix(line_begin);
        return std::string(text.substr(0, text.find('\n')));
    };
    return "line " + std::to_string(line) + "\n  approved: " + from(approved) +
           "\n  received: " + from(received);
}

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read \"" + path + "\"");
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, std::string_view text) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream out(path, std::ios::binary);
    out << text;
    if (!out.flush()) throw std::runtime_error("cannot write \"" + path + "\"");
}

std::string tests_path(std::string_view name) {
    return std::string(SAGALAB_TESTS_DIR "/").append(name);
}

std::string scenario_path(std::string_view name) {
    return std::string(SAGALAB_SCENARIOS_DIR "/").append(name);
}

std::string difference_from_approved(std::string_view name, std::string_view text) {
    const std::string golden = tests_path("golden/") + std::string(name);
    if (const char* approve = std::getenv("SAGALAB_UPDATE"); approve && *approve) {
        write_file(golden, text);
        return {};
    }
    const std::string received = std::string(SAGALAB_RECEIVED_DIR "/").append(name);
    const std::string how = "\naccept it with SAGALAB_UPDATE=1 in the environment";
    if (!std::filesystem::exists(golden)) {
        write_file(received, text);
        return "nothing approved at " + golden + "\nreceived " + received + how;
    }
    const std::string approved = read_file(golden);
    if (approved == text) return {};
    write_file(received, text);
    return golden + ": " + first_difference(approved, text) + "\nreceived " + received + how;
}

}  // namespace sagalab::test
