#include "world/handler.h"

#include <algorithm>

namespace sagalab::world {
namespace {

Hash128 hash_slots(Hash128 hash, const Slots& slots) {
    for (const Value& value : slots) hash = value.hash128(hash);
    return hash.with(slots.size());
}

Hash128 hash_fiber(Hash128 hash, const Fiber& fiber) {
    hash = hash.with(std::uint64_t{fiber.pc.value} << 32U | fiber.attempts);
    hash = hash.with(std::uint64_t{fiber.generation} << 32U | fiber.keys)
               .with(fiber.wait)
               .with(std::uint64_t{fiber.undo} << 8U | std::uint64_t(fiber.waits_for) << 1U |
                     (fiber.ended ? 1U : 0U));
    hash = hash.with(std::uint64_t{fiber.parent} << 32U | fiber.branch << 16U | fiber.branches)
               .with(std::uint64_t(fiber.resume_at));
    return fiber.result.hash128(hash_slots(hash.with(std::uint64_t(fiber.begun)), fiber.slots));
}

Hash128 hash_saga(Hash128 hash, const SagaProgress& saga) {
    hash = saga.key.hash128(hash.with(std::uint64_t{saga.saga.value} << 32U | saga.epoch));
    hash = hash.with(std::uint64_t(saga.mode) << 8U | std::uint64_t(saga.outcome) << 1U |
                     (saga.pivot_passed ? 1U : 0U));
    hash = hash.with((saga.deadline_passed ? 1U : 0U) | (saga.suspended ? 2U : 0U))
               .with(std::uint64_t(saga.deadline_due));
    hash = hash.with(std::uint64_t{saga.current} << 32U | saga.step_attempts)
               .with(std::uint64_t{saga.caught.value} << 32U | saga.keys_caught);
    hash = saga.appends_caught.hash128(hash);
    for (const Undo& undo : saga.undos) {
        hash = hash.with(std::uint64_t{undo.step} << 32U | undo.attempts);
        hash = hash.with(std::uint64_t(undo.note) << 2U | (undo.due ? 2U : 0U) |
                         (undo.done ? 1U : 0U));
        hash = hash_slots(undo.appends.hash128(hash.with(std::uint64_t(undo.begun))), undo.slots);
    }
    for (const Caller& caller : saga.callers) hash = hash.with(caller.call);
    return hash_slots(saga.code.hash128(hash.with(saga.deadline)), saga.frame);
}

}  // namespace

std::uint32_t Appends::next(InstructionId append) {
    auto at = std::lower_bound(
        counts_.begin(), counts_.end(), append,
        [](const Count& count, InstructionId wanted) { return count.append < wanted; });
    if (at == counts_.end() || at->append != append) at = counts_.insert(at, Count{append, 0});
    return at->events++;
}

Hash128 Appends::hash128(Hash128 start) const {
    for (const Count& count : counts_) {
        start = start.with(std::uint64_t{count.append.value} << 32U | count.events);
    }
    return start;
}

// The number of the link depends on the order in which links came to be; the message names it.
Hash128 Running::hash128(Hash128 start) const {
    Hash128 hash = message.hash128(start.with(id).with(std::uint64_t{handler.value}));
    hash = forced.hash128(hash.with((lasting ? 2U : 0U) | (link == Index<void>::absent ? 1U : 0U)));
    hash = hash.with(std::uint64_t{replica} << 1U | (answered ? 1U : 0U)).with(deadline);
    hash = appends.hash128(hash);
    for (const program::StreamRead& read : reads) {
        hash = read.key.hash128(hash.with(std::uint64_t{read.aggregate}))
                   .with(std::uint64_t(read.version));
    }
    for (const Value& name : partial) hash = name.hash128(hash);
    hash = hash.with(known_as);
    if (ending) {
        hash = ending->body.hash128(ending->code.hash128(
            hash.with(std::uint64_t(ending->outcome) << 8U | std::uint64_t(ending->stage))));
    }
    if (held) {
        for (const HeldRow& row : held->rows) hash = row.after.hash128(row.key.hash128(hash));
        for (const Send& send : held->sends) hash = send.message.hash128(hash);
    }
    for (const Fiber& fiber : fibers) hash = hash_fiber(hash, fiber);
    return saga ? hash_saga(hash, *saga) : hash;
}

}  // namespace sagalab::world
