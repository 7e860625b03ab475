// The event log of a service: the streams of an aggregate by their keys.
//
// The stream is the truth; the row in store.<Aggregate> is its fold, `version` included. Everything
// here but the row is durable; the row is rebuilt after a crash (world/seeds.h).
#pragma once

#include "base/keyed_map.h"
#include "program/stream.h"

namespace sagalab::world {

using program::Snapshot;
using program::StoredEvent;
using program::Stream;

using Streams = KeyedMap<Stream, Value>;  // by key

}  // namespace sagalab::world
