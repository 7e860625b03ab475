// Shapes that several tables use, and short ways to write rows. Only shape*.cpp include this.
#pragma once

#include <array>

#include "language/shape.h"

namespace sagalab::language::shape {

// Values.
extern const Shape any, data, data_object, text, phrase, name, binding, event, bound_name,
    expression, operation, message, party, delivery, duration, percentage, factor, rate, size, flag;
extern const Shape duration_pair_shape;
// Integers: from 0, from 1, from 1 to a million, of HTTP.
extern const Shape count, positive, small_positive, status;
extern const Shape latency;        // a duration or a distribution
extern const Shape names, texts;   // arrays of field names, of texts
extern const Shape text_or_texts;  // what `about` takes
extern const Shape outcome;        // one of the four
extern const Shape duration_or_never;

// Behaviour.
extern const Shape steps, on_error, compensate, saga_kind, handler;
extern const Object call_step, publish_step, send_step, wait_step, log_step, let_step, choose_step;
extern const Shape retry, breaker;  // a policy's name or the policy itself
extern const Shape retry_policy, breaker_policy;

// Parts of a file.
extern const Shape services, bus, network, policies, workload, faults, expect, explore, limits;
extern const Shape aggregates, projections, sagas, routes, jobs, tokens;

template <std::size_t N>
constexpr std::span<const Key> rows(const Key (&keys)[N]) {
    return keys;
}

inline constexpr bool required = true;
inline constexpr bool optional = false;

}  // namespace sagalab::language::shape
