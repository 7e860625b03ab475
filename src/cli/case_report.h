// What a run came to, in few lines: for people who did not ask for the story.
#pragma once

#include <string>

#include "drivers/run.h"
#include "program/program.h"
#include "views/summary.h"
#include "views/text.h"

namespace sagalab::cli {

// "order.json" as it is shown; "-" is "<stdin>".
std::string shown_path(const std::string& path);

// "order.json: the payment is declined", or the file alone where it has no cases.
std::string title_of(const program::Program& program, const std::string& path);

// The verdict, what a person must look at, and of a run that does not hold the command that
// repeats it.
std::string brief_report(const program::Program& program, const views::Reproduction& from,
                         const drivers::RunResult& result, const views::TextOptions& style);

// That a `sometimes` held at the end of none of a file's cases.
std::string unmet_line(const std::string& path, const std::string& name, std::size_t cases);

// That the premise of a claim was true in none of a file's cases.
std::string untested_line(const std::string& path, const expect::Verdict& claim);

}  // namespace sagalab::cli
