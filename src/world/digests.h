// Digests of tables: equal for equal rows, in whatever order they came.
#pragma once

#include "program/eval.h"
#include "program/told_apart.h"

namespace sagalab::world {

using program::Rows;

Hash128 digest_of(const Rows& table);
// Of rows {state, epoch, log, left} of sagas: of the log only what is looked at.
Hash128 digest_of_sagas(const Rows& table, program::LogUse use);

}  // namespace sagalab::world
