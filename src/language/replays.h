// `replays`: a file that is a scenario's case once more, with its choices pinned.
//
//     { "scenario": "...", "replays": { "scenario": "../order.json", "case": "paid" },
//       "schedule": [ "deliver PayOrder (r1) from OrderService to PaymentService" ] }
//
// The case is read from its own file, so what is mended there is mended here; everything else in
// this file is merged over it as a case would be.
#pragma once

#include "language/diagnostics.h"
#include "language/include.h"
#include "language/json.h"
#include "language/source.h"

namespace sagalab::language {

// Puts the case that `root` replays under it, if it names one. False where that cannot be read.
bool put_under_what_it_replays(Node& root, const ReadText& read, Sources& sources,
                               Diagnostics& diagnostics);

}  // namespace sagalab::language
