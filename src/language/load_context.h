// What the phases of loading one case share: the tree, the program in the making, its names.
//
// A phase reports what is wrong and goes on with what is left: an id that could not be resolved is
// absent, and nothing is run from a program whose file has errors.
#pragma once

#include <string>
#include <string_view>

#include "language/cel.h"
#include "language/diagnostics.h"
#include "language/json.h"
#include "language/names.h"
#include "language/scope.h"
#include "language/source.h"
#include "program/program.h"

namespace sagalab::language {

struct LoadContext {
    LoadContext(const Node& tree, program::Program& target, const Sources& texts,
                Diagnostics& found)
        : root(tree),
          program(target),
          sources(texts),
          diagnostics(found),
          compiler(target, texts, found) {}

    const Node& root;
    program::Program& program;
    const Sources& sources;
    Diagnostics& diagnostics;
    ExpressionCompiler compiler;
    Names names;
    Scope params;             // `params` alone: what every scope stands on
    Scope services{&params};  // names of services, unusable: what handlers see of the others
    NameMap<PolicyId> retries;
    NameMap<PolicyId> breakers;
    PolicyId undo_retry;     // the language's own, of compensations
    PolicyId forever_retry;  // and of steps that must succeed

    void error(const Place& place, std::string message) {
        diagnostics.error(place, std::move(message));
    }
    SourceId source(const Place& place);
};

// The phases, in their order. Each is a file of its own.
void load_names(LoadContext& context);      // services, tables, operations, sagas, clients
void load_services(LoadContext& context);   // what a service holds: rows and options
void load_events(LoadContext& context);     // aggregates and projections; after messaging
void load_messaging(LoadContext& context);  // policies, network, bus, topics
void load_gateways(LoadContext& context);   // tokens and routes
void load_handlers(LoadContext& context);   // steps to instructions; sagas with their undos
void load_workload(LoadContext& context);
void load_jobs(LoadContext& context);  // after the workload
void load_faults(LoadContext& context);
void load_expect(LoadContext& context);
void load_explore(LoadContext& context);

}  // namespace sagalab::language
