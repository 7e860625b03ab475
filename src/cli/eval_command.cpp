#include "cli/eval_command.h"

#include <array>
#include <sstream>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/scenario_files.h"
#include "language/eval_command.h"

namespace sagalab::cli {
namespace {

constexpr std::array<Option, 2> options{{
    {"with", 0, "JSON", "an object: the names the expression may use", "", false},
    {"batch", 0, "", "read expressions from standard input", "", false},
}};

int run_batch(Console& console) {
    std::istringstream in(read_standard_input());
    std::ostringstream out;
    bool good = language::evaluate_batch(in, out);
    console.out().write(out.str());
    return good ? exit_code::ok : exit_code::bad_input;
}

int run(const Arguments& arguments, Console& console) {
    const auto& words = arguments.words();
    if (arguments.has("batch")) {
        if (!words.empty()) throw UsageError("--batch reads expressions from standard input");
        return run_batch(console);
    }
    if (words.size() != 1) throw UsageError("eval takes one expression");
    language::EvalResult result =
        language::evaluate_text(words[0], arguments.value("with").value_or(""));
    if (!result.text.ends_with('\n')) result.text += '\n';
    (result.ok ? console.out() : console.err()).write(result.text);
    if (result.ok) return exit_code::ok;
    return result.compiled ? exit_code::failed : exit_code::bad_input;
}

}  // namespace

const Command eval_command{
    "eval",
    "[OPTION]... EXPR",
    "Prints the value of an expression of the language, as JSON.",
    options,
    "With --batch, standard input holds one JSON object a line, such as\n"
    "{\"expr\": \"a + 1\", \"with\": {\"a\": 2}}, and each is answered with {\"value\": ...} or\n"
    "{\"error\": \"...\"} on a line of its own.\n",
    "  0 a value; 1 the evaluation ended in an error; 2 no valid expression or JSON\n",
    "  sagalab eval 'lines.all(l, l.qty > 0)' --with '{\"lines\": [{\"qty\": 1}]}'\n"
    "  sagalab eval '1 + 2'\n",
    Words::expression,
    run,
};

}  // namespace sagalab::cli
