#include "cli/explain_command.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/case_choice.h"
#include "cli/case_report.h"
#include "cli/console.h"
#include "cli/errors.h"
#include "cli/scenario_files.h"
#include "language/lint.h"
#include "views/layout.h"
#include "views/schedules.h"
#include "views/style.h"

namespace sagalab::cli {
namespace {

using language::LintRow;

constexpr std::array<Option, 2> options{{
    {"case", 'c', "NAME", "only the case of that name; may be repeated", "", false},
    {"set", 0, "NAME=VALUE", "override a param; may be repeated", "", false},
}};

std::string indented(std::string_view lines) {
    std::string out;
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n') + 1;
        out += "  " + std::string(lines.substr(0, end));
        lines.remove_prefix(end);
    }
    return out;
}

std::string list_of_lints() {
    std::string out;
    for (const LintRow& row : language::lint_rows()) {
        out += std::string(row.code) + "  " + views::pad_right(row.name, 19) +
               std::string(row.about) + "\n";
    }
    return out;
}

std::string page_of(const LintRow& row, bool color) {
    const views::Paint paint(color);
    const auto title = [&](std::string_view text) {
        return "\n" + paint(views::Tone::title, std::string(text)) + "\n";
    };
    const std::string name(row.name);
    return paint(views::Tone::title, std::string(row.code) + " " + name) + ": " +
           std::string(row.about) + "\n\n" + std::string(row.meaning) + title("Example") +
           indented(row.example) + title("To mend it") + indented(row.mend) +
           title("To silence it") +
           indented(
               "On the object that it is about, on what that stands in, or at the top\n"
               "of the file or of a case:\n"
               "  \"allow\": [\"" +
               name + "\"]\n");
}

const LintRow& lint_called(const std::string& word) {
    if (const LintRow* row = language::find_lint(word)) return *row;
    std::vector<std::string> known;
    for (const LintRow& row : language::lint_rows()) {
        known.emplace_back(row.code);
        known.emplace_back(row.name);
    }
    throw UsageError("unknown lint \"" + printable(word) + "\"" + suggestion(word, known));
}

// Lints have neither dots nor slashes in their names.
bool is_file(const std::string& word) {
    return word == "-" || word.find_first_of("./") != std::string::npos;
}

// The chosen cases of a file; those whose schedules are the same stand above them together.
std::string schedules_of(const ScenarioFile& file, const Arguments& arguments, Console& console) {
    std::vector<std::pair<std::string, std::string>> parts;  // headings, schedules
    std::size_t cases = 0;
    for (const auto& program : file.loaded.cases) {
        if (!is_wanted(*program, arguments.values("case"))) continue;
        ++cases;
        const std::string text = views::retry_schedules(*program, console.out_style());
        const std::string heading = title_of(*program, file.path) + "\n";
        const auto same = std::find_if(parts.begin(), parts.end(),
                                       [&](const auto& part) { return part.second == text; });
        if (same == parts.end()) {
            parts.emplace_back(heading, text);
        } else {
            same->first += heading;
        }
    }
    if (parts.size() == 1 && cases > 1) {
        parts[0].first = shown_path(file.path) + ": all " + std::to_string(cases) + " cases\n";
    }
    std::string out;
    for (const auto& [heading, text] : parts) {
        if (!out.empty()) out += "\n";
        out.append(heading).append("\n").append(text);
    }
    return out;
}

int run(const Arguments& arguments, Console& console) {
    if (arguments.words().empty()) {
        console.out().write(list_of_lints());
        return exit_code::ok;
    }
    std::string out;
    std::vector<std::string> paths;
    for (const std::string& word : arguments.words()) {
        if (!language::find_lint(word) && is_file(word)) {
            paths.push_back(word);
            continue;
        }
        if (!out.empty()) out += "\n";
        out += page_of(lint_called(word), console.out_style().color);
    }
    if (!paths.empty()) {
        const std::vector<ScenarioFile> files = load_files(paths, load_options(arguments));
        if (!report_diagnostics(files, false, console)) return exit_code::bad_input;
        check_names(files, arguments.values("case"));
        for (const ScenarioFile& file : files) {
            const std::string part = schedules_of(file, arguments, console);
            if (!out.empty() && !part.empty()) out += "\n";
            out += part;
        }
    }
    console.out().write(out);
    return exit_code::ok;
}

}  // namespace

const Command explain_command{
    "explain",
    "[OPTION]... [CODE | FILE]...",
    "Explains what check warns of, and the retries of scenario files.",
    options,
    "CODE is what stands in brackets behind a warning: \"SL007\", or \"dual-write\". Each\n"
    "page says what the warning means, shows an example, and says how to mend it and\n"
    "how to silence it. Without a code, one line for each.\n"
    "Of a scenario FILE every retry policy is told as the tries that it comes to, if\n"
    "none succeeds: waits, when each begins and ends, retries within retries, and\n"
    "timeouts that end before the retries behind them. Nothing is run.\n",
    "  0 explained; 2 no such code, bad input or usage\n",
    "  sagalab explain dual-write\n"
    "  sagalab explain order.json\n"
    "  sagalab explain\n",
    Words::files,
    run,
};

}  // namespace sagalab::cli
