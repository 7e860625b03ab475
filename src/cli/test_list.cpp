#include "cli/test_list.h"

#include "base/text.h"
#include "base/value.h"
#include "cli/case_report.h"

namespace sagalab::cli {
namespace {

// A CMake bracket argument: nothing in it means anything.
std::string bracketed(const std::string& text) {
    std::string level = "=";
    while (text.find("]" + level) != std::string::npos) level += "=";
    // A line end right behind the opening bracket would be dropped.
    return "[" + level + "[" + (text.starts_with('\n') ? "\n" : "") + text + "]" + level + "]";
}

std::string line_of(const std::string& file, const std::string* name, ListForm form) {
    switch (form) {
        case ListForm::text:
            return shown_path(file) + (name ? " / " + printable(*name) : std::string()) + "\n";
        case ListForm::json:
            return "{\"file\": " + Value(file).json() +
                   ", \"case\": " + (name ? Value(*name).json() : "null") + "}\n";
        case ListForm::ctest: break;
    }
    return "sagalab_case(" + bracketed(file) + (name ? " " + bracketed(*name) : std::string()) +
           ")\n";
}

bool has_sometimes(const language::Loaded& loaded) {
    for (const auto& program : loaded.cases) {
        if (!program->expect.sometimes.empty()) return true;
    }
    return false;
}

}  // namespace

std::string list_of(const Plan& plan, ListForm form) {
    std::string out;
    if (form != ListForm::text) {
        for (std::size_t file : plan.unread) {
            out += line_of(plan.files[file].path, nullptr, form);
        }
    }
    for (std::size_t i = 0; i < plan.cases.size(); ++i) {
        const PlannedCase& one = plan.cases[i];
        out += line_of(plan.path(one), &one.program->case_name, form);
        bool last = i + 1 == plan.cases.size() || plan.cases[i + 1].file != one.file;
        const language::Loaded& loaded = plan.files[one.file].loaded;
        bool together = loaded.cases.size() > 1 && has_sometimes(loaded) && plan.is_whole(one.file);
        if (form != ListForm::text && last && together) {
            out += line_of(plan.path(one), nullptr, form);
        }
    }
    return out;
}

}  // namespace sagalab::cli
