#include "cli/explore_files.h"

#include <filesystem>
#include <system_error>

#include "base/text.h"
#include "cli/errors.h"
#include "cli/file_output.h"
#include "views/layout.h"
#include "views/version.h"

namespace sagalab::cli {
namespace {

using explore::Counterexample;
using program::Program;

// The scenario file that pins every choice of a counterexample. `to_scenario` leads from its folder
// to the scenario.
std::string counterexample_file(const Explored& explored, const Counterexample& found,
                                const std::string& to_scenario, const ExploreSettings& settings) {
    const Program& program = *explored.program;
    auto pair = [](std::string_view key, const std::string& value) {
        return Value(key).json() + ": " + value;
    };
    std::string text = "{\n  ";
    text +=
        pair("scenario", Value(program.title + ": \"" + found.verdict.name + "\" breaks").json());
    std::vector<std::string> about{"Found by exploration, with " +
                                   views::counted(found.faults, "fault") + ":"};
    about.insert(about.end(), found.sentences.begin(), found.sentences.end());
    text += ",\n  " + pair("about", json_list(about));
    text += ",\n  \"replays\": { " + pair("scenario", Value(to_scenario).json());
    if (program.case_name != program.title) {
        text += ", " + pair("case", Value(program.case_name).json());
    }
    text += ", " + pair("version", Value(version).json()) + " }";
    if (settings.load.seed) text += ",\n  " + pair("seed", std::to_string(*settings.load.seed));
    if (!settings.load.set.empty()) {
        text += ",\n  \"params\": {";
        for (std::size_t i = 0; i < settings.load.set.size(); ++i) {
            const auto& [name, value] = settings.load.set[i];
            text += (i == 0 ? " " : ", ") + Value(name).json() + ": " + Value(value).json();
        }
        text += " }";
    }
    text += ",\n  \"schedule\": [";
    for (std::size_t i = 0; i < found.schedule.size(); ++i) {
        text += (i == 0 ? "\n    " : ",\n    ") + Value(found.schedule[i]).json();
    }
    return text + "\n  ]\n}\n";
}

// Small letters and digits of what breaks.
std::string file_name(const Explored& explored, std::size_t number) {
    std::string name;
    for (char c :
         explored.program->case_name + " " + explored.counterexamples[number].verdict.name) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain) {
            name += c;
        } else if (!name.empty() && name.back() != '-') {
            name += '-';
        }
    }
    constexpr std::size_t longest = 80;
    if (name.size() > longest) name.resize(longest);
    while (!name.empty() && name.back() == '-') name.pop_back();
    if (number > 0) name += "-" + std::to_string(number + 1);
    return name + ".json";
}

}  // namespace

void write_files(Explored& explored, const ExploreSettings& settings) {
    namespace fs = std::filesystem;
    if (!settings.folder || explored.counterexamples.empty()) return;
    std::error_code error;
    fs::create_directories(*settings.folder, error);
    if (error) {
        throw Failure("cannot make the folder \"" + printable(*settings.folder) +
                      "\": " + error.message());
    }
    const fs::path folder = fs::absolute(*settings.folder).lexically_normal();
    const fs::path scenario = fs::absolute(explored.path).lexically_normal();
    const std::string way = scenario.lexically_relative(folder).generic_string();
    for (std::size_t i = 0; i < explored.counterexamples.size(); ++i) {
        const std::string path = (fs::path(*settings.folder) / file_name(explored, i)).string();
        FileOutput output(path, {explored.path});
        output.write(counterexample_file(explored, explored.counterexamples[i], way, settings));
        output.commit();
        explored.files.push_back(path);
    }
}

}  // namespace sagalab::cli
