// Retries and saga names: how long to wait before the next attempt, what an instance is called.
//
// The arithmetic is that of program/retry.h; with jitter, a wait is a uniform draw between zero and
// the whole of it ("full jitter", Brooker, AWS Architecture Blog 2015).
#pragma once

#include <cstdint>

#include "base/hash.h"
#include "base/value.h"
#include "program/program.h"
#include "program/retry.h"

namespace sagalab::world {

// After `attempts` tries; `name` identifies the wait for the draw.
Nanos retry_delay(const program::Retry& retry, std::uint32_t attempts, std::uint64_t seed,
                  const Hash128& name);

using program::may_retry;

// Does the policy try again after this? Unless `on` says otherwise: after unknown and failed.
bool names(const program::Retry& retry, program::Outcome outcome, const Value& code);

// "PlaceOrder/o-1"
Value saga_name(const program::Saga& saga, const Value& key);

}  // namespace sagalab::world
