// Faults at every point that a scenario passes, one at a time; and what must not depend on them.
#pragma once

#include <string>
#include <vector>

#include "support/worlds.h"

namespace sagalab::test {

// The points that a run passes, in order: "E: after insert t". Of one service if it is named.
std::vector<std::string> passes(const ProgramPtr& program, std::string_view service = {});
std::vector<std::string> passes(const Scenario& scenario, std::string_view service = {});

// A fault of this verb for each point that the scenario passes, as JSON, of one service if it is
// named; `more` are further members, with a comma before them.
std::vector<std::string> strikes(const Scenario& scenario, const std::string& verb,
                                 const std::string& more, std::string_view service = {});

// Rows as they ended, one a line, tables in order; of a saga only its state.
std::string stores(const Ran& ran);

// What a replica did between its crash and its restart; empty if it kept still.
std::string done_while_down(const Ran& ran);

}  // namespace sagalab::test
