#include "support/naive.h"

#include <vector>

#include "expect/check.h"
#include "expect/ledger.h"
#include "world/canonical.h"
#include "world/moves.h"

namespace sagalab::test {
namespace {

class Keep : public trace::Sink {
public:
    void take(const trace::Record& record) override { records.push_back(record); }
    std::vector<trace::Record> records;
};

class Naive {
public:
    Naive(const program::Program& program, bool reorder, std::uint64_t most_paths)
        : program_(program),
          reorder_(reorder),
          most_paths_(most_paths),
          traits_(world::Traits::of(program)),
          interest_(expect::Check(program).interest(false)) {}

    Tried go() {
        walk(world::initial_world(program_), expect::Ledger(program_));
        return std::move(tried_);
    }

private:
    void walk(const world::World& world, const expect::Ledger& ledger) {
        if (tried_.given_up) return;
        bool any = false;
        for (const world::Item& item : world::items(program_, world, reorder_)) {
            if (!item.enabled) continue;
            any = true;
            take(world, ledger, item);
        }
        if (any) return;
        if (++tried_.paths > most_paths_) tried_.given_up = true;
        tried_.ends.insert(ledger.hash128(world::canonical_hash(program_, traits_, world)));
        Hash128 rows;
        for (const auto& service : world.services) {
            for (const program::Rows& table : service->tables) {
                rows = rows.with(table.fingerprint());
            }
        }
        tried_.stores.insert(rows);
    }

    void take(const world::World& before, expect::Ledger ledger, const world::Item& item) {
        world::World after = before;
        world::Variant plain;
        world::Effects effects;
        effects.variant = &plain;
        Keep keep;
        const world::Reaction reaction =
            world::step(program_, interest_, after, item, effects, &keep);
        if (!effects.passed.options.empty()) tried_.given_up = true;
        if (reaction.handled) ledger.delivered(reaction);
        for (const trace::Record& record : keep.records) ledger.take(record);
        walk(after, ledger);
    }

    const program::Program& program_;
    bool reorder_;
    std::uint64_t most_paths_;
    world::Traits traits_;
    world::Interest interest_;
    Tried tried_;
};

}  // namespace

Hash128 Tried::sum() const {
    Hash128 all;
    for (const Hash128& end : ends) all += end;
    return all;
}

Tried try_every_order(const program::Program& program, bool reorder, std::uint64_t most_paths) {
    return Naive(program, reorder, most_paths).go();
}

}  // namespace sagalab::test
