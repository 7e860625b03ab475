// Retries and saga names: how long to wait before the next attempt, what an instance is called.
//
// One place for the arithmetic of retries: attempt n waits delay * backoff^(n-1), at most
// max_delay; with jitter, a uniform draw between zero and that ("full jitter", Brooker, AWS
// Architecture Blog 2015). Integers only.
#pragma once

#include <cstdint>

#include "base/hash.h"
#include "base/value.h"
#include "program/program.h"

namespace sagalab::world {

// After `attempts` tries; `name` identifies the wait for the draw.
Nanos retry_delay(const program::Retry& retry, std::uint32_t attempts, std::uint64_t seed,
                  const Hash128& name);

// May there be another try, after `attempts` tries the first of which began at `begun`?
bool may_retry(const program::Retry& retry, std::uint32_t attempts, Nanos begun, Nanos again);

// Does the policy try again after this? Unless `on` says otherwise: after unknown and failed.
bool names(const program::Retry& retry, program::Outcome outcome, const Value& code);

// "PlaceOrder/o-1"
Value saga_name(const program::Saga& saga, const Value& key);

}  // namespace sagalab::world
