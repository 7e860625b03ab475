#include "world/digests.h"

namespace sagalab::world {
namespace {

Hash128 saga_row(const Value& name, const Value& row, program::LogUse use) {
    Words words;
    words.add(name.digest());
    for (const MapEntry& part : row.entries()) {
        words.add(part.key.digest());
        if (part.key.text() != "log") {
            words.add(part.value.digest());
        } else if (use == program::LogUse::records) {
            for (const Value& entry : part.value.items()) {
                for (std::string_view key : {"step", "record"}) {
                    words.add(entry.find(key)->digest());
                }
            }
        }
    }
    return words.hash();
}

}  // namespace

Hash128 digest_of(const Rows& table) {
    Hash128 sum;
    table.for_each([&](const Value& key, const Value& row) {
        sum += Words().add(key.digest()).add(row.digest()).hash();
    });
    return sum;
}

Hash128 digest_of_sagas(const Rows& table, program::LogUse use) {
    if (use == program::LogUse::everything) return digest_of(table);
    Hash128 sum;
    table.for_each([&](const Value& key, const Value& row) { sum += saga_row(key, row, use); });
    return sum;
}

}  // namespace sagalab::world
