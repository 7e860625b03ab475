#include "cli/explain_command.h"

#include <string>
#include <vector>

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/errors.h"
#include "language/lint.h"
#include "views/layout.h"
#include "views/style.h"

namespace sagalab::cli {
namespace {

using language::LintRow;

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

int run(const Arguments& arguments, Console& console) {
    if (arguments.words().empty()) {
        console.out().write(list_of_lints());
        return exit_code::ok;
    }
    std::string out;
    for (const std::string& word : arguments.words()) {
        if (!out.empty()) out += "\n";
        out += page_of(lint_called(word), console.out_style().color);
    }
    console.out().write(out);
    return exit_code::ok;
}

}  // namespace

const Command explain_command{
    "explain",
    "[CODE]...",
    "Explains what check warns of, or lists all of it.",
    {},
    "CODE is what stands in brackets behind a warning: \"SL007\", or \"dual-write\". Each\n"
    "page says what the warning means, shows an example, and says how to mend it and\n"
    "how to silence it. Without a code, one line for each.\n",
    "  0 explained; 2 no such code, bad usage\n",
    "  sagalab explain dual-write\n"
    "  sagalab explain\n",
    Words::none,
    run,
};

}  // namespace sagalab::cli
