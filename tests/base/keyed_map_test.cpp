#include "base/keyed_map.h"

#include <map>
#include <string>

#include "base/random.h"
#include "support/catch.h"

using namespace sagalab;

namespace {

// Numbers that a test may repeat.
struct Numbers {
    std::uint64_t seed = 0;
    std::uint64_t count = 0;
    std::uint64_t below(std::uint64_t bound) {
        return scale(draw(seed, Purpose::choice, Hash128{}.with(count++)), bound);
    }
};

using Model = std::map<std::string, std::int64_t>;

std::string key_of(std::uint64_t number) {
    // Some keys on the heap, some inline.
    return (number % 3 == 0 ? "a-rather-long-key-" : "k") + std::to_string(number);
}

bool same(const KeyedMap<Value>& map, const Model& model) {
    if (map.size() != model.size() || map.empty() != model.empty()) return false;
    auto expected = model.begin();
    for (const auto* entry : map.sorted()) {
        if (entry->key.text() != expected->first) return false;
        if (entry->value.integer() != expected->second) return false;
        ++expected;
    }
    std::size_t visited = 0;
    bool found = true;
    map.for_each([&](const Value& key, const Value& value) {
        ++visited;
        const Value* at = map.find(key);
        found = found && at && *at == value;
    });
    return found && visited == model.size();
}

void step(KeyedMap<Value>& map, Model& model, Numbers& numbers, std::uint64_t keys) {
    const std::string key = key_of(numbers.below(keys));
    const auto number = static_cast<std::int64_t>(numbers.below(1000));
    switch (numbers.below(5)) {
        case 0:
        case 1:
            map.put(key, Value(number));
            model[key] = number;
            break;
        case 2: {
            Value* at = map.change(key);
            REQUIRE((at != nullptr) == (model.count(key) == 1));
            if (at) model[key] = (*at = Value(number)).integer();
            break;
        }
        case 3: {
            bool added = false;
            map.at_or_added(key, added) = Value(number);
            CHECK(added == (model.count(key) == 0));
            model[key] = number;
            break;
        }
        default: CHECK(map.erase(key) == (model.erase(key) == 1));
    }
}

}  // namespace

TEST_CASE("a keyed map does what a std::map does") {
    for (std::uint64_t keys : {4, 10, 20, 80, 600}) {
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            INFO("keys " << keys << " seed " << seed);
            Numbers numbers{seed, 0};
            KeyedMap<Value> map;
            Model model;
            for (int i = 0; i < 800; ++i) {
                step(map, model, numbers, keys);
                if (i % 16 == 0) REQUIRE(same(map, model));
            }
            REQUIRE(same(map, model));
        }
    }
}

TEST_CASE("copies of a keyed map never see each other's changes") {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        INFO(seed);
        Numbers numbers{seed, 0};
        std::vector<KeyedMap<Value>> maps(4);
        std::vector<Model> models(4);
        for (int i = 0; i < 1500; ++i) {
            const std::size_t at = numbers.below(4);
            if (numbers.below(20) == 0) {
                const std::size_t from = numbers.below(4);
                maps[at] = KeyedMap<Value>(maps[from]);
                models[at] = Model(models[from]);
                continue;
            }
            step(maps[at], models[at], numbers, 70);
        }
        for (std::size_t i = 0; i < 4; ++i) REQUIRE(same(maps[i], models[i]));
    }
}

TEST_CASE("a keyed map can be emptied and filled again") {
    KeyedMap<Value> map;
    for (int round = 0; round < 3; ++round) {
        for (std::uint64_t i = 0; i < 200; ++i) map.put(key_of(i), Value(1));
        CHECK(map.size() == 200);
        for (std::uint64_t i = 0; i < 200; ++i) REQUIRE(map.erase(key_of(i)));
        CHECK(map.empty());
        CHECK(map.find(key_of(0)) == nullptr);
    }
}

TEST_CASE("fingerprint and equality of a keyed map depend on its entries only") {
    KeyedMap<Value> forward;
    KeyedMap<Value> backward;
    for (std::uint64_t i = 0; i < 100; ++i) forward.put(key_of(i), Value(static_cast<int>(i)));
    for (std::uint64_t i = 100; i-- > 0;) backward.put(key_of(i), Value(static_cast<int>(i)));
    backward.put("further", Value(1));
    CHECK_FALSE(forward == backward);
    CHECK(forward.fingerprint() != backward.fingerprint());
    backward.erase("further");
    CHECK(forward == backward);
    CHECK(forward.fingerprint() == backward.fingerprint());
    backward.put(key_of(7), Value(8));
    CHECK_FALSE(forward == backward);
    CHECK(forward.fingerprint() != backward.fingerprint());
}

TEST_CASE("a keyed map finds keys that are hashes") {
    KeyedMap<Hash128, Hash128> map;
    for (std::uint64_t i = 0; i < 300; ++i) {
        map.put(Hash128{}.with(i), Hash128{}.with(i + 1));
    }
    for (std::uint64_t i = 0; i < 300; i += 2) REQUIRE(map.erase(Hash128{}.with(i)));
    for (std::uint64_t i = 0; i < 300; ++i) {
        const Hash128* found = map.find(Hash128{}.with(i));
        REQUIRE((found != nullptr) == (i % 2 == 1));
        if (found) CHECK(*found == Hash128{}.with(i + 1));
    }
}
