#include "cli/case_report.h"

#include "base/text.h"
#include "views/layout.h"

namespace sagalab::cli {

std::string shown_path(const std::string& path) {
    return path == "-" ? "<stdin>" : printable(path);
}

std::string title_of(const program::Program& program, const std::string& path) {
    std::string title = shown_path(path);
    if (program.case_name != program.title) title += ": " + printable(program.case_name);
    return title;
}

std::string brief_report(const program::Program& program, const views::Reproduction& from,
                         const drivers::RunResult& result, const views::TextOptions& style) {
    std::string out =
        title_of(program, from.file) + (from.preset.empty() ? "" : " under " + from.preset) + ": " +
        views::verdict_line(result, style, result.dead_letters) + "\n" +
        views::warning_lines(program, result, style) + views::trouble_lines(program, result, style);
    if (views::status_of(result) == views::Status::holds) return out;
    return out + views::reproduce_command(program, from) + "\n";
}

std::string unmet_line(const std::string& path, const std::string& name, std::size_t cases) {
    return shown_path(path) + ": broken: sometimes \"" + printable(name) +
           "\" held at the end of none of " + views::counted(cases, "case") + "\n";
}

std::string untested_line(const std::string& path, const expect::Verdict& claim) {
    return shown_path(path) + ": never tested: " + expect::kind_name(claim.kind) + " \"" +
           printable(claim.name) + "\": the premise `" + printable(claim.premise) +
           "` was never true in any case\n";
}

}  // namespace sagalab::cli
