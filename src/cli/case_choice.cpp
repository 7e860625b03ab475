#include "cli/case_choice.h"

#include <algorithm>

#include "base/text.h"

namespace sagalab::cli {
namespace {

// The first cases there are, one a line, below a message that missed one.
std::string list_of(const std::vector<std::string>& names) {
    constexpr std::size_t most = 10;
    std::string out = names.empty() ? "" : "; the cases are:";
    for (std::size_t i = 0; i < names.size() && i < most; ++i) {
        out += "\n  \"" + printable(names[i]) + "\"";
    }
    if (names.size() > most) out += "\n  ... and " + std::to_string(names.size() - most) + " more";
    return out;
}

}  // namespace

bool is_wanted(const program::Program& program, const std::vector<std::string>& names) {
    return names.empty() || std::find(names.begin(), names.end(), program.case_name) != names.end();
}

void check_names(const std::vector<ScenarioFile>& files, const std::vector<std::string>& wanted) {
    std::vector<std::string> names;
    for (const ScenarioFile& file : files) {
        for (const auto& program : file.loaded.cases) names.push_back(program->case_name);
    }
    for (const std::string& name : wanted) {
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        throw Failure("no case matches \"" + printable(name) + "\"" + suggestion(name, names) +
                      list_of(names));
    }
    if (names.empty()) throw Failure("there is no case to run");
}

}  // namespace sagalab::cli
