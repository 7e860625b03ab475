// What the event log holds before anything happens, and after a crash: seeded history.
#pragma once

#include "world/service.h"

namespace sagalab::world {

// Fills the streams of the service's aggregates with their seeded events, and folds them.
void seed_streams(const Program& program, Service& service);

// Seeded history as each projection of the service has read it before the run.
void seed_projections(const Program& program, Service& service);

// The rows of all aggregates, folded again from snapshot and tail: what a restart does.
void refold(const Program& program, Service& service);

}  // namespace sagalab::world
