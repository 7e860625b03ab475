// Mutants: a program with one of its safeguards taken away, each by itself.
//
//     for (const Mutant& mutant : mutants(program)) {
//         program::Program weaker = program;
//         mutant.change(weaker);
//     }
//
// What is written in the file is what is taken away: outboxes, inboxes, undos, retries, idempotency
// keys, expected versions (also those at which a handler has read a stream), the order of undos one
// after the other, the scope of compensation, the checkpoint of a projection. Sagas that undo side
// by side are left as they are: to undo in reverse takes orders away and adds none.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "program/program.h"

namespace sagalab::explore {

struct Mutant {
    std::string name;   // a clause: "OrderService has no outbox"
    std::string place;  // "order.json:12"
    std::function<void(program::Program&)> change;
};

// "expectedVersion": "any".
bool is_at_any_version(const program::Program& program, const program::Append& append);

// In one order: by what is taken away, then as it stands in the program.
std::vector<Mutant> mutants(const program::Program& program);

}  // namespace sagalab::explore
