#include "language/load.h"

#include "language/document.h"
#include "language/lint_rules.h"
#include "language/load_context.h"
#include "language/load_values.h"
#include "program/points.h"

namespace sagalab::language {

namespace {

void load_limits(const Node& root, program::Limits& limits) {
    const Node* node = object_at(root, "limits");
    if (!node) return;
    limits.events = count_at(*node, "events", limits.events);
    limits.virtual_time = time_at(*node, "virtualTime", limits.virtual_time);
    limits.memory = size_at(*node, "memory", limits.memory);
}

program::Program load_case(const Document& document, const CaseTree& tree,
                           const LoadOptions& options, const Sources& sources,
                           Diagnostics& diagnostics, LintReport* report) {
    program::Program program;
    program.title = document.title;
    program.case_name = tree.name;
    program.about = about_of(tree.root);
    program.files = document.files;
    program.random = options.random;
    program.seed = options.seed.value_or(count_at(tree.root, "seed", 1));
    load_limits(tree.root, program.limits);

    LoadContext context(tree.root, program, sources, diagnostics);
    load_names(context);
    load_services(context);
    load_messaging(context);
    load_events(context);
    load_gateways(context);
    load_handlers(context);
    load_workload(context);
    load_jobs(context);
    program.identify();
    program::number_points(program);
    load_faults(context);
    load_expect(context);
    load_explore(context);
    if (report && !diagnostics.has_errors()) lint_case(context, *report);
    return program;
}

// The case, with what is to be said of it; without what `allow` silences there.
program::Program load_case(const Document& document, const CaseTree& tree,
                           const LoadOptions& options, Loaded& loaded, LintReport& report) {
    const AllowedLints allowed(tree.root, loaded.sources);
    const bool lints = options.lints && !loaded.diagnostics.has_errors();
    report.begin_case(&allowed);
    Diagnostics found;
    program::Program program =
        load_case(document, tree, options, loaded.sources, found, lints ? &report : nullptr);
    for (const Diagnostic& diagnostic : found.sorted()) {
        const bool is_silenced =
            diagnostic.lint && allowed.covers(*diagnostic.lint, diagnostic.place);
        if (!is_silenced) loaded.diagnostics.add(diagnostic);
    }
    report.begin_case(nullptr);
    return program;
}

Loaded load(const std::string& name, std::optional<std::string> text, const LoadOptions& options) {
    Loaded loaded;
    const std::optional<Document> document =
        read_document(name, std::move(text), options, loaded.sources, loaded.diagnostics);
    if (!document) return loaded;
    loaded.is_part = document->is_part;
    if (loaded.is_part) return loaded;  // its names may stand in other parts
    LintReport report(document->cases.size() > 1);
    for (const CaseTree& tree : document->cases) {
        loaded.cases.push_back(std::make_shared<const program::Program>(
            load_case(*document, tree, options, loaded, report)));
    }
    if (loaded.diagnostics.has_errors()) {
        loaded.cases.clear();
    } else {
        report.tell(loaded.diagnostics);
    }
    return loaded;
}

}  // namespace

Loaded load_file(const std::string& path, const LoadOptions& options) {
    return load(path, std::nullopt, options);
}

Loaded load_text(const std::string& name, std::string text, const LoadOptions& options) {
    return load(name, std::move(text), options);
}

}  // namespace sagalab::language
