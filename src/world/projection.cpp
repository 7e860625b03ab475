#include "world/projection.h"

#include <algorithm>
#include <string>
#include <utility>

namespace sagalab::world {
namespace {

Hash128 sum_of(const KeyedMap<std::int64_t, Value>& versions) {
    Hash128 total;
    versions.for_each([&](const Value& stream, std::int64_t version) {
        total += stream.hash128().with(std::uint64_t(version));
    });
    return total;
}

auto place_of(const std::vector<Value>& names, const Value& name) {
    return std::lower_bound(names.begin(), names.end(), name,
                            [](const Value& a, const Value& b) { return key_less(a, b); });
}

bool holds(const std::vector<Value>& names, const Value& name) {
    auto at = place_of(names, name);
    return at != names.end() && *at == name;
}

const Value& stream_of(const Value& entry) { return *entry.find("stream"); }
std::int64_t version_of(const Value& entry) { return entry.find("version")->integer(); }

Value name_of(const Value& stream, std::int64_t version) {
    return Value(std::string(stream.text()) + "/" + std::to_string(version));
}

void insert(std::vector<Value>& names, const Value& name) {
    if (!holds(names, name)) names.insert(place_of(names, name), name);
}

}  // namespace

bool Progress::is_due(const Value& entry) const {
    const std::int64_t* newest = checkpoint.find(stream_of(entry));
    return !newest || version_of(entry) > *newest || holds(missed, entry_name(entry));
}

bool Progress::is_next(const Value& entry) const {
    const std::int64_t* newest = checkpoint.find(stream_of(entry));
    return version_of(entry) == (newest ? *newest : 0) + 1;
}

// Those before it that have not been read may come later: they are passed over.
void Progress::mark(const Value& entry) {
    bool added = false;
    const Value& stream = stream_of(entry);
    std::int64_t version = version_of(entry);
    std::int64_t& newest = checkpoint.at_or_added(stream, added);
    for (; newest < version; ++newest) {
        if (newest + 1 < version) insert(missed, name_of(stream, newest + 1));
    }
    if (missed.empty()) return;
    Value name = entry_name(entry);
    if (holds(missed, name)) missed.erase(place_of(missed, name));
}

void Progress::pass(const Value& entry) {
    mark(entry);
    insert(missed, entry_name(entry));
}

Hash128 Progress::hash128(Hash128 start) const {
    Hash128 hash = start.with(sum_of(checkpoint));
    for (const Value& name : missed) hash = name.hash128(hash);
    return hash;
}

Hash128 Projection::hash128(Hash128 start) const {
    Hash128 hash = progress.hash128(start.with(order).with(sum_of(logged)));
    if (!rebuild) return hash;
    return rebuild->progress.hash128(hash.with(rebuild->rows.fingerprint())
                                         .with(rebuild->position)
                                         .with(std::uint64_t(rebuild->due)));
}

bool Projection::remember(const Value& entry) {
    bool added = false;
    std::int64_t& newest = logged.at_or_added(stream_of(entry), added);
    if (!added && version_of(entry) <= newest) return false;
    newest = version_of(entry);
    if (!replayable) return true;
    log.write().push_back(entry);
    order = entry_name(entry).hash128(order);
    return true;
}

void Projection::read_late(const Value& entry) {
    if (!replayable) return;
    Value name = entry_name(entry);
    std::vector<Value>& entries = log.write();
    auto at = std::find_if(entries.begin(), entries.end(),
                           [&](const Value& each) { return entry_name(each) == name; });
    if (at == entries.end()) return;
    auto position = static_cast<std::uint64_t>(at - entries.begin());
    if (rebuild && position < rebuild->position) --rebuild->position;
    std::rotate(at, at + 1, entries.end());
    order = Hash128();
    for (const Value& each : entries) order = entry_name(each).hash128(order);
}

Value entry_name(const Value& entry) { return name_of(stream_of(entry), version_of(entry)); }

}  // namespace sagalab::world
