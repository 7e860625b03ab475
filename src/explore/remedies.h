// Remedies: which pattern would have prevented a counterexample, where one fits.
//
// A pattern comes into question where the facts are those that it is for: a crash between a write
// and a message in a service without an outbox, a message that comes twice to one without an inbox,
// a reply that is lost where only completed steps are undone, a pause while which another replica
// takes over, ... It is told only if it was tried: the program is searched once more with it, with
// as many faults at the same places and in every order, and the expectation holds. What mutants
// (explore/mutants.h) take away is given here.
#pragma once

#include <string>
#include <vector>

#include "explore/search.h"

namespace sagalab::explore {

// Names such as "an outbox in OrderService", of what would have kept faults at these sites from
// breaking this expectation; none where none fits, or where the search with it reaches a limit of
// `limits`. `program` is prepared, as the search had it.
std::vector<std::string> remedies(const program::Program& program,
                                  const program::Exploration& bounds, const Cause& cause,
                                  const SiteSet& sites, const SearchOptions& limits);

}  // namespace sagalab::explore
