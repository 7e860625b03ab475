#include "cli/schema_command.h"

#include <array>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/errors.h"
#include "cli/file_output.h"
#include "language/schema.h"

namespace sagalab::cli {
namespace {

constexpr std::array<Option, 1> options{{
    {"output", 'o', "FILE", "write it to FILE; \"-\" is standard output", "", true},
}};

int run(const Arguments& arguments, Console& console) {
    if (!arguments.words().empty()) throw UsageError("schema takes no files");
    std::string path = arguments.value("output").value_or("-");
    if (path == "-") {
        console.out().write(language::scenario_schema());
        return exit_code::ok;
    }
    FileOutput output(path, {});
    output.write(language::scenario_schema());
    output.commit();
    return exit_code::ok;
}

}  // namespace

const Command schema_command{
    "schema",
    "[OPTION]...",
    "Prints the JSON Schema of scenario files, for editors.",
    options,
    "An editor that knows the schema of a file completes its keys, says what they\n"
    "mean and marks what is wrong. A file names its schema in its first line:\n"
    "\"$schema\": \"scenario.schema.json\". Names and expressions are for check.\n",
    "  0 printed; 2 bad usage, or FILE cannot be written\n",
    "  sagalab schema -o scenario.schema.json\n",
    Words::none,
    run,
};

}  // namespace sagalab::cli
